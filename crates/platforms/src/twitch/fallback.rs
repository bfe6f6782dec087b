//! Third-party services that stand in when Twitch's GraphQL does not answer: IVR, and `DecAPI` for the rest.
//!
//! Neither is Twitch, so what they say is checked for looking right. `DecAPI` answers errors with status 200 and a sentence.

use std::time::Duration;

use polychat_model::Person;
use serde_json::Value;
use url::Url;

use super::broadcast::Broadcast;
use super::gql::IDS_MAX;
use super::json::{https, https_str, id, text};
use super::pictures::{BADGES_MAX, BadgeRow};
use super::resolution::{ChannelInfo, Resolution};
use crate::http::{Http, below};

/// Longest answer of `DecAPI` that is looked at, in bytes.
const SENTENCE_MAX_BYTES: usize = 1_000;

/// Asks IVR. `None` if it does not say.
pub(crate) async fn ivr(http: &Http, base: &Url, login: &str, timeout: Duration) -> Option<Resolution> {
    let mut url = below(base, ["v2", "twitch", "user"])?;
    url.query_pairs_mut().append_pair("login", login);
    match http.get_json(url, timeout).await {
        Ok(answer) => read_ivr(login, &answer),
        Err(error) => {
            tracing::debug!(platform = "twitch", %error, "IVR does not say who a channel is");
            None
        }
    }
}

fn read_ivr(login: &str, answer: &Value) -> Option<Resolution> {
    let users = answer.as_array()?;
    let Some(user) = users.first() else { return Some(Resolution::NotFound) };
    let found = text(&user["login"])?.to_lowercase();
    if found != login.to_lowercase() {
        return None;
    }
    if user["banned"] == true {
        return Some(Resolution::Suspended { reason: text(&user["banReason"]).unwrap_or_default() });
    }
    // That there is no `stream` says nothing: whether IVR always sends it is not documented.
    let stream = &user["stream"];
    let broadcast = Broadcast {
        live: stream.is_object().then_some(true),
        live_id: id(&stream["id"]),
        viewers: stream["viewersCount"].as_u64(),
        title: text(&stream["title"]),
        category: text(&stream["game"]["displayName"]),
        started_at: super::json::iso(&stream["createdAt"]),
    };
    let user_id = id(&user["id"]).filter(|id| is_id(id))?;
    let display_name = text(&user["displayName"]).unwrap_or_else(|| found.clone());
    let avatar_url = https(&user["logo"]).map(Into::into);
    let info = ChannelInfo::new(user_id, found, display_name);
    Some(Resolution::Found(ChannelInfo { avatar_url, broadcast, ..info }))
}

/// Who these users are, from IVR. Users that it does not know are left out. `None` if it does not say.
pub(crate) async fn ivr_people(
    http: &Http,
    base: &Url,
    ids: &[impl AsRef<str>],
    timeout: Duration,
) -> Option<Vec<Person>> {
    let mut url = below(base, ["v2", "twitch", "user"])?;
    // Ids come from chat lines: one that is no id must not become another request.
    let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).filter(|id| is_id(id)).collect();
    if ids.is_empty() {
        return None;
    }
    url.query_pairs_mut().append_pair("id", &ids.join(","));
    read_ivr_people(&http.get_json(url, timeout).await.ok()?)
}

fn read_ivr_people(answer: &Value) -> Option<Vec<Person>> {
    let person = |user: &Value| {
        let login = text(&user["login"])?;
        Some(Person {
            id: id(&user["id"])?,
            display_name: text(&user["displayName"]).unwrap_or_else(|| login.clone()),
            username: login,
            avatar_url: https(&user["logo"]).map(Into::into),
        })
    };
    Some(answer.as_array()?.iter().take(IDS_MAX).filter_map(person).collect())
}

/// The badges of a room, or with `None` those of all rooms, from IVR.
pub(crate) async fn ivr_badges(
    http: &Http,
    base: &Url,
    room_id: Option<&str>,
    timeout: Duration,
) -> Option<Vec<BadgeRow>> {
    let url = match room_id {
        None => below(base, ["v2", "twitch", "badges", "global"])?,
        Some(room_id) => {
            let mut url = below(base, ["v2", "twitch", "badges", "channel"])?;
            url.query_pairs_mut().append_pair("id", room_id);
            url
        }
    };
    read_ivr_badges(&http.get_json(url, timeout).await.ok()?)
}

fn read_ivr_badges(answer: &Value) -> Option<Vec<BadgeRow>> {
    let mut rows = Vec::new();
    for set in answer.as_array()? {
        let Some(set_id) = id(&set["set_id"]) else { continue };
        for version in set["versions"].as_array().into_iter().flatten() {
            let Some(version_id) = id(&version["id"]) else { continue };
            rows.push(BadgeRow {
                set: set_id.clone(),
                version: version_id,
                title: text(&version["title"]).unwrap_or_else(|| set_id.clone()),
                image_url: https(&version["image_url_2x"]).or_else(|| https(&version["image_url_1x"])),
            });
            if rows.len() == BADGES_MAX {
                return Some(rows);
            }
        }
    }
    Some(rows)
}

/// Asks `DecAPI`, which knows little: the id, the picture, and whether there is a broadcast. `None` if it does not say.
pub(crate) async fn decapi(http: &Http, base: &Url, login: &str, timeout: Duration) -> Option<Resolution> {
    let ask = async |what: &str| {
        let answer = http.get(below(base, ["twitch", what, login])?, timeout).await.ok()?;
        if answer.len() > SENTENCE_MAX_BYTES {
            return None;
        }
        std::str::from_utf8(&answer).ok().map(|s| s.trim().to_owned())
    };
    let user_id = ask("id").await?;
    if user_id.to_ascii_lowercase().starts_with("user not found") {
        return Some(Resolution::NotFound);
    }
    if !is_id(&user_id) {
        return None;
    }
    let (avatar, uptime) = tokio::join!(ask("avatar"), ask("uptime"));
    let info = ChannelInfo::new(user_id, login.to_lowercase(), login.to_owned());
    Some(Resolution::Found(ChannelInfo {
        avatar_url: avatar.as_deref().and_then(https_str).map(Into::into),
        broadcast: Broadcast { live: uptime.as_deref().and_then(read_uptime), ..Broadcast::default() },
        ..info
    }))
}

/// `3 hours, 2 minutes` or `alice is offline`; anything else says nothing.
fn read_uptime(text: &str) -> Option<bool> {
    if text.ends_with(" is offline") {
        return Some(false);
    }
    let mut words = text.split([' ', ',']).filter(|w| !w.is_empty());
    let number = words.next()?.parse::<u32>().is_ok();
    let unit = words.next()?.trim_end_matches('s');
    (number && matches!(unit, "second" | "minute" | "hour" | "day" | "week" | "month")).then_some(true)
}

/// A user's id: digits.
fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{is_id, read_ivr, read_ivr_badges, read_ivr_people, read_uptime};
    use crate::twitch::json::any;
    use crate::twitch::resolution::Resolution;

    #[test]
    fn an_answer_that_does_not_look_right_says_nothing() {
        assert_eq!(read_ivr("a", &json!([])), Some(Resolution::NotFound));
        assert_eq!(read_ivr("a", &json!({"error": "busy"})), None);
        assert_eq!(read_ivr("a", &json!([{"id": "1", "login": "b"}])), None);
        assert_eq!(read_ivr("a", &json!([{"id": "<b>", "login": "a"}])), None);
        let banned = json!([{"id": "1", "login": "a", "banned": true, "banReason": "TOS"}]);
        assert_eq!(read_ivr("a", &banned), Some(Resolution::Suspended { reason: "TOS".into() }));
    }

    #[test]
    fn sentences_are_told_from_answers() {
        assert_eq!(read_uptime("3 hours, 2 minutes"), Some(true));
        assert_eq!(read_uptime("alice is offline"), Some(false));
        assert_eq!(read_uptime("<html>502</html>"), None);
        assert_eq!(read_uptime("5 apples"), None);
        assert!(is_id("123"));
        assert!(!is_id("User not found: x"));
        assert!(!is_id(""));
    }

    #[test]
    fn badges_of_ivr_have_sets_with_versions() {
        let rows = read_ivr_badges(&json!([
            {"set_id": "subscriber", "versions": [
                {"id": "0", "title": "Subscriber", "image_url_2x": "https://cdn.example/0"}, {"title": "no id"}]},
            "what",
        ]));
        assert_eq!(
            rows.unwrap().iter().map(|r| (r.set.as_str(), r.version.as_str())).collect::<Vec<_>>(),
            [("subscriber", "0")]
        );
    }

    proptest! {
        #[test]
        fn no_answer_panics(answer in any::json(&[
            "id", "login", "a", "displayName", "logo", "banned", "banReason", "stream", "viewersCount", "title", "game",
            "createdAt", "set_id", "versions", "image_url_1x", "image_url_2x",
        ]), text in any::<String>()) {
            for answer in [answer.clone(), json!([answer])] {
                let _read = (read_ivr("a", &answer), read_ivr_people(&answer), read_ivr_badges(&answer));
            }
            let _read = (is_id(&text), read_uptime(&text));
        }
    }
}
