//! Accepting connections. Our own loop in place of `axum::serve`, for what that one cannot do: a bound on connections
//! with an answer in words, a limit on slow headers, and sockets that `/ws` can take over whole.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics::counter;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tracing::{debug, warn};

use crate::api::Peer;
use crate::config::DEFAULT_PORT;

/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);

/// How many ports are tried after the default one.
const PORTS: u16 = 20;

/// A place among the allowed connections. A WebSocket keeps it until it is closed.
#[derive(Clone)]
pub(crate) struct Place {
    _permit: Arc<OwnedSemaphorePermit>,
}

/// The port to listen on. The default one may become another, a named one only if it `may_move`.
pub(crate) async fn bind(address: IpAddr, port: Option<u16>, may_move: bool) -> io::Result<TcpListener> {
    let wish = port.unwrap_or(DEFAULT_PORT);
    let Some(port) = port.filter(|_| !may_move) else {
        for port in wish..=wish.saturating_add(PORTS) {
            match TcpListener::bind((address, port)).await {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                bound => return bound,
            }
        }
        return TcpListener::bind((address, 0)).await;
    };
    TcpListener::bind((address, port)).await
}

/// Every port that links may carry when `port` is wished for: this one, the usual one, and those that are tried after them.
pub(crate) fn possible_ports(port: Option<u16>) -> Vec<u16> {
    let wishes = [port.filter(|port| *port != 0), Some(DEFAULT_PORT)];
    let after = |wish: u16| wish..=wish.saturating_add(PORTS);
    wishes.into_iter().flatten().flat_map(after).collect()
}

/// The address under which this computer is known in its network: the one it would send from. Nothing is sent.
pub(crate) fn own_ip() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    // An address for documentation, as good as any other outside.
    socket.connect(("192.0.2.1", 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified()).then_some(ip)
}

/// Serves until `stop`; then connections finish what they are about and end. Their tasks are in `tasks`.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    max_connections: usize,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    let places = Arc::new(Semaphore::new(max_connections));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: others may go soon.
                warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        // Chat is many small frames; waiting to join them would only delay.
        let _ = stream.set_nodelay(true);
        let Ok(permit) = places.clone().try_acquire_owned() else {
            counter!("polychat_refused_connections_total").increment(1);
            tasks.spawn(refuse(stream, max_connections));
            continue;
        };
        let place = Place { _permit: Arc::new(permit) };
        tasks.spawn(connection(stream, peer, router.clone(), place, stop.clone()));
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, place: Place, stop: CancellationToken) {
    let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(place.clone());
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(%peer, %error, "connection ended");
    }
}

/// Says why there is no place, without keeping the connection.
async fn refuse(stream: TcpStream, max_connections: usize) {
    let text = format!("This server has {max_connections} connections, as many as it may. Try again later.\n");
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 5\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len()
    );
    let _ = stream.try_write(answer.as_bytes());
    // Closing with an unread request would throw the answer away with it.
    let mut request = [0; 2048];
    let _ = tokio::time::timeout(Duration::from_millis(500), async {
        stream.readable().await?;
        stream.try_read(&mut request)
    })
    .await;
}
