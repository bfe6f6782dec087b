//! Polls, goals and battles.

use polychat_model::{Body, ChatEvent, Choice, EventData, EventName, Goal, Person, Poll};

use super::{Head, Turn, data};
use crate::tiktok::desk::Told;
use crate::tiktok::desk::author::{name, person};
use crate::tiktok::desk::content::words;
use crate::tiktok::proto::{self, PollOption, User};

/// How many answers a poll has at most. TikTok allows a handful.
const CHOICES_MAX: usize = 16;
/// How many gifts a goal has at most: TikTok allows three.
const SUB_GOALS_MAX: usize = 8;

impl Turn<'_> {
    pub(super) fn poll(&mut self, message: &proto::WebcastPollMessage, head: Head<'_>) {
        let (start, end, update) = (message.start.as_ref(), message.end.as_ref(), message.update.as_ref());
        let id = format!("tt:poll:{}", message.poll_id);
        let known = self.desk.boards.known(&id);
        let title = match start.map(|start| words(&start.title)).filter(|title| !title.is_empty()) {
            Some(title) => title,
            None => known.and_then(|known| known.poll.as_ref()).map(|poll| poll.title.clone()).unwrap_or_default(),
        };
        let parts = [
            end.map(|end| (&end.options, &end.operator)),
            update.map(|update| (&update.options, &update.operator)),
            start.map(|start| (&start.options, &start.operator)),
        ];
        let Some((options, operator)) = parts.into_iter().flatten().find(|(options, _)| !options.is_empty()) else {
            return;
        };
        let other = operator.as_ref().filter(|user| user.id != 0).map(person);
        let other = other.or_else(|| known.and_then(|known| known.other.clone()));
        let choices: Vec<Choice> = options.iter().take(CHOICES_MAX).map(choice).collect();
        let is_over = message.message_type == 1;
        let winner = leader(&choices).filter(|_| is_over).map(str::to_owned);
        let quoted = if title.is_empty() { String::new() } else { format!(" “{title}”") };
        let text = match &winner {
            Some(winner) => format!("The poll{quoted} ended: {winner}"),
            None if is_over => format!("The poll{quoted} ended."),
            None => format!("The poll{quoted} runs."),
        };
        let poll = Poll {
            id: message.poll_id.to_string(),
            title,
            status: if is_over { "completed" } else { "active" }.to_owned(),
            choices,
            remaining_ms: None,
            winner,
        };
        let data = EventData { other, poll: Some(poll), message_id: None, ..data(EventName::Poll, head, text) };
        let ends_ms = start.map(|start| start.end_time).and_then(super::plausible);
        let event = self.event(id, head, Body::Event(Box::new(data)));
        self.board(event, ends_ms, is_over);
    }

    pub(super) fn goal(&mut self, message: &proto::WebcastGoalUpdateMessage, head: Head<'_>) {
        let Some(goal) = &message.goal else { return };
        let description = words(&goal.description);
        for part in goal.sub_goals.iter().take(SUB_GOALS_MAX) {
            let [current, target] = [part.progress, part.target].map(|number| u64::try_from(number).unwrap_or(0));
            let gift = part.gift.as_ref().map(|gift| name(&gift.name)).filter(|gift| !gift.is_empty());
            let kind = gift.unwrap_or_else(|| "goal".to_owned());
            let quoted = if description.is_empty() { String::new() } else { format!(" “{description}”") };
            let text = format!("The goal{quoted}: {current} of {target} {kind}.");
            let told = Goal { kind, description: description.clone(), current, target };
            let data = EventData { goal: Some(told), message_id: None, ..data(EventName::Goal, head, text) };
            let id = format!("tt:goal:{}:{}", goal.id, part.id);
            let event = self.event(id, head, Body::Event(Box::new(data)));
            self.board(event, None, false);
        }
    }

    pub(super) fn battle(&mut self, battle: &proto::WebcastLinkMicBattle, head: Head<'_>) {
        const OPEN: i32 = 4;
        const FINISH: i32 = 5;
        const CUT_SHORT: i32 = 6;
        let is_over = matches!(battle.action, FINISH | CUT_SHORT);
        if head.history || !(is_over || battle.action == OPEN) {
            return;
        }
        let id = format!("tt:battle:{}", battle.battle_id);
        let mut sides = self.sides(&id);
        for entry in battle.anchors.iter().take(CHOICES_MAX) {
            let Some(user) = entry.info.as_ref().and_then(|info| info.user.as_ref()) else { continue };
            let person = person(&User {
                id: if user.user_id == 0 { entry.anchor_id } else { user.user_id },
                nickname: user.nickname.clone(),
                unique_id: user.unique_id.clone(),
                ..User::default()
            });
            let side = side(&mut sides, &person.id);
            if let Some(side) = side {
                side.title = person.display_name;
            }
        }
        for entry in &battle.armies {
            self.score(&mut sides, entry.anchor_id, entry.armies.as_ref().map_or(0, |armies| armies.host_score));
        }
        for result in battle.results.values() {
            self.score(&mut sides, result.user_id, result.score);
        }
        let won = battle.results.values().filter(|result| result.result == 0 && battle.action == FINISH);
        let winners: Vec<String> = won.map(|result| result.user_id.to_string()).collect();
        let winner = match &winners[..] {
            [winner] => sides.iter().find(|side| side.id == *winner).map(|side| side.title.clone()),
            _ => None,
        };
        let lasts_ms = battle.settings.as_ref().map(|settings| i64::from(settings.duration_s) * 1_000);
        let ends_ms = lasts_ms.filter(|ms| *ms > 0 && !is_over).map(|ms| head.at_ms.saturating_add(ms));
        self.fight(id, head, sides, winner, ends_ms, is_over);
    }

    pub(super) fn scores(&mut self, armies: &proto::WebcastLinkMicArmies, head: Head<'_>) {
        if head.history || armies.armies.is_empty() {
            return;
        }
        let id = format!("tt:battle:{}", armies.battle_id);
        let mut sides = self.sides(&id);
        let mut scores: Vec<(i64, i64)> =
            armies.armies.iter().map(|(anchor_id, armies)| (*anchor_id, armies.host_score)).collect();
        scores.sort_unstable();
        for (anchor_id, score) in scores.into_iter().take(CHOICES_MAX) {
            self.score(&mut sides, anchor_id, score);
        }
        self.fight(id, head, sides, None, None, false);
    }

    /// Who fights, as far as it was told.
    fn sides(&self, id: &str) -> Vec<Choice> {
        let known = self.desk.boards.known(id).and_then(|known| known.poll.as_ref());
        known.map(|poll| poll.choices.clone()).unwrap_or_default()
    }

    fn score(&self, sides: &mut Vec<Choice>, anchor_id: i64, score: i64) {
        let is_host = self.desk.host_id == Some(anchor_id);
        if let Some(side) = side(sides, &anchor_id.to_string()) {
            side.votes = u64::try_from(score).unwrap_or(0);
            if side.title.is_empty() {
                side.title = if is_host { self.desk.host.username.clone() } else { "Guest".to_owned() };
            }
        }
    }

    fn fight(
        &mut self,
        id: String,
        head: Head<'_>,
        choices: Vec<Choice>,
        winner: Option<String>,
        ends_ms: Option<i64>,
        is_over: bool,
    ) {
        let names: Vec<&str> = choices.iter().map(|side| side.title.as_str()).collect();
        let who = match &names[..] {
            [] => return,
            [one] => (*one).to_owned(),
            [others @ .., last] => format!("{} and {last}", others.join(", ")),
        };
        let text = match &winner {
            Some(winner) => format!("The battle of {who} ended: {winner} won."),
            None if is_over => format!("The battle of {who} ended."),
            None => format!("The battle of {who} runs."),
        };
        let host_id = self.desk.host_id.map(|id| id.to_string());
        let other = choices.iter().find(|side| Some(&side.id) != host_id.as_ref()).map(|side| Person {
            id: side.id.clone(),
            username: side.title.clone(),
            display_name: side.title.clone(),
            avatar_url: None,
        });
        let poll = Poll {
            id: id.trim_start_matches("tt:battle:").to_owned(),
            title: format!("Battle of {who}"),
            status: if is_over { "completed" } else { "active" }.to_owned(),
            choices,
            remaining_ms: None,
            winner,
        };
        let data = EventData { other, poll: Some(poll), message_id: None, ..data(EventName::Battle, head, text) };
        let event = self.event(id, head, Body::Event(Box::new(data)));
        self.board(event, ends_ms, is_over);
    }

    pub(super) fn board(&mut self, event: ChatEvent, ends_ms: Option<i64>, is_over: bool) {
        let told = self.desk.boards.update(event, ends_ms, is_over, self.now_ms);
        self.told.extend(told.map(Told::Event));
    }
}

/// The side of a streamer, made if there is room.
fn side<'s>(sides: &'s mut Vec<Choice>, id: &str) -> Option<&'s mut Choice> {
    let at = match sides.iter().position(|side| side.id == id) {
        Some(at) => at,
        None if sides.len() < CHOICES_MAX => {
            sides.push(Choice { id: id.to_owned(), ..Choice::default() });
            sides.len() - 1
        }
        None => return None,
    };
    sides.get_mut(at)
}

fn choice(option: &PollOption) -> Choice {
    Choice {
        id: option.index.saturating_add(1).to_string(),
        title: words(&option.text),
        votes: u64::try_from(option.votes).unwrap_or(0),
        points: None,
    }
}

/// The answer with the most votes, if it is only one.
fn leader(choices: &[Choice]) -> Option<&str> {
    let best = choices.iter().map(|choice| choice.votes).max().filter(|best| *best > 0)?;
    let mut leaders = choices.iter().filter(|choice| choice.votes == best);
    let leader = leaders.next()?;
    leaders.next().is_none().then_some(leader.title.as_str())
}
