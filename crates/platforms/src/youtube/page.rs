//! A page of youtube.com: the JSON that it holds, its address, and whether it is the page that was asked for.
//!
//! Nothing is copied out of the page but what is wanted. Each question reads its part of the page once.

mod landing;
mod scan;
mod settings;

use memchr::memmem;
use polychat_model::{ChannelKey, IdentifierType};
use serde_json::Value;

use super::identifier;
use super::pick::{Want, want};

pub use landing::{Landing, landing};
pub use settings::{Settings, visitor_data};

const CANONICAL: &[u8] = b"<link rel=\"canonical\" href=\"";

/// Longest address that is looked at, in bytes.
const URL_MAX_BYTES: usize = 2_000;

/// A page that was fetched. Borrows its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    bytes: &'a [u8],
}

impl<'a> Page<'a> {
    /// A page of these bytes, which may be anything.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// What the site tells its own program: versions, keys, and who we are to it.
    pub fn settings(&self) -> Settings {
        Settings::read(self.bytes)
    }

    /// What the page says that it is about: a video ([`IdentifierType::LiveId`]) or a channel.
    pub fn canonical(&self) -> Option<ChannelKey> {
        let start = memmem::find(self.bytes, CANONICAL)? + CANONICAL.len();
        let rest = &self.bytes[start..];
        let len = memchr::memchr(b'"', &rest[..rest.len().min(URL_MAX_BYTES)])?;
        let url = std::str::from_utf8(&rest[..len]).ok()?.replace("&amp;", "&");
        identifier::key(IdentifierType::Username, &url).ok()
    }

    /// The id of the channel that the page is about, if it is a channel's page.
    pub fn channel_id(&self) -> Option<String> {
        const WANT: Want = want!({ metadata: { channelMetadataRenderer: { externalId: _ } } });
        match self.canonical() {
            Some(key) if key.identifier_type == IdentifierType::ChannelId => Some(key.identifier.to_string()),
            Some(key) if key.identifier_type == IdentifierType::LiveId => None,
            _ => {
                let data = self.data(&WANT)?;
                let id = data["metadata"]["channelMetadataRenderer"]["externalId"].as_str()?;
                identifier::is_channel_id(id).then(|| id.to_owned())
            }
        }
    }

    /// The whole `ytInitialData` of the page, as the bytes of one JSON object: for the backlog of a popout chat.
    pub fn initial_data(&self) -> Option<&'a [u8]> {
        scan::after(self.bytes, b"ytInitialData").find_map(|at| scan::object(&self.bytes[at..]))
    }

    /// The wanted branches of `ytInitialData`.
    pub(super) fn data(&self, want: &'static Want) -> Option<Value> {
        scan::picked(self.bytes, b"ytInitialData", want)
    }

    /// The wanted branches of `ytInitialPlayerResponse`.
    pub(super) fn player(&self, want: &'static Want) -> Option<Value> {
        scan::picked(self.bytes, b"ytInitialPlayerResponse", want)
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::IdentifierType;
    use proptest::prelude::*;

    use super::*;

    const CHANNEL: &str = "UCabcdefghij-_ABCDEFGH12";

    fn canonical(href: &str) -> Option<(IdentifierType, String)> {
        let page = format!("<html><head><link rel=\"canonical\" href=\"{href}\"></head></html>");
        let key = Page::new(page.as_bytes()).canonical()?;
        Some((key.identifier_type, key.identifier.to_string()))
    }

    #[test]
    fn a_page_says_what_it_is_about() {
        let video = (IdentifierType::LiveId, "aB3-dE_fG7h".to_owned());
        assert_eq!(canonical("https://www.youtube.com/watch?v=aB3-dE_fG7h"), Some(video.clone()));
        assert_eq!(canonical("https://www.youtube.com/watch?x=1&amp;v=aB3-dE_fG7h"), Some(video));
        let channel = (IdentifierType::ChannelId, CHANNEL.to_owned());
        assert_eq!(canonical(&format!("https://www.youtube.com/channel/{CHANNEL}")), Some(channel));
        for none in ["", "https://www.youtube.com/", "https://evil.example/watch?v=aB3-dE_fG7h"] {
            assert_eq!(canonical(none), None);
        }
        assert_eq!(
            Page::new(b"<link rel=\"canonical\" href=\"https://www.youtube.com/watch?v=aB3-dE_fG7h").canonical(),
            None
        );
    }

    #[test]
    fn a_channels_page_has_its_id_in_two_places() {
        let head = format!("<link rel=\"canonical\" href=\"https://www.youtube.com/channel/{CHANNEL}\">");
        let data = format!(
            "ytInitialData = {{\"metadata\": {{\"channelMetadataRenderer\": {{\"externalId\": \"{CHANNEL}\"}}}}}};"
        );
        for page in [head, data.clone()] {
            assert_eq!(Page::new(page.as_bytes()).channel_id().as_deref(), Some(CHANNEL));
        }
        let video = format!("<link rel=\"canonical\" href=\"https://www.youtube.com/watch?v=aB3-dE_fG7h\">{data}");
        assert_eq!(Page::new(video.as_bytes()).channel_id(), None, "a video's page is about the video");
    }

    #[test]
    fn the_data_of_a_page_is_found_in_each_way_of_writing() {
        for marker in
            ["var ytInitialData = ", "window[\"ytInitialData\"] = ", "window['ytInitialData']=", "ytInitialData\n=\n"]
        {
            let page = format!("<script>{marker}{{\"metadata\": \"}};</script>\"}};</script>");
            assert_eq!(
                Page::new(page.as_bytes()).initial_data(),
                Some(&b"{\"metadata\": \"};</script>\"}"[..]),
                "{marker}"
            );
        }
    }

    #[test]
    fn a_title_that_looks_like_the_data_is_not_taken_for_it() {
        let page = br#"<title>ytInitialData = {} ytInitialData = {&quot;metadata&quot;: 1}</title>
            <script>var ytInitialPlayerResponse = {"title": "ytInitialData = {\"metadata\": 1}"};
            if (window.ytInitialData) {} var ytInitialData = {"metadata": 2};</script>"#;
        assert_eq!(Page::new(page).initial_data(), Some(&br#"{"metadata": 2}"#[..]));
    }

    proptest! {
        #[test]
        fn no_page_panics(parts in prop::collection::vec(part(), 0..20)) {
            let bytes = parts.concat();
            let page = Page::new(&bytes);
            page.canonical();
            page.channel_id();
            page.initial_data();
            page.settings();
        }
    }

    fn part() -> impl Strategy<Value = Vec<u8>> {
        const WORDS: &[&str] = &[
            "ytInitialData",
            "=",
            " ",
            "{",
            "}",
            "\"",
            "ytcfg.set(",
            "{\"HL\":",
            "\"en\"}",
            "window[\"",
            "\"]",
            "href=",
        ];
        prop_oneof![
            4 => prop::sample::select(WORDS).prop_map(|word| word.as_bytes().to_vec()),
            1 => Just(CANONICAL.to_vec()),
            1 => any::<Vec<u8>>(),
        ]
    }
}
