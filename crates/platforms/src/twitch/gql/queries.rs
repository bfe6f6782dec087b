//! The queries and how their answers are read. Pure.

use polychat_model::Person;
use serde_json::{Value, json};

use super::Query;
use crate::twitch::broadcast::Broadcast;
use crate::twitch::json::{https, id, iso, text};
use crate::twitch::pictures::{BADGES_MAX, BadgeRow, CHEERMOTES_MAX, CheerRow, TIERS_MAX};
use crate::twitch::resolution::{ChannelInfo, Resolution};

/// Most ids of one query.
pub(crate) const IDS_MAX: usize = 100;

/// Who is this, and does it broadcast? Two queries: the first says nothing about why a channel is not there.
pub(crate) fn resolve(login: &str) -> [Query; 2] {
    [
        Query {
            text: "query($l:[String!]){users(logins:$l){id login displayName profileImageURL(width:300) \
                   stream{id title viewersCount createdAt game{displayName}}}}",
            variables: json!({"l": [login]}),
        },
        Query {
            text: "query($l:String!){userResultByLogin(login:$l){__typename ... on User{id} \
                   ... on UserDoesNotExist{key reason} ... on UserError{key}}}",
            variables: json!({"l": login}),
        },
    ]
}

/// Who has this id now? For a channel that is not found by its login any more.
pub(crate) fn resolve_id(id: &str) -> Query {
    Query {
        text: "query($ids:[ID!]){users(ids:$ids){id login displayName profileImageURL(width:300) \
               stream{id title viewersCount createdAt game{displayName}}}}",
        variables: json!({"ids": [id]}),
    }
}

/// Reads the answer to [`resolve_id`]; `None` if it does not say, or there is nobody.
pub(crate) fn read_resolve_id(room_id: &str, data: &Value) -> Option<ChannelInfo> {
    channel(data["users"].as_array()?.first()?).filter(|info| *info.id == *room_id)
}

fn channel(user: &Value) -> Option<ChannelInfo> {
    let login = text(&user["login"])?.to_lowercase();
    let display_name = text(&user["displayName"]).unwrap_or_else(|| login.clone());
    let avatar_url = https(&user["profileImageURL"]).map(Into::into);
    let info = ChannelInfo::new(id(&user["id"])?, login, display_name);
    Some(ChannelInfo { avatar_url, broadcast: broadcast(user), ..info })
}

/// Reads the answer to [`resolve`]; `None` if it does not say.
pub(crate) fn read_resolve(login: &str, parts: &[Option<Value>]) -> Option<Resolution> {
    let (users, result) = (parts.first()?.as_ref()?, parts.get(1)?.as_ref());
    let user = users["users"].as_array()?.first()?;
    if user.is_object() {
        return channel(user).filter(|info| info.login == login.to_lowercase()).map(Resolution::Found);
    }
    if !user.is_null() {
        return None;
    }
    let Some(result) = result.map(|r| &r["userResultByLogin"]) else { return Some(Resolution::NotFound) };
    match (result["__typename"].as_str(), text(&result["reason"])) {
        // The two parts contradict each other: let somebody else decide.
        (Some("User"), _) => None,
        (_, Some(reason)) if reason != "UNKNOWN" => Some(Resolution::Suspended { reason }),
        _ => Some(Resolution::NotFound),
    }
}

/// Which of these channels broadcast?
pub(crate) fn broadcasts(ids: &[impl AsRef<str>]) -> Query {
    Query {
        text: "query($ids:[ID!]){users(ids:$ids){id stream{id title viewersCount createdAt game{displayName}}}}",
        variables: json!({"ids": ids.iter().map(AsRef::as_ref).collect::<Vec<_>>()}),
    }
}

/// Reads the answer to [`broadcasts`]: room ids and what is known of each.
pub(crate) fn read_broadcasts(data: &Value) -> Vec<(String, Broadcast)> {
    let users = data["users"].as_array().into_iter().flatten().take(IDS_MAX);
    users.filter_map(|user| Some((id(&user["id"])?, broadcast(user)))).collect()
}

fn broadcast(user: &Value) -> Broadcast {
    let stream = &user["stream"];
    match user.get("stream") {
        Some(Value::Null) => Broadcast { live: Some(false), ..Broadcast::default() },
        Some(Value::Object(_)) => Broadcast {
            live: Some(true),
            live_id: id(&stream["id"]),
            viewers: stream["viewersCount"].as_u64(),
            title: text(&stream["title"]),
            category: text(&stream["game"]["displayName"]),
            started_at: iso(&stream["createdAt"]),
        },
        _ => Broadcast::default(),
    }
}

/// Who are these? Avatars of 70 px.
pub(crate) fn people(ids: &[impl AsRef<str>]) -> Query {
    Query {
        text: "query($ids:[ID!]){users(ids:$ids){id login displayName profileImageURL(width:70)}}",
        variables: json!({"ids": ids.iter().map(AsRef::as_ref).collect::<Vec<_>>()}),
    }
}

/// Reads the answer to [`people`].
pub(crate) fn read_people(data: &Value) -> Vec<Person> {
    let person = |user: &Value| {
        let login = text(&user["login"])?;
        Some(Person {
            id: id(&user["id"])?,
            display_name: text(&user["displayName"]).unwrap_or_else(|| login.clone()),
            username: login,
            avatar_url: https(&user["profileImageURL"]).map(Into::into),
        })
    };
    data["users"].as_array().into_iter().flatten().take(IDS_MAX).filter_map(person).collect()
}

/// The badges that every channel has.
pub(crate) fn global_badges() -> Query {
    Query { text: "query{badges{setID version title imageURL(size:DOUBLE)}}", variables: json!({}) }
}

/// The badges of one channel, closed ones included.
pub(crate) fn channel_badges(room_id: &str) -> Query {
    Query {
        text: "query($id:ID!){user(id:$id,lookupType:ALL){broadcastBadges{setID version title imageURL(size:DOUBLE)}}}",
        variables: json!({"id": room_id}),
    }
}

/// Reads the answer to [`global_badges`] or [`channel_badges`]; `None` if there is no list in it.
pub(crate) fn read_badges(data: &Value) -> Option<Vec<BadgeRow>> {
    // A channel that Twitch does not know has none.
    let list = match data.get("user") {
        Some(Value::Null) => return Some(Vec::new()),
        Some(user) => &user["broadcastBadges"],
        None => &data["badges"],
    };
    let badge = |badge: &Value| {
        let set = id(&badge["setID"])?;
        Some(BadgeRow {
            version: id(&badge["version"])?,
            title: text(&badge["title"]).unwrap_or_else(|| set.clone()),
            set,
            image_url: https(&badge["imageURL"]),
        })
    };
    Some(list.as_array()?.iter().take(BADGES_MAX).filter_map(badge).collect())
}

/// The cheermotes that every channel has.
pub(crate) fn global_cheermotes() -> Query {
    Query { text: "query{cheerConfig{groups{nodes{prefix tiers{bits}} templateURL}}}", variables: json!({}) }
}

/// The cheermotes of one channel.
pub(crate) fn channel_cheermotes(room_id: &str) -> Query {
    Query {
        text: "query($id:ID!){user(id:$id){cheer{cheerGroups{nodes{prefix tiers{bits}} templateURL}}}}",
        variables: json!({"id": room_id}),
    }
}

/// Reads the answer to [`global_cheermotes`] or [`channel_cheermotes`]; `None` if there is no list in it.
pub(crate) fn read_cheermotes(data: &Value) -> Option<Vec<CheerRow>> {
    let groups = match data.get("user") {
        // No such channel, or one without bits.
        Some(user) if user["cheer"].is_null() => return Some(Vec::new()),
        Some(user) => &user["cheer"]["cheerGroups"],
        None => &data["cheerConfig"]["groups"],
    };
    let mut rows = Vec::new();
    for group in groups.as_array()? {
        let Some(template) = https(&group["templateURL"]) else { continue };
        for node in group["nodes"].as_array().into_iter().flatten() {
            let Some(prefix) = text(&node["prefix"]).filter(|p| p.len() <= 64) else { continue };
            let bits = |tier: &Value| tier["bits"].as_u64().and_then(|n| u32::try_from(n).ok());
            let tiers = node["tiers"].as_array().into_iter().flatten().take(TIERS_MAX).filter_map(bits).collect();
            rows.push(CheerRow { prefix, tiers, template: template.clone() });
            if rows.len() == CHEERMOTES_MAX {
                return Some(rows);
            }
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_missing_user_is_told_from_a_closed_one() {
        let users = Some(json!({"users": [null]}));
        let because = |reason| {
            let result = json!({"userResultByLogin": {"__typename": "UserDoesNotExist", "reason": reason}});
            read_resolve("x", &[users.clone(), Some(result)])
        };
        assert_eq!(because("UNKNOWN"), Some(Resolution::NotFound));
        assert_eq!(because("TOS_INDEFINITE"), Some(Resolution::Suspended { reason: "TOS_INDEFINITE".into() }));
        assert_eq!(read_resolve("x", &[users.clone(), None]), Some(Resolution::NotFound));
        assert_eq!(read_resolve("x", &[None, None]), None, "a failure is not an answer");
        let contradiction = json!({"userResultByLogin": {"__typename": "User", "id": "1"}});
        assert_eq!(read_resolve("x", &[users, Some(contradiction)]), None);
    }

    #[test]
    fn the_answer_must_be_about_the_login_that_was_asked() {
        let users = Some(json!({"users": [{"id": "1", "login": "other", "displayName": "Other"}]}));
        assert_eq!(read_resolve("x", &[users, None]), None);
    }

    #[test]
    fn a_broadcast_without_word_is_not_over() {
        let read = read_broadcasts(&json!({"users": [
            {"id": "1", "stream": null}, {"id": "2"}, null, 7, {"id": "3", "stream": {"id": "9", "viewersCount": 4}},
        ]}));
        let live: Vec<_> = read.iter().map(|(id, b)| (id.as_str(), b.live)).collect();
        assert_eq!(live, [("1", Some(false)), ("2", None), ("3", Some(true))]);
        assert_eq!(read[2].1.viewers, Some(4));
    }

    #[test]
    fn lists_of_pictures_are_read_leniently() {
        let badges = read_badges(&json!({"badges": [
            {"setID": "vip", "version": "1", "title": "VIP", "imageURL": "https://cdn.example/vip"},
            {"setID": "x", "version": 2, "imageURL": "javascript:alert(1)"}, {"version": "1"}, null,
        ]}));
        let row = |set: &str, version: &str, title: &str, image_url: Option<&str>| BadgeRow {
            set: set.into(),
            version: version.into(),
            title: title.into(),
            image_url: image_url.map(Into::into),
        };
        let expected = vec![row("vip", "1", "VIP", Some("https://cdn.example/vip")), row("x", "2", "x", None)];
        assert_eq!(badges, Some(expected));
        assert_eq!(read_badges(&json!({"badges": null})), None);
        assert_eq!(read_badges(&json!({"user": null})), Some(vec![]));
        let cheers = read_cheermotes(&json!({"cheerConfig": {"groups": [
            {"templateURL": "https://cdn.example/PREFIX/TIER", "nodes": [{"prefix": "Cheer", "tiers": [{"bits": 1}, {}]}]},
            {"templateURL": "nonsense", "nodes": [{"prefix": "Bad", "tiers": []}]},
        ]}}));
        let template = "https://cdn.example/PREFIX/TIER".to_owned();
        assert_eq!(cheers, Some(vec![CheerRow { prefix: "Cheer".into(), tiers: vec![1], template }]));
    }
}
