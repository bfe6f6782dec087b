//! From a name to a channel: the answer of `resolve_url`, and what a channel's page says about itself.

use polychat_model::{ChannelKey, IdentifierType, Platform};
use serde_json::Value;

use super::identifier::{self, is_channel_id, is_video_id};
use super::page::Page;
use super::pick::{Want, pick, want};
use super::plain::string;

/// Who a channel's page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its id, which never changes.
    pub id: String,
    /// The key of its handle, or of its old name (`c/name`) if it has no handle. A name can change.
    pub username: Option<String>,
    /// Its name for people.
    pub name: Option<String>,
}

/// The channel that `answer` of `resolve_url` names.
pub fn channel_id(answer: &[u8]) -> Option<String> {
    let key = leads_to(answer)?;
    (key.identifier_type == IdentifierType::ChannelId).then(|| key.identifier.to_string())
}

/// What the address leads to that `resolve_url` was asked about: a channel, a video, or another name to ask about.
///
/// No answer was recorded: the shape is what three clients read.
pub fn leads_to(answer: &[u8]) -> Option<ChannelKey> {
    const WANT: Want = want!({ endpoint: {
        browseEndpoint: { browseId: _ },
        watchEndpoint: { videoId: _ },
        urlEndpoint: { url: _ },
    } });
    let (answer, _) = pick(answer, &WANT)?;
    let endpoint = &answer["endpoint"];
    let key = |kind, id: &str| ChannelKey::new(Platform::Youtube, kind, id);
    if let Some(id) = endpoint["browseEndpoint"]["browseId"].as_str().filter(|id| is_channel_id(id)) {
        return Some(key(IdentifierType::ChannelId, id));
    }
    if let Some(id) = endpoint["watchEndpoint"]["videoId"].as_str().filter(|id| is_video_id(id)) {
        return Some(key(IdentifierType::LiveId, id));
    }
    identifier::key(IdentifierType::Username, endpoint["urlEndpoint"]["url"].as_str()?).ok()
}

/// Of the data of a channel's page, and of an answer of `browse`.
pub(super) const CHANNEL: Want = want!({ channelMetadataRenderer: { externalId: _, vanityChannelUrl: _, title: _ } });

/// Who the page is about, if it is a channel's page.
pub fn channel(page: &Page<'_>) -> Option<Channel> {
    const WANT: Want = Want::Fields(&[("metadata", CHANNEL)]);
    read(&page.data(&WANT)?)
}

/// Reads what was picked with [`CHANNEL`] below `metadata`.
pub(super) fn read(data: &Value) -> Option<Channel> {
    let metadata = &data["metadata"]["channelMetadataRenderer"];
    let id = metadata["externalId"].as_str().filter(|id| is_channel_id(id))?;
    // For a channel without a name the address has its id once more.
    let vanity = metadata["vanityChannelUrl"].as_str();
    let vanity = vanity.and_then(|url| identifier::key(IdentifierType::Username, url).ok());
    let username = vanity.filter(|key| key.identifier_type == IdentifierType::Username);
    Some(Channel {
        id: id.to_owned(),
        username: username.map(|key| key.identifier.to_string()),
        name: string(&metadata["title"]),
    })
}

#[cfg(test)]
mod tests {
    use polychat_model::IdentifierType::{ChannelId, LiveId, Username};
    use serde_json::json;

    use super::*;

    const ID: &str = "UCabcdefghij-_ABCDEFGH12";

    #[test]
    fn an_address_leads_to_a_channel_a_video_or_another_name() {
        let to = |endpoint: Value| {
            let key = leads_to(json!({ "endpoint": endpoint }).to_string().as_bytes())?;
            Some((key.identifier_type, key.identifier.to_string()))
        };
        assert_eq!(to(json!({"browseEndpoint": {"browseId": ID}})), Some((ChannelId, ID.into())));
        assert_eq!(to(json!({"watchEndpoint": {"videoId": "aB3-dE_fG7h"}})), Some((LiveId, "aB3-dE_fG7h".into())));
        let moved = json!({"urlEndpoint": {"url": "https://www.youtube.com/@Somebody"}});
        assert_eq!(to(moved), Some((Username, "somebody".into())));
        for none in [
            json!(null),
            json!({"browseEndpoint": {"browseId": "FEwhat_to_watch"}}),
            json!({"browseEndpoint": {"browseId": [ID]}}),
            json!({"urlEndpoint": {"url": "https://evil.example/@somebody"}}),
        ] {
            assert_eq!(to(none), None);
        }
        assert_eq!(
            channel_id(json!({"endpoint": {"browseEndpoint": {"browseId": ID}}}).to_string().as_bytes()).as_deref(),
            Some(ID)
        );
        assert_eq!(channel_id(b"<html>"), None);
    }

    #[test]
    fn a_channels_page_says_its_id_its_handle_and_its_name() {
        let of = |vanity: &str| {
            let data = json!({"metadata": {"channelMetadataRenderer": {
                "externalId": ID, "vanityChannelUrl": vanity, "title": "Somebody",
            }}});
            channel(&Page::new(format!("ytInitialData = {data};").as_bytes())).unwrap()
        };
        let handle = of("http://www.youtube.com/@SomeBody");
        assert_eq!(
            (&*handle.id, handle.username.as_deref(), handle.name.as_deref()),
            (ID, Some("somebody"), Some("Somebody"))
        );
        assert_eq!(of("http://www.youtube.com/c/SomeBody").username.as_deref(), Some("c/somebody"));
        assert_eq!(of(&format!("http://www.youtube.com/channel/{ID}")).username, None);
    }
}
