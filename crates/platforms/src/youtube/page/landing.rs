//! Where a request ended: pages that are shown in place of the one that was asked for.

use url::Url;

/// What the address in the end says about a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// It can be what was asked for.
    Page,
    /// The question about cookies that Europeans get. With the cookie `SOCS=CAI` it is not asked.
    Consent {
        /// The page that was asked for, if that is on youtube.com.
        target: Option<Url>,
    },
    /// This computer's address asks too much: a captcha.
    Limited,
}

/// Tells what stands at `url`, the address after all redirects.
pub fn landing(url: &Url) -> Landing {
    let host = url.host_str().unwrap_or_default();
    if host.starts_with("consent.youtube.") || host.starts_with("consent.google.") {
        let target = url.query_pairs().find(|(name, _)| name == "continue").and_then(|(_, url)| Url::parse(&url).ok());
        return Landing::Consent { target: target.filter(is_on_youtube) };
    }
    if url.path() == "/sorry" || url.path().starts_with("/sorry/") {
        return Landing::Limited;
    }
    Landing::Page
}

fn is_on_youtube(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https" && (host == "youtube.com" || host.ends_with(".youtube.com"))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Landing, landing};

    fn at(url: &str) -> Landing {
        landing(&Url::parse(url).unwrap())
    }

    #[test]
    fn the_question_about_cookies_is_known_by_its_host() {
        let target = Url::parse("https://www.youtube.com/@somebody/live").unwrap();
        for host in ["consent.youtube.com", "consent.google.com", "consent.google.de"] {
            let url = format!("https://{host}/m?continue=https%3A%2F%2Fwww.youtube.com%2F%40somebody%2Flive&gl=DE");
            assert_eq!(at(&url), Landing::Consent { target: Some(target.clone()) });
        }
        let elsewhere = at("https://consent.youtube.com/m?continue=https%3A%2F%2Fevil.example%2F");
        assert_eq!(elsewhere, Landing::Consent { target: None }, "nobody is led to another site");
    }

    #[test]
    fn a_captcha_is_known_by_its_path() {
        assert_eq!(at("https://www.google.com/sorry/index?continue=x"), Landing::Limited);
        assert_eq!(at("https://www.youtube.com/@sorry/live"), Landing::Page);
    }
}
