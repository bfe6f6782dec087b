//! Opens the WebSocket, and says in plain words why it cannot be opened.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use polychat_model::ErrorCode;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async_tls_with_config};
use url::{Host, Url};

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The largest frame that is read: a hundred lines of the longest kind.
const MAX_FRAME: usize = 1024 * 1024;

/// Of each connection. A busy channel sends some 100 KiB a second.
const READ_BUFFER: usize = 16 * 1024;

/// Why there is no connection, for people and for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) cause: String,
    pub(super) code: ErrorCode,
}

impl Loss {
    pub(super) fn unavailable(cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), code: ErrorCode::UpstreamUnavailable }
    }

    pub(super) fn timeout(cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), code: ErrorCode::Timeout }
    }

    /// Why an open connection cannot be read or written any more.
    pub(super) fn of_open_socket(error: &Error) -> Self {
        Self::unavailable(match error {
            Error::ConnectionClosed | Error::AlreadyClosed => "Twitch closed the connection.".to_owned(),
            Error::Io(error) => match error.kind() {
                io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
                    "The connection to Twitch was cut.".to_owned()
                }
                io::ErrorKind::UnexpectedEof => "Twitch closed the connection.".to_owned(),
                kind => format!("The connection to Twitch broke ({kind})."),
            },
            Error::Protocol(tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => {
                "Twitch closed the connection.".to_owned()
            }
            Error::Capacity(_) => "Twitch sent more at once than is ever read.".to_owned(),
            _ => "Twitch sent something that cannot be read.".to_owned(),
        })
    }
}

/// Connects within `limit`.
pub(super) async fn open(address: &str, limit: Duration) -> Result<Socket, Loss> {
    crate::tls::install_provider();
    let mut step = "The address of Twitch was not found in time.";
    let connected = tokio::time::timeout(limit, async {
        let url =
            Url::parse(address).map_err(|_| Loss::unavailable("The address set for Twitch chat is not valid."))?;
        let secure = url.scheme() == "wss";
        let port = url.port().unwrap_or(if secure { 443 } else { 80 });
        let addresses = look_up(&url, port).await?;
        step = "Twitch did not take the connection in time.";
        let stream = connect(&addresses, limit / 2).await?;
        // Lines are small and answers (PONG) must not wait for each other.
        let _ = stream.set_nodelay(true);
        step = if secure {
            "Twitch did not answer in time when the secure connection was made."
        } else {
            "Twitch did not answer the WebSocket handshake in time."
        };
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_FRAME))
            .max_frame_size(Some(MAX_FRAME));
        let handshake = Box::pin(client_async_tls_with_config(address, stream, Some(config), None));
        handshake.await.map(|(socket, _)| socket).map_err(|error| of_handshake(&error))
    });
    match connected.await {
        Ok(result) => result,
        Err(_) => Err(Loss::timeout(step)),
    }
}

async fn look_up(url: &Url, port: u16) -> Result<Vec<SocketAddr>, Loss> {
    let not_found = || Loss::unavailable("The address of Twitch cannot be found. Is this computer online?");
    match url.host() {
        Some(Host::Ipv4(ip)) => Ok(vec![(ip, port).into()]),
        Some(Host::Ipv6(ip)) => Ok(vec![(ip, port).into()]),
        Some(Host::Domain(name)) => {
            let found: Vec<_> = tokio::net::lookup_host((name, port)).await.map_err(|_| not_found())?.collect();
            if found.is_empty() { Err(not_found()) } else { Ok(found) }
        }
        None => Err(Loss::unavailable("The address set for Twitch chat is not valid.")),
    }
}

/// The first address that takes the connection. Each has a limit of its own, so that a dead one (IPv6 on a network that
/// only claims to have it) leaves time for the next.
async fn connect(addresses: &[SocketAddr], limit: Duration) -> Result<TcpStream, Loss> {
    let each = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).clamp(1, 4);
    let mut last = Loss::timeout("Twitch did not take the connection in time.");
    for &address in addresses {
        match tokio::time::timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = of_connect(&error),
            Err(_) => {}
        }
    }
    Err(last)
}

fn of_connect(error: &io::Error) -> Loss {
    Loss::unavailable(match error.kind() {
        io::ErrorKind::ConnectionRefused => "Twitch refused the connection.".to_owned(),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::AddrNotAvailable => {
            "There is no way to Twitch. Is this computer online?".to_owned()
        }
        kind => format!("Twitch cannot be reached ({kind})."),
    })
}

fn of_handshake(error: &Error) -> Loss {
    Loss::unavailable(match error {
        Error::Http(response) => {
            format!("Twitch answered with HTTP {} instead of opening the chat.", response.status().as_u16())
        }
        Error::Tls(_) => "The secure connection (TLS) to Twitch failed.".to_owned(),
        Error::Io(error) if is_of_tls(error) => "The secure connection (TLS) to Twitch failed.".to_owned(),
        Error::Io(_) => return Loss::of_open_socket(error),
        _ => "What answers at Twitch's address is no WebSocket server.".to_owned(),
    })
}

/// TLS reports its errors as errors of the stream.
fn is_of_tls(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn loss(address: &str) -> Loss {
        open(address, Duration::from_secs(5)).await.expect_err(address)
    }

    /// A server that reads a little, answers `answer` and closes.
    async fn answering(answer: &'static str) -> String {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_exact(&mut [0; 16]).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
            let _ = stream.read_to_end(&mut Vec::new()).await;
        });
        address.to_string()
    }

    #[tokio::test]
    async fn each_failure_has_its_own_words() {
        let busy = answering("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n").await;
        let plain = answering("this is no TLS at all\r\n").await;
        assert_eq!(loss("ws://127.0.0.1:1").await, Loss::unavailable("Twitch refused the connection."));
        assert!(loss("not an address").await.cause.contains("not valid"));
        assert!(loss("ws://no-such-host.invalid").await.cause.contains("cannot be found"));
        assert!(loss(&format!("ws://{busy}")).await.cause.contains("HTTP 503"));
        assert!(loss(&format!("wss://{plain}")).await.cause.contains("TLS"));
    }

    #[tokio::test]
    async fn a_server_that_never_answers_is_given_up() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("ws://{}", silent.local_addr().unwrap());
        let stuck = open(&address, Duration::from_millis(50)).await.expect_err("nobody answers");
        assert_eq!(stuck, Loss::timeout("Twitch did not answer the WebSocket handshake in time."));
    }
}
