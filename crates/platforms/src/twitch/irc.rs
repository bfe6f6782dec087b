//! Lines of Twitch's IRC dialect, split without copying.
//!
//! [`Line::parse`] finds the parts; nothing is unescaped, checked or copied before somebody asks for it. What a line
//! means is not known here: see [`super::read`].

use std::borrow::Cow;
use std::fmt;

/// How many tags are expected: a message of 2026 has about 20, a gift about 35. Chosen from recorded lines, so that the
/// list of tags rarely has to grow.
const USUAL_TAGS: usize = 32;

/// One line of IRC, split into its parts.
///
/// ```text
/// line = ["@" tags 1*SP] [":" prefix 1*SP] command *( 1*SP param ) [1*SP ":" trailing]
/// ```
#[derive(Clone)]
pub struct Line<'a> {
    tags: Vec<(&'a str, &'a str)>,
    prefix: Option<&'a str>,
    /// `PRIVMSG`, `001` and so on, as sent.
    pub command: &'a str,
    /// Everything after the command, with the space before it.
    rest: &'a str,
}

impl<'a> Line<'a> {
    /// Splits a line, with or without its CRLF. `None` when there is no command in it.
    pub fn parse(line: &'a str) -> Option<Self> {
        let mut rest = line.trim_end_matches(['\r', '\n']);
        let mut tags = Vec::new();
        if let Some(tagged) = rest.strip_prefix('@') {
            let (block, after) = tagged.split_at(memchr::memchr(b' ', tagged.as_bytes())?);
            tags = split_tags(block);
            rest = skip_spaces(after);
        }
        let mut prefix = None;
        if let Some(prefixed) = rest.strip_prefix(':') {
            let (name, after) = prefixed.split_at(memchr::memchr(b' ', prefixed.as_bytes())?);
            prefix = Some(name);
            rest = skip_spaces(after);
        }
        let (command, rest) = rest.split_at(rest.bytes().position(|b| b == b' ').unwrap_or(rest.len()));
        (!command.is_empty()).then_some(Self { tags, prefix, command, rest })
    }

    /// Who sent it: `nick!user@host` or the name of a server.
    pub fn prefix(&self) -> Option<&'a str> {
        self.prefix
    }

    /// The nick of the prefix: on Twitch, the login of the author. `None` when the server speaks.
    pub fn nick(&self) -> Option<&'a str> {
        let (nick, _) = self.prefix?.split_once(['!', '@'])?;
        (!nick.is_empty()).then_some(nick)
    }

    /// The channel's login: the first parameter without its `#`, if it has one.
    pub fn channel(&self) -> Option<&'a str> {
        self.param(0)?.strip_prefix('#')
    }

    /// A parameter, counted from 0; the trailing one counts like the others and comes without its colon.
    pub fn param(&self, index: usize) -> Option<&'a str> {
        self.params().nth(index)
    }

    /// The parameters in their order.
    pub fn params(&self) -> Params<'a> {
        Params { rest: self.rest }
    }

    /// The last parameter when there is one beyond the channel, with or without a colon before it (recent-messages
    /// leaves the colon out when the text is one word).
    pub fn text(&self) -> Option<&'a str> {
        self.params().skip(1).last()
    }

    /// The value of a tag as sent: escaped, and perhaps empty. Of several equal keys the last one counts.
    pub fn raw_tag(&self, key: &str) -> Option<&'a str> {
        self.tags.iter().rev().find(|(k, _)| *k == key).map(|&(_, value)| value)
    }

    /// The value of a tag, unescaped; `None` also when it is empty, which on Twitch means the same as absent.
    pub fn tag(&self, key: &str) -> Option<Cow<'a, str>> {
        self.raw_tag(key).filter(|value| !value.is_empty()).map(unescape)
    }

    /// All tags as sent, in their order: keys may repeat (the last one counts), values are escaped.
    pub fn raw_tags(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.tags.iter().copied()
    }
}

/// Shows what kind of line it is, never what it says: lines hold what people wrote.
impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("command", &self.command)
            .field("channel", &self.channel())
            .field("tags", &self.tags.len())
            .finish_non_exhaustive()
    }
}

/// The parameters of a [`Line`], in order.
#[derive(Debug, Clone)]
pub struct Params<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Params<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = skip_spaces(self.rest);
        if let Some(trailing) = rest.strip_prefix(':') {
            self.rest = "";
            return Some(trailing);
        }
        let (param, after) = rest.split_at(memchr::memchr(b' ', rest.as_bytes()).unwrap_or(rest.len()));
        self.rest = after;
        (!param.is_empty()).then_some(param)
    }
}

fn skip_spaces(text: &str) -> &str {
    text.trim_start_matches(' ')
}

/// Splits at `;` and each piece at its first `=`; values contain `=` (addresses of GIFs).
fn split_tags(block: &str) -> Vec<(&str, &str)> {
    let mut tags = Vec::with_capacity(USUAL_TAGS);
    let (mut start, mut equals) = (0, None);
    let mut push = |start: usize, equals: Option<usize>, end: usize| {
        let (key, value) = match equals {
            Some(at) => (&block[start..at], &block[at + 1..end]),
            None => (&block[start..end], ""),
        };
        if !key.is_empty() {
            tags.push((key, value));
        }
    };
    for at in memchr::memchr2_iter(b';', b'=', block.as_bytes()) {
        if block.as_bytes()[at] == b';' {
            push(start, equals, at);
            (start, equals) = (at + 1, None);
        } else if equals.is_none() {
            equals = Some(at);
        }
    }
    push(start, equals, block.len());
    tags
}

/// Undoes the escapes of a tag's value: `\:` is `;`, `\s` a space, `\r` and `\n` line ends, `\x` any other `x`; a single
/// `\` at the end is nothing.
pub fn unescape(value: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'\\', value.as_bytes()) else { return Cow::Borrowed(value) };
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    let mut next = Some(first);
    while let Some(at) = next {
        out.push_str(&rest[..at]);
        let mut escaped = rest[at + 1..].chars();
        match escaped.next() {
            Some(':') => out.push(';'),
            Some('s') => out.push(' '),
            Some('r') => out.push('\r'),
            Some('n') => out.push('\n'),
            Some(other) => out.push(other),
            None => {}
        }
        rest = escaped.as_str();
        next = memchr::memchr(b'\\', rest.as_bytes());
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(line: &str) -> Line<'_> {
        Line::parse(line).expect(line)
    }

    #[test]
    fn a_message_is_split_into_its_parts() {
        let line = parse("@id=1;color=;b=x=y :ann!ann@ann.tmi.twitch.tv PRIVMSG #bob :hi: there :)\r\n");
        assert_eq!(line.command, "PRIVMSG");
        assert_eq!((line.nick(), line.channel()), (Some("ann"), Some("bob")));
        assert_eq!(line.text(), Some("hi: there :)"));
        assert_eq!(line.params().collect::<Vec<_>>(), ["#bob", "hi: there :)"]);
        assert_eq!(line.raw_tags().collect::<Vec<_>>(), [("id", "1"), ("color", ""), ("b", "x=y")]);
    }

    #[test]
    fn the_text_may_begin_with_a_colon_or_lack_its_own() {
        assert_eq!(parse(":a!a@a PRIVMSG #b ::)").text(), Some(":)"));
        assert_eq!(parse(":t USERNOTICE #b \u{1fae3}").text(), Some("\u{1fae3}"));
        assert_eq!(parse(":t USERNOTICE #b").text(), None);
        assert_eq!(parse(":t PRIVMSG #b :").text(), Some(""));
        assert_eq!(parse("PRIVMSG #b   :  two  ").text(), Some("  two  "));
    }

    #[test]
    fn lines_without_tags_or_prefix_are_lines() {
        let ping = parse("PING :tmi.twitch.tv");
        assert_eq!((ping.command, ping.param(0), ping.nick()), ("PING", Some("tmi.twitch.tv"), None));
        assert_eq!(parse("PING").params().count(), 0);
        let names = parse(":me.tmi.twitch.tv 353 me = #bob :me");
        assert_eq!(names.params().collect::<Vec<_>>(), ["me", "=", "#bob", "me"]);
    }

    #[test]
    fn a_line_without_a_command_is_none() {
        for line in ["", "\r\n", "@a=b", "@a=b ", ":only.prefix", ":only.prefix  ", "@a=b :c "] {
            assert!(Line::parse(line).is_none(), "{line:?}");
        }
    }

    #[test]
    fn the_last_of_equal_tags_counts_and_an_empty_one_is_absent() {
        let line = parse("@a=1;a=2;b=;c;=x;;d=\\s PING");
        assert_eq!(line.tag("a").as_deref(), Some("2"));
        assert_eq!((line.tag("b"), line.tag("c"), line.tag("")), (None, None, None));
        assert_eq!((line.raw_tag("b"), line.raw_tag("c")), (Some(""), Some("")));
        assert_eq!(line.tag("d").as_deref(), Some(" "));
    }

    #[test]
    fn escapes_are_undone_once() {
        assert_eq!(unescape(r"a\:b\sc\\s\r\n\x\é\"), "a;b c\\s\r\nxé");
        assert!(matches!(unescape("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn a_line_in_a_log_does_not_show_its_text() {
        let shown = format!("{:?}", parse("@display-name=Ann :ann!a@a PRIVMSG #bob :secret"));
        assert!(!shown.contains("secret") && shown.contains("PRIVMSG"), "{shown}");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            if let Some(line) = Line::parse(&text) {
                prop_assert!(!line.command.is_empty());
                let _ = (line.nick(), line.channel(), line.text(), line.tag("id"));
                for (_, value) in line.raw_tags() {
                    let _ = unescape(value);
                }
            }
        }

        #[test]
        fn what_was_joined_comes_apart_again(
            tags in proptest::collection::vec(("[a-z-]{1,8}", "[^; \r\n\0]{0,12}"), 1..8),
            text in "[^\r\n]{0,40}",
        ) {
            let block = tags.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(";");
            let line = format!("@{block} :n!n@n PRIVMSG #c :{text}");
            let line = parse(&line);
            let expected: Vec<(&str, &str)> = tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            prop_assert_eq!(line.raw_tags().collect::<Vec<_>>(), expected);
            prop_assert_eq!(line.text(), Some(text.as_str()));
        }
    }
}
