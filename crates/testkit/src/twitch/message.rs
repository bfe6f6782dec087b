//! Builds the lines that Twitch would send: a factory for tests, `SimMessage::chat("hi").from("alice")`.

use std::collections::BTreeMap;

/// One message of a chat, not yet addressed to a channel. What is not said has a plausible default.
#[derive(Debug, Clone)]
pub struct SimMessage {
    command: &'static str,
    from: String,
    argument: Option<String>,
    tags: BTreeMap<String, String>,
}

/// The numeric id that a login has in every simulation: 8 or 9 digits from a hash (FNV-1a), never 0.
pub fn id_of(login: &str) -> String {
    let hash = login
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (10_000_000 + hash % 900_000_000).to_string()
}

impl SimMessage {
    fn new(command: &'static str, argument: Option<&str>) -> Self {
        Self { command, from: "viewer".to_owned(), argument: argument.map(str::to_owned), tags: BTreeMap::new() }
    }

    /// Somebody writes `text`.
    pub fn chat(text: &str) -> Self {
        Self::new("PRIVMSG", Some(text)).tag("first-msg", "0").tag("returning-chatter", "0")
    }

    /// Somebody writes `/me text`.
    pub fn action(text: &str) -> Self {
        Self::chat(&format!("\u{1}ACTION {text}\u{1}"))
    }

    /// A `USERNOTICE` of a kind (`sub`, `raid`, `announcement` …) with the sentence that Twitch makes of it.
    pub fn notice(msg_id: &str, system_msg: &str) -> Self {
        Self::new("USERNOTICE", None).tag("msg-id", msg_id).tag("system-msg", system_msg)
    }

    /// A raid with so many viewers.
    pub fn raid(viewers: u32) -> Self {
        Self::notice("raid", "raiders are here").tag("msg-param-viewerCount", &viewers.to_string())
    }

    /// Everything in the room disappears.
    pub fn clear() -> Self {
        Self::new("CLEARCHAT", None)
    }

    /// Everything that `login` wrote disappears: for `seconds`, or a ban when `None`.
    pub fn purge(login: &str, seconds: Option<u32>) -> Self {
        let message = Self::new("CLEARCHAT", Some(login)).tag("target-user-id", &id_of(login));
        match seconds {
            Some(seconds) => message.tag("ban-duration", &seconds.to_string()),
            None => message,
        }
    }

    /// One message disappears.
    pub fn delete(message_id: &str, login: &str, text: &str) -> Self {
        Self::new("CLEARMSG", Some(text)).tag("target-msg-id", message_id).tag("login", login)
    }

    /// Who writes it. The display name is the login unless [`tag`](Self::tag) says otherwise.
    pub fn from(mut self, login: &str) -> Self {
        login.clone_into(&mut self.from);
        self
    }

    /// The user's own text of a notice.
    pub fn text(mut self, text: &str) -> Self {
        self.argument = Some(text.to_owned());
        self
    }

    /// Any tag, unescaped.
    pub fn tag(mut self, key: &str, value: &str) -> Self {
        self.tags.insert(key.to_owned(), value.to_owned());
        self
    }

    /// `25:0-4,6-10/1902:12-16`: code points, both ends included.
    pub fn emotes(self, ranges: &str) -> Self {
        self.tag("emotes", ranges)
    }

    /// `set/version`. Several calls give several badges.
    pub fn badge(mut self, badge: &str) -> Self {
        let badges = self.tags.entry("badges".to_owned()).or_default();
        if !badges.is_empty() {
            badges.push(',');
        }
        badges.push_str(badge);
        self
    }

    /// `#rrggbb`.
    pub fn color(self, color: &str) -> Self {
        self.tag("color", color)
    }

    /// So many bits are cheered.
    pub fn bits(self, bits: u32) -> Self {
        self.tag("bits", &bits.to_string())
    }

    /// Answers the message `id` of `login`.
    pub fn reply_to(self, id: &str, login: &str, text: &str) -> Self {
        self.tag("reply-parent-msg-id", id)
            .tag("reply-parent-user-id", &id_of(login))
            .tag("reply-parent-user-login", login)
            .tag("reply-parent-display-name", login)
            .tag("reply-parent-msg-body", text)
    }

    /// The message id, when the counter of the simulation will not do.
    pub fn id(self, id: &str) -> Self {
        self.tag("id", id)
    }

    /// When Twitch got it: Unix milliseconds.
    pub fn sent_at(self, unix_ms: i64) -> Self {
        self.tag("tmi-sent-ts", &unix_ms.to_string())
    }

    /// The line for `channel` (without `#`), without CRLF, and the message id in it. `id` and `sent_at_ms` fill what was
    /// not said.
    pub fn line(&self, channel: &str, id: &str, sent_at_ms: i64) -> (String, String) {
        let mut tags = self.tags.clone();
        let mut default = |key: &str, value: &str| {
            tags.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        };
        default("room-id", &id_of(channel));
        default("tmi-sent-ts", &sent_at_ms.to_string());
        let by_user = matches!(self.command, "PRIVMSG" | "USERNOTICE");
        if by_user {
            let has = |badge: &str| self.tags.get("badges").is_some_and(|badges| badges.contains(badge));
            default("id", id);
            default("user-id", &id_of(&self.from));
            default("display-name", &self.from);
            for empty in ["badge-info", "badges", "color", "emotes", "flags", "user-type"] {
                default(empty, "");
            }
            default("mod", if has("moderator/") { "1" } else { "0" });
            default("subscriber", if has("subscriber/") { "1" } else { "0" });
            default("turbo", "0");
        }
        if self.command == "USERNOTICE" {
            default("login", &self.from);
        }
        let id = tags.get("id").cloned().unwrap_or_default();

        let mut line = String::from("@");
        for (index, (key, value)) in tags.iter().enumerate() {
            if index > 0 {
                line.push(';');
            }
            line.push_str(key);
            line.push('=');
            escape(value, &mut line);
        }
        if self.command == "PRIVMSG" {
            let from = &self.from;
            line = format!("{line} :{from}!{from}@{from}.tmi.twitch.tv PRIVMSG #{channel}");
        } else {
            line = format!("{line} :tmi.twitch.tv {} #{channel}", self.command);
        }
        if let Some(argument) = &self.argument {
            line.push_str(" :");
            line.push_str(argument);
        }
        (line, id)
    }
}

/// Writes a tag's value as `IRCv3` wants it.
fn escape(value: &str, out: &mut String) {
    for character in value.chars() {
        match character {
            ';' => out.push_str("\\:"),
            ' ' => out.push_str("\\s"),
            '\\' => out.push_str("\\\\"),
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_becomes_the_line_that_twitch_would_send() {
        let (line, id) = SimMessage::chat("Kappa hi")
            .from("alice")
            .emotes("25:0-4")
            .badge("moderator/1")
            .badge("subscriber/12")
            .line("xqc", "m-1", 1_700_000_000_000);
        assert_eq!(id, "m-1");
        assert!(line.ends_with(" :alice!alice@alice.tmi.twitch.tv PRIVMSG #xqc :Kappa hi"), "{line}");
        for tag in ["@badge-info=;", ";badges=moderator/1,subscriber/12;", ";emotes=25:0-4;", ";id=m-1;", ";mod=1;"] {
            assert!(line.contains(tag), "{tag} in {line}");
        }
    }

    #[test]
    fn tag_values_are_escaped() {
        let (line, _) = SimMessage::notice("sub", "a b;c\\d").line("xqc", "m", 0);
        assert!(line.contains(r"system-msg=a\sb\:c\\d;"), "{line}");
    }

    #[test]
    fn ids_are_stable_and_differ() {
        assert_eq!(id_of("alice"), id_of("alice"));
        assert_ne!(id_of("alice"), id_of("bob"));
    }
}
