//! A channel in the hands of a test: its broadcasts, and what happens in them.

mod trouble;

use super::SimTiktok;
use super::channel::Channel;
use super::frame::Base;
use super::message::{Gift, TkMessage};
use super::person::Person;
use super::world::Out;

/// A channel of the simulation. It costs nothing to ask for it again.
#[derive(Debug, Clone)]
pub struct TkChannel<'a> {
    pub(super) sim: &'a SimTiktok,
    pub(super) name: String,
}

impl TkChannel<'_> {
    // Its state.

    /// What can be seen of it.
    pub fn state(&self) -> Channel {
        self.sim.shared.quietly(|world| world.channel(&self.name).clone())
    }

    /// Changes what can be seen of it.
    pub fn change(&self, change: impl FnOnce(&mut Channel)) -> &Self {
        self.sim.shared.change(|world| change(world.channel(&self.name)));
        self
    }

    /// The current broadcast, or the last; 0: there never was one.
    pub fn room_id(&self) -> u64 {
        self.state().room_id
    }

    /// How many sockets have entered the room.
    pub fn readers(&self) -> usize {
        let room = self.room_id();
        self.sim
            .shared
            .look(|world| world.listeners.values().filter(|listener| room != 0 && listener.room == room).count())
    }

    // Broadcasts.

    /// A broadcast begins, with a room of its own. Gives its id.
    pub fn go_live(&self) -> u64 {
        self.sim.shared.change(|world| world.open_room(&self.name))
    }

    /// The broadcast ends, and says so.
    pub fn end(&self) {
        self.send(&TkMessage::control(3));
        self.sim.shared.change(|world| world.close_room(&self.name));
    }

    /// TikTok ends the broadcast, and says so.
    pub fn suspend(&self) {
        self.send(&TkMessage::control(4));
        self.sim.shared.change(|world| world.close_room(&self.name));
    }

    /// The broadcast is over, and its sockets are silent: as when the streamer's machine has crashed.
    pub fn vanish(&self) {
        self.sim.shared.change(|world| world.close_room(&self.name));
    }

    /// The broadcast begins anew in another room; nothing says so in the old one, where the sockets are cut. Gives the new
    /// id.
    pub fn restart(&self) -> u64 {
        self.sim.shared.change(|world| {
            let old = world.channel(&self.name).room_id;
            world.close_room(&self.name);
            let new = world.open_room(&self.name);
            world.tell(old, &Out::Drop);
            new
        })
    }

    /// The streamer is away for a moment.
    pub fn pause(&self) -> u64 {
        self.send(&TkMessage::control(1))
    }

    /// The streamer is back.
    pub fn resume(&self) -> u64 {
        self.send(&TkMessage::control(2))
    }

    // What happens. Everything gives its message id.

    /// Anything.
    pub fn send(&self, message: &TkMessage) -> u64 {
        self.send_all(std::slice::from_ref(message))[0]
    }

    /// Several things, in one frame.
    pub fn send_all(&self, messages: &[TkMessage]) -> Vec<u64> {
        self.sim.shared.change(|world| {
            let messages: Vec<Base> = messages.iter().map(|message| world.write(&self.name, message)).collect();
            let ids = messages.iter().map(|base| base.id).collect();
            world.publish(&self.name, messages);
            ids
        })
    }

    /// Somebody writes.
    pub fn say(&self, author: impl Into<Person>, text: &str) -> u64 {
        self.send(&TkMessage::chat(text).from(author))
    }

    /// Somebody gives `count` of a gift, in one message: of a gift with streaks it is a streak that is over at once.
    pub fn gift(&self, giver: impl Into<Person>, gift: Gift, count: u32) -> u64 {
        let group = if gift.streak { self.group() } else { 0 };
        self.send(&TkMessage::gift(gift, count, group).from(giver).ended())
    }

    /// Somebody gives a gift again and again: the running totals in the order in which they arrive, then, with `ended`, the
    /// end, which repeats the greatest. Gives the number of the streak.
    pub fn gift_streak(&self, giver: impl Into<Person>, gift: Gift, totals: &[u32], ended: bool) -> u64 {
        let (giver, group) = (giver.into(), self.group());
        let message = |total| TkMessage::gift(gift, total, group).from(&giver);
        for total in totals {
            self.send(&message(*total));
        }
        if let Some(last) = totals.iter().max().filter(|_| ended) {
            self.send(&message(*last).ended());
        }
        group
    }

    /// Streaks are told apart by the sender's clock.
    fn group(&self) -> u64 {
        self.sim.shared.quietly(super::world::World::now_ms)
    }

    /// Somebody taps so many times.
    pub fn like(&self, who: impl Into<Person>, count: u32) -> u64 {
        let mut total = 0;
        self.change(|channel| {
            channel.likes += u64::from(count);
            total = channel.likes;
        });
        self.send(&TkMessage::like(count, total).from(who))
    }

    /// Somebody follows.
    pub fn follow(&self, who: impl Into<Person>) -> u64 {
        let mut followers = 0;
        self.change(|channel| {
            channel.followers += 1;
            followers = channel.followers;
        });
        self.send(&TkMessage::follow(followers).from(who))
    }

    /// Somebody shares the stream.
    pub fn share(&self, who: impl Into<Person>) -> u64 {
        self.send(&TkMessage::share(0).from(who))
    }

    /// Somebody joins.
    pub fn join(&self, who: impl Into<Person>) -> u64 {
        let mut viewers = 0;
        self.change(|channel| {
            channel.viewers += 1;
            channel.ever += 1;
            viewers = channel.viewers;
        });
        self.send(&TkMessage::join(viewers as u32).from(who))
    }

    /// So many watch now.
    pub fn viewers(&self, now: u64) -> u64 {
        let mut ever = 0;
        self.change(|channel| {
            channel.viewers = now;
            channel.ever = channel.ever.max(now);
            ever = channel.ever;
        });
        self.send(&TkMessage::viewers(now, ever, &[(Person::new("topgiver").rank(1), 500)]))
    }

    /// A message is taken back.
    pub fn delete(&self, message: u64) -> u64 {
        self.send(&TkMessage::delete(&[message], &[]))
    }

    /// Everything of somebody is taken back.
    pub fn delete_user(&self, who: impl Into<Person>) -> u64 {
        self.send(&TkMessage::delete(&[], &[who.into().id()]))
    }

    /// The streamer pins a message. Who joins later gets the pin, too.
    ///
    /// # Panics
    /// When the message was not sent here.
    pub fn pin(&self, message: u64) -> u64 {
        self.sim.shared.change(|world| {
            let room_id = world.channel(&self.name).room_id;
            let kept =
                world.rooms.get(&room_id).and_then(|room| room.kept.iter().find(|base| base.id == message)).cloned();
            let what = kept.unwrap_or_else(|| panic!("there is no message {message} in the room of {}", self.name));
            let pin = TkMessage::pin(&what.method, what.payload.clone()).from(self.name.as_str());
            let pin = world.write(&self.name, &pin);
            if let Some(room) = world.rooms.get_mut(&room_id) {
                room.pin = Some((pin.clone(), what));
            }
            let id = pin.id;
            world.publish(&self.name, vec![pin]);
            id
        })
    }

    /// What is pinned is taken down.
    pub fn unpin(&self) {
        self.sim.shared.change(|world| {
            let room_id = world.channel(&self.name).room_id;
            let pinned = world.rooms.get_mut(&room_id).and_then(|room| room.pin.take());
            let Some((pin, what)) = pinned else { return };
            let unpin = TkMessage::unpin(pin.id, &what.method, what.payload).from(self.name.as_str());
            let unpin = world.write(&self.name, &unpin);
            world.publish(&self.name, vec![unpin]);
        });
    }

    /// Somebody asks the streamer.
    pub fn question(&self, who: impl Into<Person>, text: &str) -> u64 {
        self.send(&TkMessage::question(text).from(who))
    }

    /// A poll begins. Gives its number for [`TkMessage::poll_votes`] and [`TkMessage::poll_end`].
    pub fn poll(&self, title: &str, options: &[&str]) -> u64 {
        let poll = self.group();
        self.send(&TkMessage::poll(poll, title, options));
        poll
    }

    /// Somebody leaves a treasure box, which opens in a minute. Gives its number.
    pub fn envelope(&self, who: impl Into<Person>, diamonds: u32, people: u32) -> u64 {
        let now_ms = self.group();
        self.send(&TkMessage::envelope(now_ms, diamonds, people, now_ms / 1_000 + 60).from(who));
        now_ms
    }

    /// The state of the broadcast, as a message only: 1 paused, 2 goes on, 3 ended, 4 suspended.
    pub fn control(&self, action: u64) -> u64 {
        self.send(&TkMessage::control(action))
    }
}
