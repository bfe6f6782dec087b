//! How the simulation behaves, and what goes wrong in it.

use std::time::Duration;

use super::visitor::mint;
use super::world::{Out, Packing};
use super::{Endpoint, Fault, Player, SimTiktok};

impl SimTiktok {
    // How it behaves.

    /// Which answers give new visitors their cookie: the pages and the registration, as long as nothing else is said.
    pub fn cookies_from(&self, endpoints: &[Endpoint]) {
        self.shared.change(|world| world.cookies_from = endpoints.iter().copied().collect());
    }

    /// Every so many-th answer of `/` has the cookie: every second one.
    pub fn home_cookie_every(&self, answers: u64) {
        self.shared.change(|world| world.home_cookie_every = answers.max(1));
    }

    /// A visitor's cookie that is good, as somebody brings it who was here before.
    pub fn mint(&self) -> String {
        self.shared.quietly(|world| mint(world.next_number()))
    }

    /// Visitors that have opened a socket so far are refused from now on; new ones are welcome.
    pub fn block_visitors(&self) {
        self.shared.change(|world| {
            let seen: Vec<String> = world.log.sockets.iter().filter_map(|socket| socket.ttwid.clone()).collect();
            world.blocked.extend(seen);
        });
    }

    /// The sign server wants this key; `None`: anybody may ask.
    pub fn sign_key(&self, key: Option<&str>) {
        self.shared.change(|world| world.sign_key = key.map(str::to_owned));
    }

    /// Sockets without a signature (of the page or of the sign server, for which each is good once) stay silent.
    pub fn need_signature(&self, needed: bool) {
        self.shared.change(|world| world.signature_needed = needed);
    }

    /// Sockets without a heartbeat are closed after this: 15 s.
    pub fn heartbeat_timeout(&self, timeout: Duration) {
        self.shared.change(|world| world.heartbeat_timeout = timeout);
    }

    /// Every so many-th frame with messages wants to be acknowledged: every third one; 0: none.
    pub fn ack_every(&self, frames: u64) {
        self.shared.change(|world| world.ack_every = frames);
    }

    /// Which frames are packed, for those who can unpack: alternately.
    pub fn packing(&self, packing: Packing) {
        self.shared.change(|world| world.packing = packing);
    }

    /// What was said before stands in the answer to entering (`true`), or in a message after it.
    pub fn history_in_answer(&self, inside: bool) {
        self.shared.change(|world| world.history_in_answer = inside);
    }

    /// Entering is not answered (`true`), but messages come.
    pub fn no_answer(&self, none: bool) {
        self.shared.change(|world| world.no_answer = none);
    }

    /// The live page has a socket of its own, in a browser that opens it. It is not so by itself.
    pub fn page_plays(&self, player: Player) {
        self.shared.change(|world| world.player = Some(player));
    }

    /// The live page, in a browser, runs this script as well. With `said(…)` it tells what came of it, as JSON.
    pub fn page_tries(&self, script: &str) {
        self.shared.change(|world| script.clone_into(&mut world.tries));
    }

    // What goes wrong.

    /// The next `times` requests of `endpoint` fail like this. Several faults follow each other.
    pub fn fault(&self, endpoint: Endpoint, fault: Fault, times: u32) {
        self.shared.change(|world| world.faults.add(endpoint, fault, Some(times)));
    }

    /// From now on requests of `endpoint` fail like this, until [`well`](Self::well).
    pub fn fault_always(&self, endpoint: Endpoint, fault: Fault) {
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

    /// Every socket is gone, without a word.
    pub fn cut(&self) {
        self.tell_all(&Out::Drop);
    }

    /// Every socket closes in order.
    pub fn close(&self, code: u16, reason: &str) {
        self.tell_all(&Out::Close(code, reason.to_owned()));
    }

    /// Every socket gets a ping, which the socket of a client answers by itself.
    pub fn ping(&self) {
        self.tell_all(&Out::Ping);
    }

    fn tell_all(&self, out: &Out) {
        self.shared.change(|world| {
            for listener in world.listeners.values() {
                // Whoever does not read will find it later.
                let _ = listener.out.try_send(out.clone());
            }
        });
    }
}
