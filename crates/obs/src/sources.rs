//! Our sources in OBS: which they are, how a new one is made, and how they load their pages anew.

use std::time::Duration;

use polychat_model::obs::{AddToObs, AddedToObs, ObsOutcome, ObsScenes, ObsSource, ObsTrouble, RefreshedObs};
use polychat_model::saved::{MAIN_OVERLAY, is_overlay_name};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Host, Url};

use crate::Failure;
use crate::keeper::{Stop, lost};
use crate::protocol::{Refusal, status};
use crate::session::{AskError, Session};

/// What OBS calls a browser source.
const KIND: &str = "browser_source";

/// The most browser sources that are looked at, and the most scenes that are listed. Chosen by hand: far beyond what a
/// person keeps apart.
const SOURCES: usize = 256;
const SCENES: usize = 500;

/// The most of our own sources that are told of.
const OURS: usize = 32;

/// The longest name that is taken for one, in bytes.
const NAME: usize = 1_024;

/// The most names that are tried for a new source.
const NAMES: u32 = 50;

/// How long another Polychat on this computer may take to say that it is one.
const HEALTH: Duration = Duration::from_millis(800);

/// So much of its answer is looked at, in bytes.
const HEALTH_BYTES: u64 = 4 * 1024;

/// Where this Polychat is, as links in OBS say it.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    port: u16,
    earlier: Vec<u16>,
    elsewhere: Option<String>,
}

/// A link that leads to a page of this Polychat, or once did.
#[derive(Debug, PartialEq)]
struct Ours {
    /// The overlay that it shows; `None` for the page of featured messages.
    overlay: Option<String>,
    /// The port that it has, if it is an earlier one, and the link with the right one.
    moved: Option<(u16, String)>,
}

impl Home {
    pub(crate) fn new(port: u16, earlier: Vec<u16>, elsewhere: Option<String>) -> Self {
        Self { port, earlier, elsewhere }
    }

    /// The link of an overlay. `remote`: OBS is on another computer.
    fn link(&self, remote: bool, overlay: &str) -> Option<String> {
        let host = if remote { self.elsewhere.as_deref()? } else { "127.0.0.1" };
        Some(format!("http://{host}:{}/overlay/{overlay}", self.port))
    }

    fn ours(&self, remote: bool, link: &str) -> Option<Ours> {
        let url = Url::parse(link).ok()?;
        let is_home = match url.host()? {
            // On another computer, these names mean that one.
            Host::Domain(name) => !remote && name == "localhost",
            Host::Ipv4(ip) if ip.is_loopback() => !remote,
            Host::Ipv6(ip) if ip.is_loopback() => !remote,
            host => self.elsewhere.as_ref().is_some_and(|own| *own == host.to_string()),
        };
        let overlay = match url.path() {
            "/featured" | "/featured/" => None,
            path => Some(path.strip_prefix("/overlay/")?.to_owned()),
        };
        if url.scheme() != "http" || !is_home || overlay.as_deref().is_some_and(|name| !is_overlay_name(name)) {
            return None;
        }
        let port = url.port_or_known_default()?;
        if port == self.port {
            return Some(Ours { overlay, moved: None });
        }
        if !self.earlier.contains(&port) {
            return None;
        }
        let mut right = url;
        right.set_port(Some(self.port)).ok()?;
        Some(Ours { overlay, moved: Some((port, right.into())) })
    }
}

/// The page that waits in OBS until Polychat is there, by the name of its file. Its ending may have been numbered by whoever
/// saved it.
fn loaded_by(file: &str) -> Option<String> {
    let name = file.rsplit(['/', '\\']).next()?.strip_prefix("polychat-")?.strip_suffix(".html")?;
    let name = name.split([' ', '(']).next()?;
    is_overlay_name(name).then(|| name.to_owned())
}

/// One of our sources.
struct Source {
    name: String,
    ours: Ours,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inputs {
    inputs: Vec<Input>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    input_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    input_settings: Browser,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Browser {
    url: String,
    is_local_file: bool,
    local_file: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Scenes {
    current_program_scene_name: Option<String>,
    scenes: Vec<Scene>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scene {
    scene_name: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Items {
    scene_items: Vec<Item>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Item {
    source_name: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Active {
    video_active: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Video {
    base_width: u32,
    base_height: u32,
    fps_numerator: f64,
    fps_denominator: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kinds {
    input_kinds: Vec<String>,
}

/// All of ours.
async fn ours(session: &mut Session, home: &Home, remote: bool) -> Result<Vec<Source>, Stop> {
    let Inputs { inputs } = session.ask("GetInputList", json!({"inputKind": KIND})).await?;
    let mut ours = Vec::new();
    for Input { input_name: name } in inputs.into_iter().filter(|input| input.input_name.len() <= NAME).take(SOURCES) {
        // One that was removed a moment ago is refused.
        let asked = session.ask("GetInputSettings", json!({"inputName": name})).await;
        let Some(Settings { input_settings: browser }) = lost(asked).map_err(Stop::Lost)? else { continue };
        let ours_if = if browser.is_local_file {
            loaded_by(&browser.local_file).map(|overlay| Ours { overlay: Some(overlay), moved: None })
        } else {
            home.ours(remote, &browser.url)
        };
        ours.extend(ours_if.map(|ours| Source { name, ours }));
    }
    Ok(ours)
}

/// How ours do.
pub(crate) async fn look(session: &mut Session, home: &Home, remote: bool) -> Result<Vec<ObsSource>, Stop> {
    let overlays = |Source { name, ours }: Source| Some((name, ours.overlay?));
    let ours = ours(session, home, remote).await?.into_iter().filter_map(overlays).take(OURS).collect::<Vec<_>>();
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let scenes: Scenes = session.ask("GetSceneList", json!({})).await?;
    let items = match scenes.current_program_scene_name.filter(|name| name.len() <= NAME) {
        Some(scene) => {
            let asked = session.ask("GetSceneItemList", json!({"sceneName": scene})).await;
            lost::<Items>(asked).map_err(Stop::Lost)?.unwrap_or_default().scene_items
        }
        None => Vec::new(),
    };
    let mut told = Vec::with_capacity(ours.len());
    for (name, overlay) in ours {
        let asked = session.ask("GetSourceActive", json!({"sourceName": name})).await;
        let visible = lost::<Active>(asked).map_err(Stop::Lost)?.is_some_and(|active| active.video_active);
        // What is on air by way of a group or of a scene within the scene is in it, too.
        let in_scene = visible || items.iter().any(|item| item.source_name == name);
        told.push(ObsSource { name, overlay, in_scene, visible });
    }
    told.sort_by(|a, b| (&a.overlay, &a.name).cmp(&(&b.overlay, &b.name)));
    Ok(told)
}

/// Lets ours load their pages anew. Links with an earlier port are given the right one first, which loads them too; `all`: the
/// others as well.
pub(crate) async fn refresh(session: &mut Session, home: &Home, remote: bool, all: bool) -> Result<RefreshedObs, Stop> {
    let mut done = RefreshedObs { refreshed: 0, moved: 0 };
    let mut others = Vec::new();
    for Source { name, ours } in ours(session, home, remote).await? {
        if let Some((port, link)) = ours.moved {
            if !others.iter().any(|(of, _)| *of == port) {
                others.push((port, !remote && is_polychat(port).await));
            }
            // A second Polychat on this computer has its own sources.
            if others.contains(&(port, true)) {
                continue;
            }
            let settings = json!({"inputName": name, "inputSettings": {"url": link}, "overlay": true});
            let set = session.ask::<IgnoredAny>("SetInputSettings", settings).await;
            done.moved += u32::from(lost(set).map_err(Stop::Lost)?.is_some());
        } else if all {
            let press = json!({"inputName": name, "propertyName": "refreshnocache"});
            let pressed = session.ask::<IgnoredAny>("PressInputPropertiesButton", press).await;
            done.refreshed += u32::from(lost(pressed).map_err(Stop::Lost)?.is_some());
        }
    }
    Ok(done)
}

/// The scenes, in the order in which OBS shows them, and what a source can be like.
pub(crate) async fn scenes(session: &mut Session) -> Result<ObsScenes, Stop> {
    let Scenes { scenes, current_program_scene_name: current } = session.ask("GetSceneList", json!({})).await?;
    let Video { base_width: width, base_height: height, .. } = session.ask("GetVideoSettings", json!({})).await?;
    let browser_sources = has_browser_sources(session).await?;
    // OBS counts from below.
    let names = scenes.into_iter().rev().map(|scene| scene.scene_name).filter(|name| name.len() <= NAME);
    let scenes: Vec<String> = names.take(SCENES).collect();
    let current = current.filter(|name| scenes.contains(name));
    Ok(ObsScenes { scenes, current, width, height, browser_sources })
}

async fn has_browser_sources(session: &mut Session) -> Result<bool, Stop> {
    let Kinds { input_kinds } = session.ask("GetInputKindList", json!({"unversioned": true})).await?;
    Ok(input_kinds.iter().any(|kind| kind == KIND))
}

/// Shows an overlay in a scene. A page that shows it already is used again: each is a browser of its own.
pub(crate) async fn add(
    session: &mut Session,
    home: &Home,
    remote: bool,
    AddToObs { overlay, scene, width, height }: &AddToObs,
) -> Result<AddedToObs, Stop> {
    let link = home.link(remote, overlay).ok_or(Stop::Failed(Failure::OutOfReach))?;
    if !has_browser_sources(session).await? {
        return Err(Stop::Failed(Failure::NoBrowserSources));
    }
    let no_scene = |refusal: Refusal| {
        Stop::Failed(match refusal.code {
            status::NOT_FOUND => Failure::NoScene(scene.chars().take(100).collect()),
            _ => Failure::Refused(refusal.comment),
        })
    };
    let known =
        ours(session, home, remote).await?.into_iter().find(|source| source.ours.overlay.as_ref() == Some(overlay));
    if let Some(Source { name: source, ours }) = known {
        if let Some((_, link)) = ours.moved {
            let settings = json!({"inputName": source, "inputSettings": {"url": link}, "overlay": true});
            session.ask::<IgnoredAny>("SetInputSettings", settings).await?;
        }
        let find = json!({"sceneName": scene, "sourceName": source});
        let found = lost(session.ask::<IgnoredAny>("GetSceneItemId", find.clone()).await).map_err(Stop::Lost)?;
        if found.is_some() {
            return Ok(AddedToObs { source, outcome: ObsOutcome::Present });
        }
        refused(session.ask::<IgnoredAny>("CreateSceneItem", find).await)?.map_err(no_scene)?;
        return Ok(AddedToObs { source, outcome: ObsOutcome::Shared });
    }
    let video: Video = session.ask("GetVideoSettings", json!({})).await?;
    // The rate of OBS, which has no use for more.
    let fps = (video.fps_numerator / video.fps_denominator).round();
    let fps = if fps.is_finite() { (fps as u32).clamp(1, 60) } else { 30 };
    let settings = json!({
        "url": link,
        "is_local_file": false,
        "width": width,
        "height": height,
        "fps_custom": false,
        "fps": fps,
        // The page is transparent by itself.
        "css": "",
        // Or the chat would begin anew with every change of the scene.
        "shutdown": false,
        "restart_when_active": false,
        // The page makes no sound, so it needs no place in the mixer.
        "reroute_audio": false,
    });
    for source in names(overlay) {
        let create = json!({"sceneName": scene, "inputName": source, "inputKind": KIND, "inputSettings": settings,
            "sceneItemEnabled": true});
        match refused(session.ask::<Value>("CreateInput", create).await)? {
            Ok(_) => return Ok(AddedToObs { source, outcome: ObsOutcome::Created }),
            Err(refusal) if refusal.code == status::EXISTS => {}
            Err(refusal) => return Err(no_scene(refusal)),
        }
    }
    Err(Stop::Failed(Failure::Refused("every name for the source is taken.".to_owned())))
}

/// What a new source may be called, the best first. Sources and scenes share their names.
fn names(overlay: &str) -> impl Iterator<Item = String> {
    let name = if overlay == MAIN_OVERLAY { "Polychat".to_owned() } else { format!("Polychat {overlay}") };
    (1..=NAMES).map(move |n| if n == 1 { name.clone() } else { format!("{name} {n}") })
}

/// Keeps what OBS refuses apart from a lost connection.
fn refused<T>(asked: Result<T, AskError>) -> Result<Result<T, Refusal>, Stop> {
    match asked {
        Ok(answer) => Ok(Ok(answer)),
        Err(AskError::Refused(refusal)) => Ok(Err(refusal)),
        Err(AskError::Lost(trouble)) => Err(Stop::Lost(trouble)),
    }
}

/// Whether a Polychat of its own answers at this port.
async fn is_polychat(port: u16) -> bool {
    let asking = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        let ask = format!("GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.take(HEALTH_BYTES).read_to_end(&mut answer).await.ok()?;
        Some(String::from_utf8_lossy(&answer).contains("\"activeStreams\":"))
    };
    timeout(HEALTH, asking).await.ok().flatten().unwrap_or(false)
}

impl From<ObsTrouble> for Stop {
    fn from(trouble: ObsTrouble) -> Self {
        Self::Lost(trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Home {
        Home::new(7118, vec![7117, 9000], Some("192.168.1.5".to_owned()))
    }

    #[test]
    fn only_links_to_overlays_of_this_polychat_are_ours() {
        let home = home();
        let overlay = |link: &str| home.ours(false, link).and_then(|ours| ours.overlay);
        for link in [
            "http://127.0.0.1:7118/overlay/main",
            "http://localhost:7118/overlay/main?look=neon",
            "http://[::1]:7118/overlay/main#x",
            "http://192.168.1.5:7118/overlay/main",
        ] {
            assert_eq!(overlay(link).as_deref(), Some("main"), "{link}");
        }
        for link in [
            "",
            "https://127.0.0.1:7118/overlay/main",
            "http://127.0.0.1:3000/overlay/main",
            "http://127.0.0.1:7118/overlay/",
            "http://127.0.0.1:7118/overlay/a/b",
            "http://127.0.0.1:7118/overlay/%2e%2e",
            "http://127.0.0.1:7118/looks",
            "http://192.168.1.6:7118/overlay/main",
            "http://evil.example:7118/overlay/main",
            "http://localhost.evil.example:7118/overlay/main",
            "file:///overlay/main",
        ] {
            assert_eq!(overlay(link), None, "{link}");
        }
        let featured =
            home.ours(false, "http://127.0.0.1:7117/featured?overlay=main").expect("the featured page is ours");
        assert_eq!((featured.overlay, featured.moved.is_some()), (None, true));
        let remote = |link| home.ours(true, link).and_then(|ours| ours.overlay);
        assert_eq!(remote("http://127.0.0.1:7118/overlay/main"), None, "there, that is another computer");
        assert_eq!(remote("http://192.168.1.5:7118/overlay/side").as_deref(), Some("side"));
    }

    #[test]
    fn a_link_with_an_earlier_port_is_given_the_right_one_and_keeps_the_rest() {
        let ours = home().ours(false, "http://127.0.0.1:7117/overlay/main?look=neon&limit=5").expect("it was ours");
        let right = "http://127.0.0.1:7118/overlay/main?look=neon&limit=5".to_owned();
        assert_eq!(ours.moved, Some((7117, right)));
    }

    #[test]
    fn a_file_that_waits_for_polychat_is_known_by_its_name() {
        for file in ["/srv/obs/polychat-main.html", r"C:\obs\polychat-main.html", "polychat-main (1).html"] {
            assert_eq!(loaded_by(file).as_deref(), Some("main"), "{file}");
        }
        for file in ["", "main.html", "polychat-.html", "polychat-main.htm", "/polychat-main.html/x"] {
            assert_eq!(loaded_by(file), None, "{file}");
        }
    }

    #[test]
    fn a_source_has_a_name_that_is_free() {
        assert_eq!(names("main").take(2).collect::<Vec<_>>(), ["Polychat", "Polychat 2"]);
        assert_eq!(names("side").next().as_deref(), Some("Polychat side"));
        assert_eq!(names("side").count(), 50);
    }
}
