//! From what people paste to a login.

use polychat_model::InvalidIdentifier;

/// The longest login that Twitch gives out.
const MAX_LOGIN: usize = 25;

/// How much of what was typed an answer repeats, in characters.
const ECHO_CHARS: usize = 40;

/// The login that `typed` names: `@Name`, `#name`, `name`, or an address on twitch.tv in any of its forms.
///
/// The result matches `^[a-z0-9_]{1,25}$`, so it can be put into a line of IRC: a space, a comma or a line end in it would
/// be further commands or channels (B26).
///
/// # Errors
/// A sentence for people.
pub fn login(typed: &str) -> Result<String, InvalidIdentifier> {
    let trimmed = typed.trim();
    let name = match address(trimmed) {
        Address::None => trimmed.trim_start_matches(['@', '#']),
        Address::Login(name) => name.trim_start_matches(['@', '#']),
        Address::OtherSite => return Err(refusal(typed, "is not an address on twitch.tv")),
        Address::NoChannel => return Err(refusal(typed, "names no channel: the name follows twitch.tv/")),
    };
    let name = name.to_ascii_lowercase();
    if name.is_empty() {
        return Err(InvalidIdentifier("Type the name of a Twitch channel.".to_owned()));
    }
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(refusal(typed, "is no Twitch channel name: only letters, digits and _ may be in it"));
    }
    if name.len() > MAX_LOGIN {
        return Err(refusal(typed, "is too long for a Twitch channel name: it has at most 25 characters"));
    }
    Ok(name)
}

enum Address<'a> {
    None,
    Login(&'a str),
    OtherSite,
    NoChannel,
}

/// Takes the login out of an address. The check of its characters comes later.
fn address(text: &str) -> Address<'_> {
    let without_scheme = strip_prefix_ignoring_case(text, "https://")
        .or_else(|| strip_prefix_ignoring_case(text, "http://"))
        .or_else(|| text.strip_prefix("//"));
    let rest = without_scheme.unwrap_or(text);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let site = ["www.", "m.", "go.", "player.", "dashboard.", "clips."]
        .iter()
        .find_map(|sub| strip_prefix_ignoring_case(host, sub))
        .unwrap_or(host);
    if !site.eq_ignore_ascii_case("twitch.tv") {
        let looks_like_address = without_scheme.is_some() || host.contains('.');
        return if looks_like_address { Address::OtherSite } else { Address::None };
    }
    // Embedded players name the channel in the query: player.twitch.tv/?channel=name.
    let (path, query) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let name = match parts.next() {
        None => query
            .trim_start_matches('?')
            .split(['&', '#'])
            .find_map(|pair| pair.strip_prefix("channel="))
            .or_else(|| query.strip_prefix('#')),
        Some("popout" | "moderator" | "embed" | "u") => {
            parts.next().filter(|part| *part != "moderator").or(parts.next())
        }
        // Pages of the site itself, where a name would stand.
        Some("directory" | "videos" | "settings" | "downloads" | "subscriptions" | "search" | "p" | "jobs") => None,
        name => name,
    };
    name.map_or(Address::NoChannel, Address::Login)
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

fn refusal(typed: &str, what: &str) -> InvalidIdentifier {
    let shown: String = typed.trim().chars().filter(|c| !c.is_control()).take(ECHO_CHARS).collect();
    InvalidIdentifier(format!("\u{201c}{shown}\u{201d} {what}."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_that_people_paste_is_the_same_channel() {
        let forms = [
            "forsen",
            "Forsen",
            " forsen\n",
            "@forsen",
            "#forsen",
            "@#Forsen",
            "twitch.tv/forsen",
            "www.twitch.tv/Forsen",
            "m.twitch.tv/forsen",
            "https://twitch.tv/forsen",
            "HTTPS://WWW.Twitch.tv/FORSEN/",
            "http://m.twitch.tv/forsen?sr=a&t=1",
            "https://www.twitch.tv/forsen#chat",
            "https://www.twitch.tv/popout/forsen/chat?popout=",
            "https://www.twitch.tv/popout/moderator/forsen/chat",
            "https://www.twitch.tv/moderator/forsen",
            "https://www.twitch.tv/embed/forsen/chat?parent=a.example",
            "https://www.twitch.tv/forsen/videos",
            "https://player.twitch.tv/?channel=forsen&parent=a.example",
            "https://dashboard.twitch.tv/u/forsen/home",
            "//twitch.tv/forsen",
            "twitch.tv/@forsen",
        ];
        for form in forms {
            assert_eq!(login(form).as_deref(), Ok("forsen"), "{form}");
        }
        assert_eq!(login("a_1").as_deref(), Ok("a_1"));
    }

    #[test]
    fn nothing_that_could_inject_a_command_passes() {
        let hostile = [
            "",
            " ",
            "@",
            "#",
            "a b",
            "a,b",
            "a\r\nJOIN #b",
            "a\nb",
            "a\0",
            "a\tb",
            "a:b",
            "a;b",
            "é",
            "\u{212a}elvin",
            "a.b",
            "twitch.tv",
            "twitch.tv/",
            "https://twitch.tv/a,b",
            "https://twitch.tv/a%0d%0aJOIN",
            "https://www.twitch.tv/directory/game/x",
            "https://youtube.com/@forsen",
            "youtube.com/forsen",
            "https://twitch.tv.evil.example/forsen",
            "abcdefghijklmnopqrstuvwxyz",
        ];
        for typed in hostile {
            let refusal = login(typed).expect_err(typed).to_string();
            assert!(refusal.ends_with('.') && !refusal.contains(['\r', '\n', '\0']), "{refusal:?}");
        }
    }

    #[test]
    fn an_answer_does_not_repeat_a_long_input() {
        assert!(login(&"x!".repeat(10_000)).unwrap_err().to_string().len() < 200);
    }

    proptest! {
        #[test]
        fn what_passes_is_a_login(typed in any::<String>()) {
            if let Ok(name) = login(&typed) {
                prop_assert!((1..=25).contains(&name.len()));
                prop_assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            }
        }

        #[test]
        fn every_login_passes_in_every_form(name in "[a-z0-9_]{1,25}", prefix in "(@|#|https://www\\.twitch\\.tv/popout/)?") {
            prop_assert_eq!(login(&format!("{prefix}{name}")), Ok(name));
        }
    }
}
