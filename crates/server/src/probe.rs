//! `polychat-server health`: asks a running Polychat how it does. For container engines and monitors, which can start a program
//! and look at how it ends.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;

use crate::config::{Config, DEFAULT_PORT};

/// How long the answer may take. Less than container engines usually wait.
const PATIENCE: Duration = Duration::from_secs(3);

/// The most bytes of an answer: two thousand channels are half of it.
const MOST: usize = 1024 * 1024;

/// What it looks at of [`crate::health`].
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    status: String,
    version: String,
    active_streams: usize,
    clients: usize,
}

/// Asks the Polychat that listens where `config` says, and tells in a sentence how it does.
///
/// # Errors
/// A sentence about what is wrong.
pub async fn probe(config: &Config) -> Result<String, String> {
    let port = match config.port {
        Some(0) => return Err("Port 0 can be any port. Name the one that Polychat listens on, by --port.".to_owned()),
        port => port.unwrap_or(DEFAULT_PORT),
    };
    let address = SocketAddr::new(reachable(config.bind), port);
    match tokio::time::timeout(PATIENCE, ask(address)).await {
        Ok(Ok(Report { version, active_streams, clients, .. })) => {
            Ok(format!("Polychat {version} runs at http://{address}: {active_streams} channels, {clients} clients."))
        }
        Ok(Err(error)) => Err(format!("No Polychat answers at http://{address}: {error:#}.")),
        Err(_) => {
            Err(format!("What listens at http://{address} did not answer within {} seconds.", PATIENCE.as_secs()))
        }
    }
}

/// An address of this computer at which whoever listens on `bind` can be reached.
fn reachable(bind: IpAddr) -> IpAddr {
    match bind {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

async fn ask(address: SocketAddr) -> anyhow::Result<Report> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let asking = async {
        let request = Request::get("/health").header(header::HOST, address.to_string()).body(Body::empty())?;
        let answer = sender.send_request(request).await?;
        ensure!(answer.status() == StatusCode::OK, "it says {}", answer.status());
        let body = to_bytes(Body::new(answer.into_body()), MOST).await?;
        let report: Report = serde_json::from_slice(&body).context("it says something else")?;
        ensure!(report.status == "ok", "it says \"{:.20}\"", report.status);
        Ok(report)
    };
    tokio::pin!(asking, connection);
    tokio::select! {
        answer = &mut asking => answer,
        // It ends when the answer is there; what was read has to be looked at all the same.
        ended = &mut connection => match ended {
            Ok(()) => asking.await,
            Err(error) => bail!(error),
        },
    }
}
