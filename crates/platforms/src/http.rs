//! Requests to platforms: bounded in time, in size and in where they may be sent.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Client, ClientBuilder, RequestBuilder, StatusCode, redirect};
use serde_json::Value;
use url::{Host, Url};

/// How a platform is asked.
pub struct Manner {
    /// What we call ourselves.
    pub agent: &'static str,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// Longest answer that is read, after it was unpacked.
    pub body_max_bytes: usize,
    /// Where a redirect is not followed but reported as the answer.
    pub detour: fn(&Url) -> bool,
}

/// For small services, where no browser is expected.
pub const SIDE: Manner = Manner {
    agent: concat!("polychat/", env!("CARGO_PKG_VERSION")),
    // Chosen by hand: a part of the shortest time that a request has.
    connect_timeout: Duration::from_secs(3),
    // The list of all global badges of Twitch has about 200 KiB.
    body_max_bytes: 4 * 1024 * 1024,
    detour: |_| false,
};
/// How much room is made on the word of an answer that says how long it will be. Pages of YouTube have up to 2 MiB.
const BELIEVED_BYTES: u64 = 2 * 1024 * 1024;
/// More redirects than any of the services needs.
const REDIRECTS_MAX: usize = 3;

/// Why a request brought nothing. None of it names an address with a query in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No connection, or one that broke.
    #[error("no connection, or it broke")]
    Network,
    /// Nothing came in time.
    #[error("no answer in time")]
    Timeout,
    /// Another status than 2xx.
    #[error("status {0}")]
    Status(StatusCode),
    /// More than [`Manner::body_max_bytes`].
    #[error("an answer that is too long")]
    TooLarge,
    /// Not JSON, or not what was asked for.
    #[error("no JSON")]
    Shape,
}

impl HttpError {
    /// Whether the service answered that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Status(StatusCode::NOT_FOUND))
    }
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Network }
    }
}

/// The client for one platform. Cheap to make: what it needs is set up with the first request.
pub struct Http {
    manner: Manner,
    client: OnceLock<Option<Client>>,
    /// For this machine: what a proxy of the system is asked for would be that machine's own.
    loopback: OnceLock<Option<Client>>,
}

impl Default for Http {
    fn default() -> Self {
        Self::new(SIDE)
    }
}

/// What came back, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Where it came from in the end, or where it leads without being followed.
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Http {
    /// A client of this manner.
    pub const fn new(manner: Manner) -> Self {
        Self { manner, client: OnceLock::new(), loopback: OnceLock::new() }
    }

    /// The client for an address. Fails where TLS cannot be set up: then every request fails, and chat goes on.
    pub(crate) fn client(&self, url: &Url) -> Result<&Client, HttpError> {
        let loopback = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let client = if loopback {
            self.loopback.get_or_init(|| client(Client::builder().no_proxy(), &self.manner))
        } else {
            self.client.get_or_init(|| client(Client::builder(), &self.manner))
        };
        client.as_ref().ok_or(HttpError::Network)
    }

    /// Gets a page. Other answers than 2xx are errors.
    pub async fn get(&self, url: Url, timeout: Duration) -> Result<Bytes, HttpError> {
        self.read(self.client(&url)?.get(url), timeout).await
    }

    /// Gets JSON.
    pub(crate) async fn get_json(&self, url: Url, timeout: Duration) -> Result<Value, HttpError> {
        json(&self.get(url, timeout).await?)
    }

    /// Posts JSON and gets JSON.
    pub(crate) async fn post_json(
        &self,
        url: Url,
        client_id: &str,
        body: &Value,
        timeout: Duration,
    ) -> Result<Value, HttpError> {
        let request = self.client(&url)?.post(url).header("Client-ID", client_id).json(body);
        json(&self.read(request, timeout).await?)
    }

    async fn read(&self, request: RequestBuilder, timeout: Duration) -> Result<Bytes, HttpError> {
        let answer = self.exchange(request, timeout).await?;
        if answer.status.is_success() { Ok(answer.body) } else { Err(HttpError::Status(answer.status)) }
    }

    /// One request of this client and its whole answer, copied once.
    pub(crate) async fn exchange(&self, request: RequestBuilder, timeout: Duration) -> Result<Answer, HttpError> {
        let mut response = request.timeout(timeout).send().await?;
        let (status, max) = (response.status(), self.manner.body_max_bytes);
        let headers = std::mem::take(response.headers_mut());
        if status.is_redirection() {
            let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
            let url = location.and_then(|location| response.url().join(location).ok());
            let url = url.unwrap_or_else(|| response.url().clone());
            return Ok(Answer { status, url, headers, body: Bytes::new() });
        }
        let url = response.url().clone();
        // A stated length says no more than "at least now it is too large": the body is counted in any case.
        let stated = response.content_length().unwrap_or(0);
        if stated > max as u64 {
            return Err(HttpError::TooLarge);
        }
        let mut body = BytesMut::with_capacity(stated.min(BELIEVED_BYTES) as usize);
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > max {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, url, headers, body: body.freeze() })
    }
}

fn client(builder: ClientBuilder, manner: &Manner) -> Option<Client> {
    crate::tls::install_provider();
    let detour = manner.detour;
    let client = builder
        .user_agent(manner.agent)
        .connect_timeout(manner.connect_timeout)
        .redirect(redirect::Policy::custom(move |attempt| {
            if detour(attempt.url()) {
                attempt.stop()
            } else if attempt.previous().len() > REDIRECTS_MAX {
                attempt.error("too many redirects")
            } else if attempt.previous().first().is_some_and(|from| may_follow(from, attempt.url())) {
                attempt.follow()
            } else {
                attempt.error("a redirect to somewhere else")
            }
        }))
        .build();
    if let Err(error) = &client {
        tracing::warn!(%error, "no requests: the HTTP client cannot be set up");
    }
    client.ok()
}

fn json(body: &[u8]) -> Result<Value, HttpError> {
    serde_json::from_slice(body).map_err(|_| HttpError::Shape)
}

/// A redirect may lead to any https address, and without encryption only to where the request was sent.
fn may_follow(from: &Url, to: &Url) -> bool {
    to.scheme() == "https" || (to.scheme() == from.scheme() && to.origin() == from.origin())
}

/// The address of `path` below `base`: each part is escaped, so that none can name another place.
pub fn below<'a>(base: &Url, path: impl IntoIterator<Item = &'a str>) -> Option<Url> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}

/// A base address from the settings; `None` (and a word in the log) when it is none.
pub fn base(text: &str, schemes: &[&str]) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|url| schemes.contains(&url.scheme()) && url.has_host());
    if url.is_none() {
        tracing::warn!(?schemes, "an address of the settings is none, and is not used");
    }
    url
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{base, below, may_follow};

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_redirect_leads_to_https_or_back() {
        assert!(may_follow(&url("http://a:1/x"), &url("http://a:1/y")));
        assert!(may_follow(&url("http://a:1/x"), &url("https://b/")));
        assert!(!may_follow(&url("https://a/x"), &url("http://a/x")));
        assert!(!may_follow(&url("http://a:1/x"), &url("http://a:2/x")));
        assert!(!may_follow(&url("http://a:1/x"), &url("http://169.254.169.254/")));
    }

    #[test]
    fn a_part_of_a_path_names_no_other_place() {
        let made = below(&url("https://a.example/api/"), ["users", "../x?y#z/ü"]).unwrap();
        assert_eq!(made.as_str(), "https://a.example/api/users/..%2Fx%3Fy%23z%2F%C3%BC");
    }

    #[test]
    fn a_base_address_has_a_known_scheme() {
        assert!(base("https://a.example", &["https"]).is_some());
        assert!(base("file:///etc/passwd", &["http", "https"]).is_none());
        assert!(base("nonsense", &["http", "https"]).is_none());
    }
}
