//! The browsers that TikTok takes us for. What one says about itself in headers and in addresses has to agree, so it all
//! stands here.

use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERER, UPGRADE_INSECURE_REQUESTS, USER_AGENT,
};

/// Whose page is open, whatever address stands in the settings.
pub(crate) const SITE: &str = "https://www.tiktok.com";
/// The same as [`REFERER`].
const SITE_PAGE: &str = "https://www.tiktok.com/";

/// A browser on one kind of computer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Agent {
    /// `User-Agent`.
    pub(crate) name: &'static str,
    /// What its pages are told about the computer (`navigator.platform`).
    pub(crate) platform: &'static str,
    /// What its pages are told about itself (`navigator.appVersion`).
    pub(crate) version: &'static str,
    /// `Accept` when a page is opened.
    accept: &'static str,
    /// `Accept-Language`.
    languages: &'static str,
    /// `Sec-CH-UA` and `Sec-CH-UA-Platform`, where it sends them.
    hints: Option<(&'static str, &'static str)>,
}

const FIREFOX_ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const FIREFOX_LANGUAGES: &str = "en-US,en;q=0.5";

/// In the order in which they are tried. Versions of 2026, chosen by hand; what TikTok refuses is a missing browser and a
/// pair of browser and visitor that it has blocked.
pub(crate) static AGENTS: [Agent; 3] = [
    Agent {
        name: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/149.0.0.0 Safari/537.36",
        platform: "Win32",
        version: "5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                  Chrome/149.0.0.0 Safari/537.36",
        accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,\
                 application/signed-exchange;v=b3;q=0.7",
        languages: "en-US,en;q=0.9",
        hints: Some(("\"Google Chrome\";v=\"149\", \"Chromium\";v=\"149\", \"Not)A;Brand\";v=\"24\"", "\"Windows\"")),
    },
    Agent {
        name: "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
        platform: "Linux x86_64",
        version: "5.0 (X11)",
        accept: FIREFOX_ACCEPT,
        languages: FIREFOX_LANGUAGES,
        hints: None,
    },
    Agent {
        name: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0",
        platform: "Win32",
        version: "5.0 (Windows)",
        accept: FIREFOX_ACCEPT,
        languages: FIREFOX_LANGUAGES,
        hints: None,
    },
];

/// What a page says where it asks something of its own site or of one beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// `www.tiktok.com`.
    Own,
    /// `webcast.tiktok.com`.
    Beside,
}

impl Agent {
    /// The headers with which somebody opens a page.
    pub(crate) fn page(&self) -> HeaderMap {
        let mut headers = self.always();
        set(&mut headers, ACCEPT, self.accept);
        set(&mut headers, UPGRADE_INSECURE_REQUESTS, "1");
        fetch(&mut headers, "document", "navigate", "none");
        set(&mut headers, HeaderName::from_static("sec-fetch-user"), "?1");
        headers
    }

    /// The headers with which an open page asks for data.
    pub(crate) fn data(&self, asks: Asks) -> HeaderMap {
        let mut headers = self.always();
        set(&mut headers, ACCEPT, "application/json, text/plain, */*");
        set(&mut headers, REFERER, SITE_PAGE);
        match asks {
            Asks::Own => fetch(&mut headers, "empty", "cors", "same-origin"),
            Asks::Beside => {
                set(&mut headers, ORIGIN, SITE);
                fetch(&mut headers, "empty", "cors", "same-site");
            }
        }
        headers
    }

    /// The headers with which an open page opens a socket. The handshake's own are not among them.
    pub(crate) fn socket(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        set(&mut headers, USER_AGENT, self.name);
        set(&mut headers, ORIGIN, SITE);
        set(&mut headers, REFERER, SITE_PAGE);
        set(&mut headers, ACCEPT_LANGUAGE, self.languages);
        set(&mut headers, reqwest::header::CACHE_CONTROL, "no-cache");
        headers
    }

    fn always(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        set(&mut headers, USER_AGENT, self.name);
        set(&mut headers, ACCEPT_LANGUAGE, self.languages);
        if let Some((brands, platform)) = self.hints {
            set(&mut headers, HeaderName::from_static("sec-ch-ua"), brands);
            set(&mut headers, HeaderName::from_static("sec-ch-ua-mobile"), "?0");
            set(&mut headers, HeaderName::from_static("sec-ch-ua-platform"), platform);
        }
        headers
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

fn fetch(headers: &mut HeaderMap, dest: &'static str, mode: &'static str, site: &'static str) {
    set(headers, HeaderName::from_static("sec-fetch-dest"), dest);
    set(headers, HeaderName::from_static("sec-fetch-mode"), mode);
    set(headers, HeaderName::from_static("sec-fetch-site"), site);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_says_the_same_everywhere() {
        for agent in &AGENTS {
            for headers in [agent.page(), agent.data(Asks::Own), agent.data(Asks::Beside), agent.socket()] {
                assert_eq!(headers[USER_AGENT], agent.name);
                assert_eq!(headers[ACCEPT_LANGUAGE], agent.languages);
            }
            let chrome = agent.name.contains("Chrome/");
            assert_eq!(agent.page().contains_key("sec-ch-ua"), chrome, "only Chrome sends them");
            if chrome {
                assert_eq!(agent.name, format!("Mozilla/{}", agent.version));
                let version = agent.name.split("Chrome/").nth(1).unwrap().split('.').next().unwrap();
                let (brands, _) = agent.hints.unwrap();
                assert!(brands.contains(&format!("\"Google Chrome\";v=\"{version}\"")));
            }
            assert_eq!(agent.name.contains("Windows"), agent.platform == "Win32");
            assert_eq!(agent.version.contains("Windows"), agent.platform == "Win32");
        }
    }
}
