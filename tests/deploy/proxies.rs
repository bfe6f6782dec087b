//! The lines of docs/reverse-proxy.md, in a real nginx and a real Caddy, where these are installed; without TLS, which is theirs.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};

use super::{Folder, Program, default_port, find, text};

const NAME: &str = "chat.example.com";
const ORIGIN: &str = "https://chat.example.com";
const PATIENCE: Duration = Duration::from_secs(20);

/// The block of this kind in the page.
fn block(kind: &str) -> String {
    let page = text("docs/reverse-proxy.md");
    let (_, after) = page.split_once(&format!("```{kind}\n")).unwrap();
    after.split_once("```").unwrap().0.to_owned()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A proxy that ends with its value.
struct Proxy(Child);

impl Proxy {
    fn start(command: &mut Command, port: u16) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let proxy = Self(child);
        let end = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "{command:?} does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        proxy
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // nginx has children, which it ends when it is asked to.
        _ = Command::new("kill").arg(self.0.id().to_string()).status();
        _ = self.0.wait();
    }
}

/// A Polychat that knows its name, with the demo.
fn polychat(folder: &Path) -> Program {
    Program::start(folder, &["--demo", "--allowed-origins", ORIGIN])
}

fn client() -> Client {
    _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

/// A request through the proxy, as a browser that was told the name sends it.
fn to(port: u16, path: &str, ask: impl Fn(&Client, String) -> RequestBuilder) -> RequestBuilder {
    ask(&client(), format!("http://127.0.0.1:{port}{path}")).header("host", NAME)
}

async fn socket(port: u16, origin: &str) -> Result<Value, tungstenite::Error> {
    let mut request = format!("ws://127.0.0.1:{port}/ws").into_client_request()?;
    request.headers_mut().insert("host", NAME.parse().unwrap());
    request.headers_mut().insert("origin", origin.parse().unwrap());
    let (mut socket, _) = connect_async(request).await?;
    let subscribe = json!({"type": "subscribe", "platform": "twitch", "identifier": "polychat-demo"});
    socket.send(Message::text(subscribe.to_string())).await?;
    let chat = async {
        loop {
            let Message::Text(text) = socket.next().await.expect("it stays open")? else { continue };
            let frame: Value = serde_json::from_str(&text).unwrap();
            if frame["type"] == "chat" {
                return Ok(frame);
            }
        }
    };
    tokio::time::timeout(PATIENCE, chat).await.expect("somebody says something")
}

/// Everything that docs/reverse-proxy.md and docs/security.md say of a proxy.
async fn is_a_good_proxy(port: u16, polychat: &Program, data_dir: &Path) {
    let key = fs::read_to_string(data_dir.join("access-key")).unwrap();
    let key = key.trim();
    let direct = client().get(format!("http://127.0.0.1:{}/", polychat.port)).send().await.unwrap();
    assert!(direct.text().await.unwrap().contains(key), "a person on this computer gets the key");
    let page = to(port, "/", Client::get).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let safe = page.headers().get("strict-transport-security").is_some_and(|value| value == "max-age=31536000");
    assert!(safe, "{:?}", page.headers());
    let page = page.text().await.unwrap();
    assert!(page.contains("<html") && !page.contains(key), "nobody else does");

    let direct = client().get(format!("http://127.0.0.1:{}/metrics", polychat.port)).send().await.unwrap();
    assert_eq!(direct.status(), StatusCode::OK);
    assert_eq!(to(port, "/metrics", Client::get).send().await.unwrap().status(), StatusCode::NOT_FOUND);

    let ask = || to(port, "/api/saved", Client::post).header("origin", ORIGIN).header("sec-fetch-site", "same-origin");
    assert_eq!(ask().send().await.unwrap().status(), StatusCode::FORBIDDEN, "not without the key");
    assert_eq!(ask().bearer_auth(key).send().await.unwrap().status(), StatusCode::OK);
    // As large as a request may be, and as many bytes as it takes to notice that it is too large.
    let large = |bytes: usize| ask().bearer_auth(key).body(format!("{{}}{}", " ".repeat(bytes - 2))).send();
    assert_eq!(large(4 * 1024 * 1024).await.unwrap().status(), StatusCode::OK, "looks come through");

    let chat = socket(port, ORIGIN).await.unwrap();
    assert_eq!((&chat["platform"], &chat["identifier"]), (&json!("twitch"), &json!("polychat-demo")));
    match socket(port, "https://evil.example").await {
        Err(tungstenite::Error::Http(answer)) => assert_eq!(answer.status(), StatusCode::FORBIDDEN),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nginx_with_the_lines_of_the_page_passes_on_what_it_should() {
    let Some(nginx) = find("nginx") else {
        println!("LEFT OUT: nginx is not installed");
        return;
    };
    let folder = Folder::new("nginx");
    let data_dir = folder.0.join("data");
    let polychat = polychat(&data_dir);
    let (http, https) = (free_port(), free_port());
    let mut lines = block("nginx");
    for (from, to) in [
        ("listen 80;", format!("listen 127.0.0.1:{http};")),
        ("listen 443 ssl;", format!("listen 127.0.0.1:{https};")),
        (&format!("127.0.0.1:{}", default_port()), format!("127.0.0.1:{}", polychat.port)),
    ] {
        assert_eq!(lines.matches(from).count(), 1, "{from}");
        lines = lines.replace(from, &to);
    }
    let lines: Vec<&str> = lines.lines().filter(|line| !line.trim_start().starts_with("ssl_")).collect();
    let here = folder.0.display();
    let temp =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|kind| format!("{kind}_temp_path {here}/{kind};"));
    let config = format!(
        "daemon off;\npid {here}/pid;\nerror_log {here}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{}\n{}\n}}\n",
        temp.join("\n"),
        lines.join("\n")
    );
    let file = folder.0.join("nginx.conf");
    // Started by root, it would give its folders to a user who cannot enter ours.
    fs::write(&file, if is_root() { format!("user root;\n{config}") } else { config }).unwrap();
    let mut command = Command::new(nginx);
    command.arg("-p").arg(&folder.0).arg("-e").arg(folder.0.join("error.log")).arg("-c").arg(&file);
    let _proxy = Proxy::start(&mut command, https);
    is_a_good_proxy(https, &polychat, &data_dir).await;
    let moved = to(http, "/dock?x=1", Client::get).send().await.unwrap();
    assert_eq!(moved.status(), StatusCode::MOVED_PERMANENTLY);
    assert_eq!(moved.headers()["location"], format!("{ORIGIN}/dock?x=1"));
    let stranger = client().get(format!("http://127.0.0.1:{https}/")).header("host", "evil.example").send();
    assert_eq!(stranger.await.unwrap().status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn caddy_with_the_lines_of_the_page_passes_on_what_it_should() {
    let Some(caddy) = find("caddy") else {
        println!("LEFT OUT: caddy is not installed");
        return;
    };
    let folder = Folder::new("caddy");
    let data_dir = folder.0.join("data");
    let polychat = polychat(&data_dir);
    let port = free_port();
    let mut lines = block("caddy");
    for (from, to) in [
        (format!("{NAME} {{"), format!("http://{NAME}:{port} {{")),
        (format!("127.0.0.1:{}", default_port()), format!("127.0.0.1:{}", polychat.port)),
    ] {
        assert_eq!(lines.matches(&from).count(), 1, "{from}");
        lines = lines.replace(&from, &to);
    }
    let file = folder.0.join("Caddyfile");
    fs::write(&file, format!("{{\n\tadmin off\n\tauto_https off\n}}\n{lines}")).unwrap();
    let mut command = Command::new(caddy);
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
    command.env("HOME", &folder.0).env("XDG_DATA_HOME", &folder.0).env("XDG_CONFIG_HOME", &folder.0);
    let _proxy = Proxy::start(&mut command, port);
    is_a_good_proxy(port, &polychat, &data_dir).await;
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}
