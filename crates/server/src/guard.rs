//! Who may connect. A program on this computer is reachable by every web page that the user opens; these rules let our
//! own pages, OBS and local files in, and others only if the user allowed them (B27).

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::{Host, Url};

/// The origins that were allowed by setting.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allowed {
    all: bool,
    origins: Vec<Url>,
}

impl Allowed {
    /// # Errors
    /// The entry that is no origin.
    pub(crate) fn parse(entries: &[String]) -> Result<Self, String> {
        let mut allowed = Self::default();
        for entry in entries.iter().map(|entry| entry.trim()).filter(|entry| !entry.is_empty()) {
            if entry == "*" {
                allowed.all = true;
            } else {
                match Url::parse(entry) {
                    Ok(url) if url.host().is_some() => allowed.origins.push(url),
                    _ => return Err(entry.to_owned()),
                }
            }
        }
        Ok(allowed)
    }

    /// Whether the server may be called by this name. A name that we do not know is a sign of DNS rebinding: a foreign
    /// page whose name was pointed at this computer. Numbers cannot be pointed anywhere.
    fn host(&self, host: &str) -> bool {
        let Ok(url) = Url::parse(&format!("http://{host}/")) else { return false };
        // Nothing but a host and a port may stand there.
        if url.path() != "/" || url.query().is_some() || !url.username().is_empty() {
            return false;
        }
        self.all
            || url.host().is_some_and(|host| match host {
                Host::Domain(name) => {
                    is_local(name) || self.origins.iter().any(|origin| origin.host_str() == Some(name))
                }
                Host::Ipv4(_) | Host::Ipv6(_) => true,
            })
    }

    /// Whether a page of this origin may read us, when we are called `host`.
    fn origin(&self, origin: &str, host: Option<&str>) -> bool {
        // Local files; OBS opens them under the name "absolute".
        if self.all || matches!(origin, "null" | "file://" | "http://absolute") {
            return true;
        }
        let Ok(url) = Url::parse(origin) else { return false };
        let local = match url.host() {
            Some(Host::Domain(name)) => is_local(name),
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            None => false,
        };
        let same = || {
            let host = host.and_then(|host| Url::parse(&format!("{}://{host}", url.scheme())).ok());
            host.is_some_and(|host| {
                host.host() == url.host() && host.port_or_known_default() == url.port_or_known_default()
            })
        };
        local || same() || self.origins.iter().any(|allowed| allowed.origin() == url.origin())
    }
}

/// Whether a `Host` is this computer by a name that nobody else can have, or a number.
pub(crate) fn is_own_name(host: &str) -> bool {
    Allowed::default().host(host)
}

fn is_local(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// Refuses strangers, and lets the pages that may read us see the answer.
pub(crate) async fn check(State(allowed): State<Allowed>, request: Request, next: Next) -> Response {
    // A header that is no text matches no rule.
    let text = |headers: &HeaderMap, name| headers.get(name).map(|value| value.to_str().unwrap_or("?").to_owned());
    let host = text(request.headers(), header::HOST).or_else(|| request.uri().authority().map(ToString::to_string));
    if host.as_deref().is_some_and(|host| !allowed.host(host)) {
        let hint = "This server does not know itself by that name. Open it by its address, or allow the name with \
                    POLYCHAT_ALLOWED_ORIGINS.";
        return (StatusCode::MISDIRECTED_REQUEST, hint).into_response();
    }
    let Some(origin) = text(request.headers(), header::ORIGIN) else { return next.run(request).await };
    if !allowed.origin(&origin, host.as_deref()) {
        let hint = "This page may not read Polychat. Allow its origin with POLYCHAT_ALLOWED_ORIGINS.";
        return (StatusCode::FORBIDDEN, hint).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Ok(value) = HeaderValue::from_str(&origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(entries: &[&str]) -> Allowed {
        Allowed::parse(&entries.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn our_pages_obs_and_local_pages_may_read_and_strangers_may_not() {
        let allowed = allowed(&["https://me.example"]);
        let host = Some("127.0.0.1:7117");
        for origin in [
            "http://127.0.0.1:7117",
            "http://localhost:5173",
            "http://[::1]:7117",
            "null",
            "file://",
            "http://absolute",
            "tauri://localhost",
            "http://tauri.localhost",
            "https://me.example",
        ] {
            assert!(allowed.origin(origin, host), "{origin}");
        }
        for origin in [
            "https://evil.example",
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "http://evil-localhost",
            "https://me.example:8443",
            "http://me.example",
            "nonsense",
            "",
        ] {
            assert!(!allowed.origin(origin, host), "{origin}");
        }
        assert!(allowed.origin("http://192.168.1.5:7117", Some("192.168.1.5:7117")), "our own page on the network");
        assert!(!allowed.origin("http://192.168.1.5:80", Some("192.168.1.5:7117")), "another server there");
    }

    #[test]
    fn a_name_that_was_pointed_at_us_is_refused() {
        let allowed = allowed(&["https://chat.example.com"]);
        for host in ["127.0.0.1:7117", "localhost", "[::1]:7117", "192.168.1.5", "chat.example.com", "LOCALHOST:1"] {
            assert!(allowed.host(host), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:7117", "localhost@evil.example", "", "a b", "localhost/x"]
        {
            assert!(!allowed.host(host), "{host}");
        }
    }

    #[test]
    fn a_setting_that_is_no_origin_is_named() {
        assert_eq!(Allowed::parse(&["example.com".to_owned()]).unwrap_err(), "example.com");
        assert!(Allowed::parse(&["*".to_owned()]).unwrap().origin("https://any.example", None));
    }
}
