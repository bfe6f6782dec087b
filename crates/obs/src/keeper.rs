//! The task that keeps the connection: as long as it is wanted, with pauses between attempts, in plain sentences.

use std::sync::Arc;
use std::time::Duration;

use polychat_model::obs::{
    AddToObs, AddedToObs, OBS_ADDRESS, ObsLink, ObsNow, ObsScenes, ObsSource, ObsTrouble, RefreshedObs,
};
use polychat_model::saved::{Saved, Secret};
use rand::RngExt;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{debug, info};

use crate::session::{AskError, Session};
use crate::sources::{self, Home};
use crate::{Address, Failure, Fixed, ObsConfig, ObsTimings};

/// After how long a connection was a good one, and the pauses begin anew.
const HEALTHY: Duration = Duration::from_secs(60);

/// The longest version that is passed on, in characters.
const VERSION: usize = 40;

/// The longest pause between two attempts after OBS said that the password is wrong is this many times the first: it is not
/// right the next time either, unless somebody changes it.
const PATIENCE: u32 = 10;

type Reply<T> = oneshot::Sender<Result<T, Failure>>;

/// What a person wants done.
#[derive(Debug)]
pub(crate) enum Order {
    Scenes(Reply<ObsScenes>),
    Add(AddToObs, Reply<AddedToObs>),
    Refresh(Reply<RefreshedObs>),
    Wake,
}

impl Order {
    /// Answers that there is no connection.
    fn refuse(self, why: String) {
        let why = Failure::NotConnected(why);
        match self {
            Self::Scenes(reply) => _ = reply.send(Err(why)),
            Self::Add(_, reply) => _ = reply.send(Err(why)),
            Self::Refresh(reply) => _ = reply.send(Err(why)),
            Self::Wake => {}
        }
    }
}

/// Where OBS is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    address: Address,
    password: Option<Secret>,
}

/// Why a connection ended.
enum End {
    /// Something else is wanted.
    Changed,
    Lost(ObsTrouble),
}

/// Why work on a connection was not finished.
pub(crate) enum Stop {
    Failed(Failure),
    Lost(ObsTrouble),
}

impl From<AskError> for Stop {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Refused(refusal) => Self::Failed(Failure::Refused(refusal.comment)),
            AskError::Lost(trouble) => Self::Lost(trouble),
        }
    }
}

/// What is wanted, by what is saved or was set when the program was started.
struct Wish {
    fixed: Option<Fixed>,
    saved: watch::Receiver<Arc<Saved>>,
}

impl Wish {
    fn now(&mut self) -> Option<Wanted> {
        if let Some(Fixed { address, password }) = &self.fixed {
            return Some(Wanted { address: address.clone(), password: password.clone() });
        }
        let saved = self.saved.borrow_and_update();
        let settings = &saved.settings.obs;
        // What is saved was held against the rules; a file may still hold anything.
        let address = settings.address.as_deref().unwrap_or(OBS_ADDRESS);
        let (address, _) = settings.on.then(|| Address::parse(address).ok()).flatten()?;
        Some(Wanted { address, password: saved.secrets.obs_password.clone() })
    }

    /// Waits until something else is wanted. Can be dropped at any time without losing anything.
    async fn changed(&mut self, from: Option<&Wanted>) {
        loop {
            if self.saved.changed().await.is_err() {
                // Nothing more will change: the program stops.
                std::future::pending::<()>().await;
            }
            if self.now().as_ref() != from {
                return;
            }
        }
    }
}

pub(crate) struct Keeper {
    wish: Wish,
    home: Home,
    timings: ObsTimings,
    told: watch::Sender<ObsNow>,
    orders: mpsc::Receiver<Order>,
    /// Our sources have loaded their pages anew since the program was started.
    refreshed: bool,
}

impl Keeper {
    pub(crate) fn new(
        config: ObsConfig,
        saved: watch::Receiver<Arc<Saved>>,
        told: watch::Sender<ObsNow>,
        orders: mpsc::Receiver<Order>,
    ) -> Self {
        let home = Home::new(config.port, config.earlier_ports, config.elsewhere);
        let wish = Wish { fixed: config.fixed, saved };
        Self { wish, home, timings: config.timings, told, orders, refreshed: false }
    }

    pub(crate) async fn run(mut self) {
        let mut attempts = 0_u32;
        loop {
            let Some(wanted) = self.wish.now() else {
                self.told.send_if_modified(|now| std::mem::take(now) != ObsNow::default());
                attempts = 0;
                self.idle().await;
                continue;
            };
            let began = Instant::now();
            let trouble = match self.connection(&wanted).await {
                End::Changed => {
                    attempts = 0;
                    continue;
                }
                End::Lost(trouble) => trouble,
            };
            attempts = if began.elapsed() > HEALTHY { 1 } else { attempts.saturating_add(1) };
            self.wait(&wanted, trouble, attempts).await;
        }
    }

    /// Nobody wants OBS. Orders are refused.
    async fn idle(&mut self) {
        loop {
            tokio::select! {
                () = self.wish.changed(None) => return,
                order = next(&mut self.orders) => {
                    order.refuse("Polychat is not connected to OBS. Turn that on first.".to_owned());
                }
            }
        }
    }

    /// The pause before the next attempt.
    async fn wait(&mut self, wanted: &Wanted, trouble: ObsTrouble, attempts: u32) {
        let (first, longest) = self.timings.retry;
        let pause = first.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(longest);
        let pause = match trouble {
            ObsTrouble::PasswordWrong | ObsTrouble::PasswordMissing | ObsTrouble::OtherVersion => {
                pause.max(first.saturating_mul(PATIENCE).min(longest))
            }
            _ => pause,
        };
        let pause = pause.mul_f64(rand::rng().random_range(0.9..1.1));
        let message = sentence(trouble, &wanted.address);
        let is_news = self.told.borrow().trouble != Some(trouble);
        if is_news {
            info!(?trouble, "no connection to OBS");
        } else {
            debug!(?trouble, retry_ms = pause.as_millis() as u64, "still no connection to OBS");
        }
        self.told.send_replace(ObsNow {
            link: ObsLink::Waiting,
            trouble: Some(trouble),
            message: Some(message.clone()),
            retry_in_ms: Some(pause.as_millis() as u64),
            ..ObsNow::default()
        });
        // What waited meanwhile was for the attempt that has just failed.
        while let Ok(order) = self.orders.try_recv() {
            order.refuse(message.clone());
        }
        let until = Instant::now() + pause;
        loop {
            tokio::select! {
                () = sleep_until(until) => return,
                () = self.wish.changed(Some(wanted)) => return,
                order = next(&mut self.orders) => match order {
                    Order::Wake => return,
                    order => order.refuse(message.clone()),
                },
            }
        }
    }

    /// One connection, until it ends.
    async fn connection(&mut self, wanted: &Wanted) -> End {
        self.told.send_if_modified(|now| {
            // While it is tried again, the reason of the last time stays to be read.
            let (trouble, message) = (now.trouble, now.message.clone());
            let next = ObsNow { link: ObsLink::Connecting, trouble, message, ..ObsNow::default() };
            std::mem::replace(now, next.clone()) != next
        });
        let opening = Session::open(&wanted.address, wanted.password.as_ref(), self.timings);
        let mut session = tokio::select! {
            () = self.wish.changed(Some(wanted)) => return End::Changed,
            opened = opening => match opened {
                Ok(session) => session,
                Err(trouble) => return End::Lost(trouble),
            },
        };
        match self.converse(&mut session, wanted).await {
            Ok(()) => {
                session.close().await;
                End::Changed
            }
            Err(trouble) => End::Lost(trouble),
        }
    }

    /// Ends when something else is wanted.
    async fn converse(&mut self, session: &mut Session, wanted: &Wanted) -> Result<(), ObsTrouble> {
        let version: Version = lost(session.ask("GetVersion", json!({})).await)?.unwrap_or_default();
        let version: String = version.obs_version.chars().take(VERSION).collect();
        info!(version, "connected to OBS");
        let remote = !wanted.address.is_here();
        // When the program was started, pages may be of its earlier start, or none.
        let everything = !std::mem::replace(&mut self.refreshed, true);
        match self.in_time(sources::refresh(session, &self.home, remote, everything)).await {
            Ok(done) if done.refreshed + done.moved > 0 => {
                info!(refreshed = done.refreshed, moved = done.moved, "sources in OBS load their pages anew");
            }
            Ok(_) => {}
            Err(Stop::Failed(failure)) => debug!(%failure, "sources in OBS were not refreshed"),
            Err(Stop::Lost(trouble)) => return Err(trouble),
        }
        let mut look_at = Instant::now();
        loop {
            if session.changed {
                look_at = look_at.min(Instant::now() + self.timings.settle);
                session.changed = false;
            }
            tokio::select! {
                () = self.wish.changed(Some(wanted)) => return Ok(()),
                order = next(&mut self.orders) => {
                    self.carry_out(session, remote, order).await?;
                    look_at = Instant::now();
                }
                heard = session.listen() => heard?,
                () = sleep_until(look_at) => {
                    let now = self.look(session, remote, &version).await?;
                    self.told.send_if_modified(|told| std::mem::replace(told, now.clone()) != now);
                    look_at = Instant::now() + self.timings.look;
                }
            }
        }
    }

    async fn carry_out(&self, session: &mut Session, remote: bool, order: Order) -> Result<(), ObsTrouble> {
        match order {
            Order::Scenes(reply) => answer(reply, self.in_time(sources::scenes(session)).await),
            Order::Add(what, reply) => {
                answer(reply, self.in_time(sources::add(session, &self.home, remote, &what)).await)
            }
            Order::Refresh(reply) => {
                answer(reply, self.in_time(sources::refresh(session, &self.home, remote, true)).await)
            }
            Order::Wake => Ok(()),
        }
    }

    /// An OBS that answers everything, but slowly, must not hold anybody for ever.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
        timeout(self.timings.work, work).await.unwrap_or(Err(Stop::Lost(ObsTrouble::Silent)))
    }

    /// How OBS does.
    async fn look(&self, session: &mut Session, remote: bool, version: &str) -> Result<ObsNow, ObsTrouble> {
        // An OBS that has no such output refuses.
        let streaming = lost(session.ask::<Output>("GetStreamStatus", json!({})).await)?.unwrap_or_default();
        let recording = lost(session.ask::<Output>("GetRecordStatus", json!({})).await)?.unwrap_or_default();
        let sources: Vec<ObsSource> = match self.in_time(sources::look(session, &self.home, remote)).await {
            Ok(sources) => sources,
            Err(Stop::Failed(failure)) => {
                debug!(%failure, "sources in OBS cannot be looked at");
                Vec::new()
            }
            Err(Stop::Lost(trouble)) => return Err(trouble),
        };
        Ok(ObsNow {
            link: ObsLink::Connected,
            version: (!version.is_empty()).then(|| version.to_owned()),
            streaming: streaming.output_active,
            recording: recording.output_active,
            sources,
            ..ObsNow::default()
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Version {
    obs_version: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Output {
    output_active: bool,
}

/// The next order. Pending for ever when nobody can give one any more.
async fn next(orders: &mut mpsc::Receiver<Order>) -> Order {
    match orders.recv().await {
        Some(order) => order,
        None => std::future::pending().await,
    }
}

/// A refusal is no answer; a lost connection ends the work.
pub(crate) fn lost<T>(asked: Result<T, AskError>) -> Result<Option<T>, ObsTrouble> {
    match asked {
        Ok(answer) => Ok(Some(answer)),
        Err(AskError::Refused(refusal)) => {
            debug!(code = refusal.code, comment = refusal.comment, "OBS refuses a request");
            Ok(None)
        }
        Err(AskError::Lost(trouble)) => Err(trouble),
    }
}

fn answer<T>(reply: Reply<T>, done: Result<T, Stop>) -> Result<(), ObsTrouble> {
    let (told, end) = match done {
        Ok(done) => (Ok(done), Ok(())),
        Err(Stop::Failed(failure)) => (Err(failure), Ok(())),
        Err(Stop::Lost(trouble)) => {
            let text = "The connection to OBS was lost meanwhile. Try again.".to_owned();
            (Err(Failure::NotConnected(text)), Err(trouble))
        }
    };
    // Whoever asked may have gone.
    _ = reply.send(told);
    end
}

/// Why there is no connection, with what helps.
fn sentence(trouble: ObsTrouble, address: &Address) -> String {
    let at = address.short();
    match trouble {
        ObsTrouble::NotThere => format!(
            "OBS does not answer at {at}. Start OBS, and turn its server on: Tools, WebSocket Server Settings, Enable \
             WebSocket server."
        ),
        ObsTrouble::Silent => format!("What is at {at} does not answer. If it is OBS, start it again."),
        ObsTrouble::NotObs => {
            format!("What answers at {at} is not OBS 28 or newer. In OBS, Tools, WebSocket Server Settings has the port.")
        }
        ObsTrouble::PasswordMissing => {
            "OBS wants a password. It is in OBS: Tools, WebSocket Server Settings, Show Connect Info.".to_owned()
        }
        ObsTrouble::PasswordWrong => {
            "OBS does not take the password. The right one is in OBS: Tools, WebSocket Server Settings, Show Connect Info."
                .to_owned()
        }
        ObsTrouble::OtherVersion => "OBS speaks another version of its protocol than Polychat. Update both.".to_owned(),
        ObsTrouble::Closed => "OBS was closed. Polychat connects again when it is back.".to_owned(),
        ObsTrouble::SentAway => "Somebody in OBS has ended the connection. Polychat tries again.".to_owned(),
        ObsTrouble::NotUnderstood => "OBS has sent something that Polychat does not understand. It tries again.".to_owned(),
    }
}
