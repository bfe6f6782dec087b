//! Where OBS's WebSocket server is, as people write it. Pure.

use std::fmt;
use std::net::IpAddr;

use polychat_model::saved::Secret;
use url::{Host, Url};

/// The port of OBS's WebSocket server unless it was changed there.
const PORT: u16 = 4455;

/// The longest text that is looked at, in bytes: a host has 253.
const LONGEST: usize = 2_048;

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    host: Host,
    port: u16,
}

/// A text that is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("That is not where OBS can be. Write its address and port, such as 127.0.0.1:4455.")]
pub struct BadAddress;

impl Address {
    /// Reads `127.0.0.1:4455`, `localhost`, `ws://…`, or the connect information that OBS shows, `obsws://host:port/password`:
    /// then its password comes along.
    ///
    /// # Errors
    /// [`BadAddress`], in words.
    pub fn parse(typed: &str) -> Result<(Self, Option<Secret>), BadAddress> {
        let typed = typed.trim();
        if typed.is_empty() || typed.len() > LONGEST {
            return Err(BadAddress);
        }
        let (scheme, rest) = typed.split_once("://").map_or(("ws", typed), |(scheme, rest)| (scheme, rest));
        let is_connect_info = scheme.eq_ignore_ascii_case("obsws");
        if !is_connect_info && !scheme.eq_ignore_ascii_case("ws") {
            return Err(BadAddress);
        }
        let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
        // By the rules of a scheme that has hosts. Its usual port is 80, which must not be lost.
        let url = Url::parse(&format!("ws://{place}/")).map_err(|_| BadAddress)?;
        let is_bare =
            url.username().is_empty() && url.password().is_none() && url.path() == "/" && url.query().is_none();
        if !is_bare || url.fragment().is_some() || (!is_connect_info && !path.is_empty()) {
            return Err(BadAddress);
        }
        let host = url.host().ok_or(BadAddress)?.to_owned();
        let port = match url.port() {
            Some(port) => port,
            None if place.ends_with(":80") => 80,
            None => PORT,
        };
        if port == 0 {
            return Err(BadAddress);
        }
        let password = Secret::new(path).filter(|secret| secret.reveal().len() <= Secret::MAX);
        Ok((Self { host, port }, password.filter(|_| is_connect_info)))
    }

    /// For a socket.
    pub(crate) fn socket(&self) -> (String, u16) {
        let host = match &self.host {
            Host::Ipv6(ip) => ip.to_string(),
            host => host.to_string(),
        };
        (host, self.port)
    }

    /// Whether it is this computer.
    pub(crate) fn is_here(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(ip) => IpAddr::V4(*ip).is_loopback(),
            Host::Ipv6(ip) => IpAddr::V6(*ip).is_loopback(),
        }
    }

    /// Whether both are on one computer, as far as their names tell. A password stays on its computer.
    pub fn is_same_host(&self, other: &Self) -> bool {
        self.host == other.host || (self.is_here() && other.is_here())
    }

    /// Host and port, as people read them.
    pub(crate) fn short(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ws://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_understood_however_people_write_it() {
        for (typed, is) in [
            ("127.0.0.1:4455", "ws://127.0.0.1:4455"),
            (" ws://127.0.0.1:4455/ ", "ws://127.0.0.1:4455"),
            ("localhost", "ws://localhost:4455"),
            ("192.168.1.7:80", "ws://192.168.1.7:80"),
            ("WS://Studio.local:4456", "ws://studio.local:4456"),
            ("[::1]:4455", "ws://[::1]:4455"),
        ] {
            let (address, password) = Address::parse(typed).expect(typed);
            assert_eq!((address.to_string(), password), (is.to_owned(), None), "{typed}");
            assert_eq!(Address::parse(&address.to_string()).expect("its own spelling").0, address, "{typed}");
        }
        let (address, password) = Address::parse("obsws://192.168.1.7:4455/s3cret").expect("connect information");
        assert_eq!(address.to_string(), "ws://192.168.1.7:4455");
        assert_eq!(password.expect("it has one").reveal(), "s3cret");
        assert_eq!(Address::parse("obsws://192.168.1.7:4455").expect("without a password").1, None);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in [
            "",
            " ",
            "http://127.0.0.1:4455",
            "wss://a",
            "ws://a/path",
            "ws://u:p@a",
            "a b",
            "a:99999",
            "a:0",
            "ws://",
            "ws://a?x",
            "ws://a#x",
            "ws://a\\@b",
            &"a".repeat(3_000),
        ] {
            assert!(Address::parse(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_password_stays_on_its_computer() {
        let address = |typed| Address::parse(typed).expect(typed).0;
        assert!(address("localhost:1").is_same_host(&address("127.0.0.1:2")));
        assert!(address("10.0.0.1:1").is_same_host(&address("10.0.0.1:2")));
        assert!(!address("10.0.0.1").is_same_host(&address("10.0.0.2")));
        assert!(!address("127.0.0.1").is_same_host(&address("127.0.0.1.evil.example")));
    }
}
