//! Where a page of TikTok may be. Pure.

use std::net::IpAddr;

use tauri::Url;

/// The addresses that pages may have.
#[derive(Debug, Clone, Default)]
pub(super) struct Allowed {
    /// A simulated TikTok on this computer: `http://127.0.0.1:<port>`.
    simulated: Option<Url>,
}

impl Allowed {
    /// TikTok's own addresses, and those of `site` if that is a simulation on this computer: tests have nothing else. Any
    /// other site that somebody sets does not become TikTok by that.
    pub(super) fn new(site: Option<&str>) -> Self {
        let site = site.and_then(|site| site.parse::<Url>().ok());
        Self { simulated: site.filter(is_loopback) }
    }

    /// The origin of the simulation.
    pub(super) fn simulated(&self) -> Option<String> {
        self.simulated.as_ref().map(|url| url.origin().ascii_serialization())
    }

    /// Whether a page, or a frame in it, may go there.
    pub(super) fn has(&self, url: &Url) -> bool {
        // Frames that pages fill themselves. As a whole page they are empty, and may call nothing.
        if matches!(url.as_str(), "about:blank" | "about:srcdoc") {
            return true;
        }
        let is_tiktok = url.scheme() == "https"
            && url.port().is_none()
            && url.host_str().is_some_and(|host| host == "tiktok.com" || host.ends_with(".tiktok.com"));
        is_tiktok || self.simulated.as_ref().is_some_and(|site| site.origin() == url.origin())
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    url.scheme() == "http" && host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(site: Option<&str>, url: &str) -> bool {
        Allowed::new(site).has(&url.parse().unwrap())
    }

    #[test]
    fn pages_go_to_tiktok_and_nowhere_else() {
        for good in
            ["https://www.tiktok.com/@luna/live", "https://tiktok.com/", "https://m.tiktok.com/x", "about:blank"]
        {
            assert!(has(None, good), "{good}");
        }
        for bad in [
            "http://www.tiktok.com/@luna/live",
            "https://www.tiktok.com:8443/",
            "https://tiktok.com.evil.example/",
            "https://eviltiktok.com/",
            "https://evil.example/?tiktok.com",
            "https://evil.example/#.tiktok.com",
            "https://www.tiktok.com@evil.example/",
            "http://127.0.0.1:7117/",
            "tauri://localhost/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "snssdk1233://live",
        ] {
            assert!(!has(None, bad), "{bad}");
        }
    }

    #[test]
    fn a_simulation_counts_on_this_computer_only() {
        let site = Some("http://127.0.0.1:4000");
        assert!(has(site, "http://127.0.0.1:4000/@luna/live"));
        assert!(has(site, "https://www.tiktok.com/"));
        for bad in ["http://127.0.0.1:4001/", "https://127.0.0.1:4000/", "http://localhost:4000/"] {
            assert!(!has(site, bad), "{bad}");
        }
        for elsewhere in
            ["http://192.168.1.2:4000", "https://evil.example", "http://localhost:4000", "https://127.0.0.1"]
        {
            assert_eq!(Allowed::new(Some(elsewhere)).simulated(), None, "{elsewhere}");
        }
        assert_eq!(Allowed::new(site).simulated().as_deref(), Some("http://127.0.0.1:4000"));
        assert!(Allowed::new(Some("http://[::1]:4000/")).simulated().is_some());
    }
}
