//! What BTTV and FrankerFaceZ say. Pure. A broken emote costs only itself.

use serde_json::Value;

use super::table::{Emote, LIST_MAX};

/// BTTV has no mark for emotes that are drawn over others; these are the ones (read in its client, 2026).
const BTTV_OVER: [&str; 8] =
    ["SoSnowy", "IceCold", "SantaHat", "TopHat", "ReinDeer", "CandyCane", "cvMask", "cvHazmat"];

/// BTTV's global emotes. `None`: the answer is none.
pub(super) fn bttv_global(body: &[u8]) -> Option<Vec<Emote>> {
    let answer: Vec<Value> = serde_json::from_slice(body).ok()?;
    Some(answer.iter().filter_map(bttv).take(LIST_MAX).collect())
}

/// BTTV's emotes of a channel: its own ones before those that others share with it.
pub(super) fn bttv_channel(body: &[u8]) -> Option<Vec<Emote>> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    answer.is_object().then_some(())?;
    let lists = ["channelEmotes", "sharedEmotes"].into_iter().filter_map(|list| answer[list].as_array()).flatten();
    Some(lists.filter_map(bttv).take(LIST_MAX).collect())
}

/// Words that change the emote behind them (`w!`) are no emotes and stay words.
fn bttv(value: &Value) -> Option<Emote> {
    let (word, id) = (value["code"].as_str()?, value["id"].as_str()?);
    if value["modifier"] == true || id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let url = format!("https://cdn.betterttv.net/emote/{id}/3x.webp");
    Emote::new(word, id, &url, BTTV_OVER.contains(&word))
}

/// FrankerFaceZ's global emotes: of the sets that everybody has.
pub(super) fn ffz_global(body: &[u8]) -> Option<Vec<Emote>> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let default = answer["default_sets"].as_array()?;
    let sets = default.iter().filter_map(|id| answer["sets"].get(id.to_string().trim_matches('"')));
    Some(sets.flat_map(ffz_set).take(LIST_MAX).collect())
}

/// FrankerFaceZ's emotes of a channel.
pub(super) fn ffz_room(body: &[u8]) -> Option<Vec<Emote>> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let sets = answer["sets"].as_object()?;
    Some(sets.values().flat_map(ffz_set).take(LIST_MAX).collect())
}

fn ffz_set(set: &Value) -> impl Iterator<Item = Emote> + '_ {
    set["emoticons"].as_array().into_iter().flatten().filter_map(ffz)
}

/// Words that change the emote before them (`ffzRainbow`) are no emotes and stay words.
fn ffz(value: &Value) -> Option<Emote> {
    if value["modifier"] == true {
        return None;
    }
    let picture = |kind: &str| ["2", "4", "1"].into_iter().find_map(|size| value[kind][size].as_str());
    let url = picture("animated").or_else(|| picture("urls"))?;
    Emote::new(value["name"].as_str()?, &value["id"].to_string(), url, false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(emotes: Option<Vec<Emote>>) -> Vec<String> {
        emotes.unwrap().into_iter().map(|emote| emote.word.into()).collect()
    }

    #[test]
    fn bttv_is_read_without_its_modifiers() {
        let global = json!([{"code": ":tf:", "id": "a1"}, {"code": "w!", "id": "a2", "modifier": true},
            {"code": "SoSnowy", "id": "a3"}, {"code": "x", "id": "../a"}, 7]);
        let emotes = bttv_global(global.to_string().as_bytes()).unwrap();
        assert_eq!(&*emotes[0].url, "https://cdn.betterttv.net/emote/a1/3x.webp");
        assert_eq!(emotes.iter().map(|e| e.zero_width).collect::<Vec<_>>(), [false, true]);
        let channel =
            json!({"channelEmotes": [{"code": "Own", "id": "b1"}], "sharedEmotes": [{"code": "Pog", "id": "b2"}]});
        assert_eq!(words(bttv_channel(channel.to_string().as_bytes())), ["Own", "Pog"]);
        assert_eq!(bttv_channel(b"[]"), None);
    }

    #[test]
    fn ffz_is_read_from_the_sets_of_everybody_only() {
        let of = |name: &str, more: Value| {
            let mut emote =
                json!({"id": 1, "name": name, "urls": {"1": "//cdn.frankerfacez.com/emote/1/1", "2": null}});
            emote.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            emote
        };
        let moving = json!({"animated": {"2": "https://cdn.frankerfacez.com/emote/1/animated/2"}});
        let answer = json!({"default_sets": [3], "sets": {
            "3": {"emoticons": [of("Still", json!({})), of("Moves", moving), of("ffzX", json!({"modifier": true}))]},
            "4": {"emoticons": [of("Secret", json!({}))]}}});
        let emotes = ffz_global(answer.to_string().as_bytes()).unwrap();
        let urls: Vec<_> = emotes.iter().map(|e| &*e.url).collect();
        assert_eq!(urls, ["https://cdn.frankerfacez.com/emote/1/1", "https://cdn.frankerfacez.com/emote/1/animated/2"]);
        assert_eq!(words(ffz_room(answer.to_string().as_bytes())), ["Still", "Moves", "Secret"]);
        assert_eq!(ffz_global(b"{}"), None);
    }
}
