//! Where a request ended: pages that are shown in place of the one that was asked for.

use url::Url;

/// What the address in the end says about a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landing {
    /// It can be what was asked for.
    Page,
    /// The question about cookies that Europeans get. With the cookie `SOCS=CAI` it is not asked.
    Consent,
    /// This computer's address asks too much: a captcha.
    Limited,
}

/// Tells what stands at `url`, the address after all redirects.
pub fn landing(url: &Url) -> Landing {
    let path = url.path();
    if url.host_str().is_some_and(|host| host.starts_with("consent.")) || (path == "/consent" && leads_back(url)) {
        return Landing::Consent;
    }
    if (path == "/sorry" || path.starts_with("/sorry/")) && leads_back(url) {
        return Landing::Limited;
    }
    Landing::Page
}

/// Whether it is a stop on the way to another page. A channel may have the name of such a stop.
fn leads_back(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| name == "continue")
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
        for host in ["consent.youtube.com", "consent.google.com", "consent.google.de"] {
            let url = format!("https://{host}/m?continue=https%3A%2F%2Fwww.youtube.com%2F%40somebody%2Flive&gl=DE");
            assert_eq!(at(&url), Landing::Consent);
        }
        assert_eq!(at("https://www.youtube.com/consent?continue=%2F"), Landing::Consent);
        for channel in ["https://www.youtube.com/consent?hl=en", "https://www.youtube.com/consentual?continue=x"] {
            assert_eq!(at(channel), Landing::Page, "a channel of this name");
        }
    }

    #[test]
    fn a_captcha_is_known_by_its_path() {
        assert_eq!(at("https://www.google.com/sorry/index?continue=x"), Landing::Limited);
        assert_eq!(at("https://www.youtube.com/@sorry/live"), Landing::Page);
        assert_eq!(at("https://www.youtube.com/sorry"), Landing::Page, "a channel of this name");
    }
}
