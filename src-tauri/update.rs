//! New versions of the program: the page of releases is asked for them, and one is installed when the person says so. Nothing
//! is ever downloaded, installed or begun anew by itself: somebody may be live.
//!
//! What is downloaded has to be signed with the key of whoever publishes this program. Their packages carry its public half and
//! the address of the newest version (docs/releasing.md); a build without them has no part of this.

mod copy;
mod problem;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use polychat_model::command::{CommandError, CommandErrorCode};
use polychat_model::update::{NewVersion, Renewal, Update, UpdateStep};
use polychat_platforms::http::{Http, HttpError, Manner};
use serde::Deserialize;
use serde_json::Value;
use tauri::{AppHandle, Config, Emitter as _, Manager};
use tauri_plugin_updater::UpdaterExt as _;
use tokio::sync::{Notify, watch};
use tracing::{info, warn};
use url::Url;

use crate::program::Program;
use crate::words::say;
use crate::{control, native};
use copy::Copy;
use problem::Problem;

/// How the page of releases is asked. It answers with the notes and one signature for each system, about 10 KiB.
const MANNER: Manner = Manner {
    agent: concat!("polychat/", env!("CARGO_PKG_VERSION")),
    connect_timeout: CONNECT,
    body_max_bytes: 256 * 1024,
    detour: |_| false,
};
/// How long a connection may take to be made. Chosen by hand.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the page of releases may take to answer.
const ANSWER: Duration = Duration::from_secs(20);
/// How long a download may stand still, and how long it may take in all: the largest package over a slow line.
const SILENCE: Duration = Duration::from_secs(30);
const DOWNLOAD: Duration = Duration::from_secs(2 * 60 * 60);
/// The largest package that is taken. An `AppImage` has about 90 MiB.
const LARGEST: u64 = 300 * 1024 * 1024;
/// What is shown of the notes, in letters, and of the number of a version.
const NOTES: usize = 4_000;
const VERSION: usize = 40;
/// When to look by itself: once everything has begun, then every day. The clock of the wall is asked every hour, as a computer
/// that sleeps counts no time.
const FIRST: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_secs(60 * 60);
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// How often the page is told of a download that goes on.
const TELLING: Duration = Duration::from_millis(200);

/// What the packager has built in, as the updater's plugin reads it.
#[derive(Debug, Clone, Deserialize)]
struct BuiltIn {
    pubkey: String,
    endpoints: Vec<Url>,
}

/// Where a copy of the program learns of new versions, if it does.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Where the newest version is told of.
    address: Option<Url>,
    copy: Copy,
    first: Duration,
    /// In bytes.
    largest: u64,
}

impl Source {
    /// What is built into this program. In a debug build a test gives its own.
    pub(crate) fn of(config: &mut Config) -> Self {
        #[cfg_attr(not(debug_assertions), expect(unused_mut, reason = "only tests change them"))]
        let (mut copy, mut first, mut largest) = (Copy::this(), FIRST, LARGEST);
        #[cfg(debug_assertions)]
        if let Some(trial) = Trial::from_environment() {
            (first, largest) = (Duration::from_millis(trial.first_ms), trial.largest);
            copy.package = trial.package();
            let built_in = serde_json::json!({
                "pubkey": trial.pubkey, "endpoints": [trial.address], "requireSignedVersion": true,
            });
            config.plugins.0.insert("updater".to_owned(), built_in);
        }
        let address = config.plugins.0.get("updater").and_then(address);
        if address.is_none() {
            // Or the plugin would not start, and with it the program.
            config.plugins.0.remove("updater");
        }
        Self { address, copy, first, largest }
    }

    /// Whether there is anything to ask.
    pub(crate) fn is_known(&self) -> bool {
        self.address.is_some()
    }
}

/// The address, if the plugin can live with what is built in.
fn address(built_in: &Value) -> Option<Url> {
    let BuiltIn { pubkey, endpoints } = serde_json::from_value(built_in.clone()).ok()?;
    let [address] = <[Url; 1]>::try_from(endpoints).ok()?;
    let is_safe = address.scheme() == "https" || (cfg!(debug_assertions) && address.scheme() == "http");
    (is_safe && !pubkey.is_empty()).then_some(address)
}

/// What a test gives in place of what a packager builds in. Only debug builds know of it.
#[cfg(debug_assertions)]
#[derive(Debug, Deserialize)]
struct Trial {
    pubkey: String,
    address: Url,
    package: String,
    first_ms: u64,
    largest: u64,
}

#[cfg(debug_assertions)]
impl Trial {
    fn from_environment() -> Option<Self> {
        serde_json::from_str(&std::env::var("POLYCHAT_TEST_UPDATE").ok()?).ok()
    }

    fn package(&self) -> Option<tauri::utils::config::BundleType> {
        use tauri::utils::config::BundleType;
        [BundleType::AppImage, BundleType::Deb].into_iter().find(|kind| kind.to_string() == self.package)
    }
}

/// What is known and what goes on. The page is told of every change.
#[derive(Clone, Default)]
struct State {
    step: UpdateStep,
    found: Option<Found>,
    looked_at: Option<i64>,
    problem: Option<Problem>,
}

/// A newer version: for the person, and for the one who installs it.
#[derive(Clone)]
struct Found {
    told: NewVersion,
    package: tauri_plugin_updater::Update,
}

/// New versions of this program.
pub(crate) struct Updates {
    renewal: Renewal,
    address: Option<Url>,
    /// The file that is replaced.
    program: PathBuf,
    /// The largest package that is taken, in bytes.
    largest: u64,
    http: Http,
    state: watch::Sender<State>,
    /// The download that goes on is not wanted any more.
    given_up: watch::Sender<bool>,
}

/// Begins to look for new versions, where that makes sense.
pub(crate) fn start(app: &AppHandle, program: &Arc<Program>, source: Source) {
    let renewal = source.copy.renewal(source.is_known());
    // A package manager does not want to be asked about what it does.
    let address = source.address.filter(|_| matches!(renewal, Renewal::Itself | Renewal::Person));
    info!(?renewal, "new versions");
    let replaced = source.copy.appimage.filter(|_| cfg!(target_os = "linux")).unwrap_or(source.copy.program);
    let updates = Arc::new(Updates {
        renewal,
        address,
        program: replaced,
        largest: source.largest,
        http: Http::new(MANNER),
        state: watch::Sender::default(),
        given_up: watch::Sender::new(false),
    });
    app.manage(updates.clone());
    if updates.address.is_some() {
        tauri::async_runtime::spawn(tell_the_page(app.clone(), program.clone(), updates.state.subscribe()));
        tauri::async_runtime::spawn(look_daily(app.clone(), program.clone(), updates, source.first));
    }
}

/// How it is with new versions.
pub(crate) fn report(app: &AppHandle) -> Update {
    let Some(updates) = app.try_state::<Arc<Updates>>() else { return Update::default() };
    let State { step, found, looked_at, problem } = updates.state.borrow().clone();
    Update {
        renewal: updates.renewal,
        host: updates.address.as_ref().and_then(Url::host_str).map(str::to_owned),
        step,
        found: found.map(|found| found.told),
        looked_at,
        problem: problem.and_then(|problem| problem.sentence()),
    }
}

/// Asks the page of releases. The answer comes by the page's own way.
///
/// # Errors
/// A sentence for people.
pub(crate) fn look(app: &AppHandle) -> Result<(), CommandError> {
    let updates = app.state::<Arc<Updates>>().inner().clone();
    if updates.address.is_none() {
        return Err(not_here());
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move { updates.look(&app, true).await });
    Ok(())
}

/// Downloads what was found, puts it in this program's place, and begins anew.
///
/// # Errors
/// A sentence for people.
pub(crate) fn install(app: &AppHandle) -> Result<(), CommandError> {
    let updates = app.state::<Arc<Updates>>().inner().clone();
    if updates.renewal != Renewal::Itself {
        return Err(not_here());
    }
    let Some(found) = updates.begin_download() else {
        return Err(CommandError { code: CommandErrorCode::NotFound, message: say("update.nothing").to_owned() });
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(problem) = updates.install(&app, found).await {
            warn!(?problem, "the new version was not installed");
            updates.state.send_modify(|state| {
                state.step = UpdateStep::Idle;
                state.problem = Some(problem);
            });
        }
    });
    Ok(())
}

/// Gives the download up.
pub(crate) fn cancel(app: &AppHandle) {
    let updates = app.state::<Arc<Updates>>();
    if matches!(updates.state.borrow().step, UpdateStep::Downloading { .. }) {
        updates.given_up.send_replace(true);
    }
}

fn not_here() -> CommandError {
    CommandError { code: CommandErrorCode::Forbidden, message: say("update.notHere").to_owned() }
}

impl Updates {
    /// Looks for a newer version. What goes wrong is told if the person wants to know now.
    async fn look(&self, app: &AppHandle, by_hand: bool) {
        let begun = self.state.send_if_modified(|state| {
            let idle = state.step == UpdateStep::Idle;
            if idle {
                state.step = UpdateStep::Looking;
                state.problem = None;
            }
            idle
        });
        if !begun {
            return;
        }
        let answer = self.newest(app).await;
        match &answer {
            Ok(Some(found)) => info!(version = found.told.version, "there is a newer version"),
            Ok(None) => info!("this is the newest version"),
            Err(problem) => warn!(?problem, "no newer version was looked for"),
        }
        self.state.send_modify(|state| {
            state.step = UpdateStep::Idle;
            match answer {
                Ok(found) => {
                    state.found = found;
                    state.looked_at = Some(now_ms());
                }
                Err(problem) => state.problem = by_hand.then_some(problem),
            }
        });
    }

    /// The newest version, if it is newer than this one.
    async fn newest(&self, app: &AppHandle) -> Result<Option<Found>, Problem> {
        let address = self.address.clone().ok_or(Problem::NoRelease)?;
        let body = self.http.get(address.clone(), ANSWER).await.map_err(|error| Problem::of_asking(&error))?;
        let answer: Value = serde_json::from_slice(&body).map_err(|_| Problem::of_asking(&HttpError::Shape))?;
        let stopping = app.clone();
        // Not newer is the same as none: there is no way back to an older version but by hand.
        let updater = app
            .updater_builder()
            .target(target())
            .configure_client(move |client| {
                client.connect_timeout(CONNECT).read_timeout(SILENCE).no_gzip().https_only(!cfg!(debug_assertions))
            })
            // On Windows the installer ends this program: everything has to be kept before.
            .on_before_exit(move || {
                if let Some(program) = stopping.try_state::<Arc<Program>>() {
                    tauri::async_runtime::block_on(program.stop(&stopping));
                }
                stopping.cleanup_before_exit();
            })
            .build()
            .map_err(|error| Problem::of(error, &self.program))?;
        // Unlike the plugin's own way to ask, this one refuses what is not signed for the version that is told.
        let newer = updater.restore_update(answer).map_err(|error| Problem::of(error, &self.program))?;
        let Some(mut package) = newer else { return Ok(None) };
        package.timeout = Some(DOWNLOAD);
        package.no_proxy = is_loopback(&package.download_url);
        let told = told(&package, &address).ok_or(Problem::Unreadable)?;
        Ok(Some(Found { told, package }))
    }

    /// What to install, once nothing else goes on.
    fn begin_download(&self) -> Option<Found> {
        let mut begun = None;
        self.state.send_if_modified(|state| {
            if state.step == UpdateStep::Idle
                && let Some(found) = &state.found
            {
                self.given_up.send_replace(false);
                begun = Some(found.clone());
                state.step = UpdateStep::Downloading { bytes: 0, of: found.told.size };
                state.problem = None;
            }
            begun.is_some()
        });
        begun
    }

    async fn install(&self, app: &AppHandle, found: Found) -> Result<(), Problem> {
        let program = self.program.clone();
        let other = |error: tokio::task::JoinError| Problem::Other(error.to_string());
        tokio::task::spawn_blocking(move || may_replace(&program)).await.map_err(other)??;
        let package = self.download(&found.package).await?;
        self.state.send_modify(|state| state.step = UpdateStep::Installing);
        info!(version = found.told.version, "the new version is installed");
        let installed = tokio::task::spawn_blocking(move || found.package.install(package)).await.map_err(other)?;
        let ending = app.state::<Arc<Program>>().inner().clone();
        if installed.is_err() && !ending.has_stopped() {
            return installed.map_err(|error| Problem::of(error, &self.program));
        }
        if let Err(error) = installed {
            // Everything was stopped for an installer that did not start: this version begins anew.
            warn!(%error, "the installer does not start");
        }
        ending.begin_anew(app);
        Ok(())
    }

    async fn download(&self, package: &tauri_plugin_updater::Update) -> Result<Vec<u8>, Problem> {
        let mut bytes = 0;
        let (too_large, mut given_up) = (Notify::new(), self.given_up.subscribe());
        let heard = |chunk: usize, of: Option<u64>| {
            bytes += chunk as u64;
            if bytes > self.largest || of.is_some_and(|of| of > self.largest) {
                too_large.notify_one();
            }
            self.state.send_modify(|state| {
                if let UpdateStep::Downloading { of: known, .. } = state.step {
                    state.step = UpdateStep::Downloading { bytes, of: of.or(known) };
                }
            });
        };
        tokio::select! {
            biased;
            _ = given_up.wait_for(|is| *is) => Err(Problem::GivenUp),
            () = too_large.notified() => Err(Problem::TooLarge),
            // It is checked before it is given.
            package = package.download(heard, || ()) => package.map_err(|error| Problem::of(error, &self.program)),
        }
    }
}

/// The name under which the newest version has a package for this system: the kind that may replace itself.
fn target() -> String {
    let (system, package) = match std::env::consts::OS {
        "macos" => ("darwin", "app"),
        "windows" => ("windows", "nsis"),
        system => (system, "appimage"),
    };
    format!("{system}-{}-{package}", std::env::consts::ARCH)
}

/// What the person is told of a version. `None` if its number is none that anybody gives.
fn told(package: &tauri_plugin_updater::Update, address: &Url) -> Option<NewVersion> {
    let answer = &package.raw_json;
    let page = answer["page"].as_str().and_then(|page| Url::parse(page).ok());
    Some(NewVersion {
        version: Some(package.version.clone()).filter(|version| version.len() <= VERSION)?,
        notes: plain(package.body.as_deref().unwrap_or_default()),
        // A link leads to where the releases are and nowhere else.
        page: page.filter(|page| page.scheme() == "https" && page.host() == address.host()).map(String::from),
        size: answer["platforms"][target()]["size"].as_u64().filter(|size| (1..=LARGEST).contains(size)),
    })
}

/// Text as it may be shown: without signs that are none, or that turn the order of others, and not endless.
fn plain(notes: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut left = notes.trim().chars().filter(|c| (!c.is_control() || *c == '\n') && !turns(*c));
    let mut text: String = left.by_ref().take(NOTES).collect();
    if left.next().is_some() {
        text.push('…');
    }
    text
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// Whether this program's file can be replaced, so that nobody waits for a download in vain. Installers find out themselves.
fn may_replace(program: &Path) -> Result<(), Problem> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let refused = |error: std::io::Error| Problem::of_file(&error, program);
    program.metadata().map_err(refused)?;
    let folder = program.parent().unwrap_or(Path::new("/"));
    // It goes again at once.
    tempfile::Builder::new().prefix(".polychat-").tempfile_in(folder).map(drop).map_err(refused)
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Tells the page what goes on, but not of every piece of a download.
async fn tell_the_page(app: AppHandle, program: Arc<Program>, mut state: watch::Receiver<State>) {
    while state.changed().await.is_ok() {
        if let Err(error) = app.emit_to(control::LABEL, "desktop", native::desktop(&app, &program)) {
            warn!(%error, "the page was not told");
        }
        tokio::time::sleep(TELLING).await;
    }
}

/// Looks for a newer version once a day, where the person has not turned that off.
async fn look_daily(app: AppHandle, program: Arc<Program>, updates: Arc<Updates>, first: Duration) {
    let mut pause = first;
    let mut tried_at: Option<i64> = None;
    while !program.is_ending() {
        tokio::time::sleep(pause).await;
        pause = AGAIN;
        let wanted = program.server.saved().borrow().settings.look_for_updates.unwrap_or(true);
        let now = now_ms();
        // A clock that was set back does not stop this.
        if wanted && tried_at.is_none_or(|at| now - at >= DAY_MS || now < at) {
            tried_at = Some(now);
            updates.look(&app, false).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_whole_key_and_one_safe_address_are_a_source() {
        let ask = |built_in| address(&built_in);
        let url = "https://github.com/o/r/releases/latest/download/latest.json";
        assert_eq!(ask(json!({"pubkey": "x", "endpoints": [url]})).unwrap().as_str(), url);
        for none in [
            json!({}),
            json!({"pubkey": "", "endpoints": [url]}),
            json!({"pubkey": "x", "endpoints": []}),
            json!({"pubkey": "x", "endpoints": [url, url]}),
            json!({"pubkey": "x", "endpoints": ["file:///etc/passwd"]}),
            json!({"pubkey": "x", "endpoints": ["nonsense"]}),
        ] {
            assert_eq!(ask(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn what_is_built_in_badly_does_not_reach_the_plugin() {
        let mut config = Config::default();
        config.plugins.0.insert("updater".to_owned(), json!({"pubkey": 1}));
        let source = Source::of(&mut config);
        assert!(!source.is_known() && !config.plugins.0.contains_key("updater"));
    }

    #[test]
    fn notes_are_plain_and_have_an_end() {
        assert_eq!(plain(" a\u{202e}b\u{7}\r\n<b>c</b> \n"), "ab\n<b>c</b>");
        let long = plain(&"é".repeat(NOTES + 1));
        assert_eq!((long.chars().count(), long.ends_with('…')), (NOTES + 1, true));
        assert_eq!(plain(&"é".repeat(NOTES)).chars().count(), NOTES);
    }

    #[test]
    fn a_file_that_cannot_be_replaced_is_found_out_before_the_download() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("Polychat.AppImage");
        let missing = may_replace(&program);
        std::fs::write(&program, "").unwrap();
        if cfg!(target_os = "linux") {
            assert_eq!(missing, Err(Problem::Gone(program.display().to_string())));
        }
        assert_eq!(may_replace(&program), Ok(()));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }
}
