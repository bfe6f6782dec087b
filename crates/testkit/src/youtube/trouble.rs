//! How the simulation behaves, and what goes wrong in it.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Endpoint, Fault, SimYoutube, signaler};

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(365 * 86_400);

/// Brackets inside of each other. The reader of JSON that most of us use gives up at 128 of them in all, and with it the
/// whole answer.
const DEEP: usize = 100;

impl SimYoutube {
    // How it behaves.

    /// What is published is told (in answers and on the push channel) this much later.
    pub fn server_delay(&self, delay: Duration) {
        self.shared.change(|world| world.server_delay = delay);
    }

    /// The servers' clock is ahead of this machine's by so many ms, or behind.
    pub fn skew_clock(&self, ms: i64) {
        self.shared.change(|world| world.skew_ms = ms);
    }

    /// The language of those who ask for none: `en`, `de` or `ja`.
    pub fn speak(&self, language: &str) {
        self.shared.change(|world| language.clone_into(&mut world.language));
    }

    /// The tab of streams is laid out in the newer way (`lockupViewModel`), or in the older.
    pub fn lockup_layout(&self, newer: bool) {
        self.shared.change(|world| world.lockup_layout = newer);
    }

    /// Pages are only for those with the cookie `SOCS`; others are sent to `/consent` of `host` (`http://…`; `None`: of
    /// this server).
    pub fn ask_for_consent(&self, ask: bool, host: Option<&str>) {
        self.shared.change(|world| {
            world.consent = ask;
            world.consent_host = host.map(str::to_owned);
        });
    }

    /// `/live` of a channel sends to the watch page (`true`), or is the watch page.
    pub fn redirect_live(&self, redirect: bool) {
        self.shared.change(|world| world.live_redirects = redirect);
    }

    /// Watch pages do not say where the chat is (`true`); `/next` still does.
    pub fn pages_without_chat(&self, without: bool) {
        self.shared.change(|world| world.pages_without_chat = without);
    }

    // What goes wrong.

    /// The next `times` requests of `endpoint` fail like this. Several faults follow each other.
    pub fn fail(&self, endpoint: Endpoint, fault: Fault, times: u32) {
        self.shared.change(|world| world.faults.add(endpoint, fault, Some(times)));
    }

    /// From now on requests of `endpoint` fail like this, until [`well`](Self::well).
    pub fn fail_always(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.change(|world| world.faults.add(endpoint, fault, None));
    }

    /// Whether the next request of `endpoint` will fail.
    pub fn will_fail(&self, endpoint: Endpoint) -> bool {
        self.shared.look(|world| world.faults.due(endpoint))
    }

    /// `endpoint` works again.
    pub fn well(&self, endpoint: Endpoint) {
        self.shared.change(|world| world.faults.clear(endpoint));
    }

    /// Every token of `video` that was handed out so far is dead: answered with 200 and a next token, which is dead, too,
    /// but never again with an action.
    pub fn kill_tokens(&self, video: &str) {
        let now = self.now_usec();
        self.change(video, |video| video.killed_at = now);
    }

    /// The same for every video.
    pub fn kill_all_tokens(&self) {
        let now = self.now_usec();
        self.shared.change(|world| world.videos.iter_mut().for_each(|video| video.killed_at = now));
    }

    /// The chat is made anew, as when a waiting room becomes a stream: tokens that were handed out so far give what is
    /// left, and no further token.
    pub fn recreate_chat(&self, video: &str) {
        let now = self.now_usec();
        self.change(video, |video| video.closed_at = now);
    }

    /// Everything that must not disturb a reader: see [`GARBAGE`]. All in one batch.
    pub fn garbage(&self, video: &str) {
        let parsed = GARBAGE.iter().map(|text| serde_json::from_str(text).unwrap_or_default());
        let deep = format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP));
        let deep = serde_json::from_str(&deep).unwrap_or_default();
        self.push_actions(video, parsed.chain([deep]).collect());
    }

    /// Push connects and stays alive, but never signals anything (`true`); or works again.
    pub fn silence_push(&self, silent: bool) {
        self.shared.change(|world| world.push.silent_until = silent.then(|| Instant::now() + FOR_EVER));
    }

    /// Push is silent for this time, and then tells what it has missed.
    pub fn silence_push_for(&self, time: Duration) {
        self.shared.change(|world| world.push.silent_until = Some(Instant::now() + time));
    }

    /// Everybody who listens is cut off. Sessions stay: listening again goes on.
    pub fn cut_push(&self) {
        self.shared.change(|world| world.push.cuts += 1);
    }

    /// Sessions are forgotten: whoever listens is sent away, and then is unknown.
    pub fn forget_push(&self) {
        self.shared.change(|world| world.push.sessions.clear());
    }

    /// A listening body ends after this; the client has to listen again with what it has got.
    pub fn hold_push(&self, hold: Option<Duration>) {
        self.shared.change(|world| world.push.hold = hold);
    }

    /// How often the push channel says something at least: 30 s.
    pub fn push_keepalive(&self, every: Duration) {
        self.shared.change(|world| world.push.keepalive = every);
    }

    /// Frames come in pieces of so many bytes; `None`: whole.
    pub fn split_frames(&self, bytes: Option<usize>) {
        self.shared.change(|world| world.push.split = bytes);
    }

    /// A signal comes between two other frames, all in one piece.
    pub fn join_frames(&self, joined: bool) {
        self.shared.change(|world| world.push.joined = joined);
    }

    /// Every push session gets a frame with this payload.
    pub fn push_frame(&self, payload: &Value) {
        self.shared.change(|world| world.push.frame(payload));
    }

    /// Every push session gets a ping, which is no signal.
    pub fn ping(&self) {
        let usec = self.now_usec();
        self.push_frame(&signaler::ping(usec));
    }
}

/// Actions that are broken, unknown or incomplete.
pub const GARBAGE: &[&str] = &[
    "null",
    "7",
    "[]",
    "{}",
    "\"action\"",
    r#"{"clickTrackingParams":"x"}"#,
    r#"{"addChatItemAction":null}"#,
    r#"{"addChatItemAction":{}}"#,
    r#"{"addChatItemAction":{"item":{}}}"#,
    r#"{"addChatItemAction":{"item":{"liveChatTextMessageRenderer":null}}}"#,
    r#"{"addChatItemAction":{"item":{"liveChatTextMessageRenderer":{}}}}"#,
    r#"{"addChatItemAction":{"item":{"liveChatTextMessageRenderer":{"id":7,"message":"text","authorName":[]}}}}"#,
    r#"{"addChatItemAction":{"item":{"liveChatTextMessageRenderer":{"id":"g1","timestampUsec":"-1","message":{"runs":[{}]}}}}}"#,
    r#"{"addChatItemAction":{"item":{"liveChatPaidMessageRenderer":{"id":"g2","purchaseAmountText":{},"bodyBackgroundColor":-1}}}}"#,
    r#"{"addChatItemAction":{"item":{"liveChatPaidMessageRenderer":{"id":"g3","purchaseAmountText":{"simpleText":"$"}}}}}"#,
    r#"{"addChatItemAction":{"item":{"liveChatMembershipItemRenderer":{"id":"g4","headerSubtext":{"runs":[]}}}}}"#,
    r#"{"addChatItemAction":{"item":{"liveChatNeverHeardOfRenderer":{"id":"g5"}}}}"#,
    r#"{"addLiveChatTickerItemAction":{"item":{"liveChatTickerPaidMessageItemRenderer":{"id":"g6"}},"durationSec":"x"}}"#,
    r#"{"markChatItemAsDeletedAction":{"targetItemId":null}}"#,
    r#"{"removeChatItemByAuthorAction":{}}"#,
    r#"{"replaceChatItemAction":{"targetItemId":"g7","replacementItem":[]}}"#,
    r#"{"addBannerToLiveChatCommand":{"bannerRenderer":{}}}"#,
    r#"{"updateLiveChatPollAction":{"pollToUpdate":{"pollRenderer":{"choices":{"0":1}}}}}"#,
    r#"{"closeLiveChatActionPanelAction":[]}"#,
    r#"{"frobnicateLiveChatCommand":{"html":"<script>alert(1)</script>"}}"#,
];
