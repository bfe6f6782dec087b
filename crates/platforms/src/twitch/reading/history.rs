//! Which lines of a recent-messages service belong before the live ones. Pure.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use super::super::irc::Line;

/// The most lines that are asked for, as the operator of the service wishes.
pub(super) const LIMIT: u32 = 100;

/// How many lines may have been missed in a gap: ten a second, and never more than [`LIMIT`].
pub(super) fn limit_of_gap(gap: Duration) -> u32 {
    u32::try_from((gap.as_secs() + 1).saturating_mul(10)).unwrap_or(LIMIT).min(LIMIT)
}

/// The lines of `history` that are events older than the first live line, younger than `last_sent_ms`, and not among the
/// live ones; not those that were deleted meanwhile.
pub(super) fn before_live<'a>(
    history: &'a [String],
    live: &VecDeque<Box<str>>,
    last_sent_ms: Option<i64>,
) -> Vec<&'a str> {
    let sent_at = |line: &Line<'_>| line.raw_tag("tmi-sent-ts").and_then(|time| time.parse::<i64>().ok());
    let live: Vec<Line<'_>> = live.iter().filter_map(|line| Line::parse(line)).collect();
    let ids: HashSet<&str> = live.iter().filter_map(|line| line.raw_tag("id")).filter(|id| !id.is_empty()).collect();
    let first_live = live.iter().find_map(sent_at);
    let belongs = |text: &&str| {
        let Some(line) = Line::parse(text) else { return false };
        let Some(at) = sent_at(&line) else { return false };
        matches!(line.command, "PRIVMSG" | "USERNOTICE" | "CLEARCHAT" | "CLEARMSG")
            && line.raw_tag("rm-deleted") != Some("1")
            && first_live.is_none_or(|first| at <= first)
            // The same millisecond may hold another message; one that was seen is known to the hub by its id.
            && last_sent_ms.is_none_or(|last| at >= last)
            && !line.raw_tag("id").is_some_and(|id| ids.contains(id))
    };
    history.iter().map(String::as_str).filter(belongs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, at: i64) -> String {
        format!("@id={id};tmi-sent-ts={at};historical=1 :a!a@a PRIVMSG #c :{id}")
    }

    #[test]
    fn history_is_older_than_the_first_live_line_and_never_doubled() {
        let deleted = line("deleted", 15).replace("historical=1", "rm-deleted=1");
        let state = "@room-id=1;tmi-sent-ts=15 :tmi.twitch.tv ROOMSTATE #c".to_owned();
        let history =
            [line("old", 5), line("seen", 10), line("gap", 20), deleted, state, line("live", 30), line("later", 31)];
        let live: VecDeque<Box<str>> = [line("live", 30).into()].into();
        let kept = before_live(&history, &live, Some(10));
        assert_eq!(kept, [history[1].as_str(), &history[2]]);
    }

    #[test]
    fn without_a_live_line_all_of_it_is_older() {
        let history = [line("a", 1), "PING".to_owned(), String::new(), line("b", 2)];
        assert_eq!(before_live(&history, &VecDeque::new(), None).len(), 2);
    }

    #[test]
    fn a_longer_gap_asks_for_more_up_to_the_limit() {
        assert_eq!(limit_of_gap(Duration::ZERO), 10);
        assert_eq!(limit_of_gap(Duration::from_secs(4)), 50);
        assert_eq!(limit_of_gap(Duration::from_secs(u64::MAX / 2)), LIMIT);
    }
}
