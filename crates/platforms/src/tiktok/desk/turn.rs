//! One batch at the desk: its messages one after the other.

mod chat;
mod control;
mod notes;
mod people;
mod play;
mod subscriptions;

use polychat_model::{Body, ChatEvent, EventData, EventName};

use super::{Desk, Returned, RoomState, Told, methods};
use crate::health::Health;
use crate::tiktok::frame::Message;
use crate::tiktok::frame::{Batch, text};
use crate::tiktok::proto::{self, Common};

/// Most events of one batch. Only a batch that was made for it has more.
const TOLD_MAX: usize = 20_000;
/// The years 2001 to 2286 in milliseconds: anything else is no time.
const TIMES_MS: std::ops::Range<i64> = 1_000_000_000_000..10_000_000_000_000;

/// A time of TikTok, unless it is none.
pub(super) fn plausible(ms: i64) -> Option<i64> {
    TIMES_MS.contains(&ms).then_some(ms)
}

/// The batch that is being read.
pub(super) struct Turn<'d> {
    pub(super) desk: &'d mut Desk,
    pub(super) now_ms: i64,
    /// The time of what has none of its own.
    clock_ms: i64,
    counts: Health,
    told: Vec<Told>,
}

/// What every message has.
#[derive(Debug, Clone, Copy)]
struct Head<'m> {
    /// Names the message. Deletions name it, too.
    id: i64,
    at_ms: i64,
    history: bool,
    /// The name of its type.
    method: &'m [u8],
}

/// Messages that have a head.
trait Headed: prost::Message + Default {
    fn common(&self) -> Option<&Common>;
}

macro_rules! headed {
    ($($name:ident)*) => {
        $(impl Headed for proto::$name {
            fn common(&self) -> Option<&Common> {
                self.common.as_ref()
            }
        })*
    };
}

headed! {
    WebcastAccessControlMessage WebcastBarrageMessage WebcastCaptionMessage WebcastChatMessage WebcastControlMessage
    WebcastEmoteChatMessage WebcastEnvelopeMessage WebcastGiftMessage WebcastGoalUpdateMessage WebcastImDeleteMessage
    WebcastLikeMessage WebcastLinkMicArmies WebcastLinkMicBattle WebcastLiveIntroMessage WebcastMemberMessage
    WebcastPollMessage WebcastQuestionNewMessage WebcastRoomMessage WebcastRoomPinMessage WebcastRoomUserSeqMessage
    WebcastSocialMessage WebcastSubNotifyMessage WebcastUnauthorizedMemberMessage
}

impl<'d> Turn<'d> {
    pub(super) fn new(desk: &'d mut Desk, batch: &Batch, now_ms: i64) -> Self {
        let clock_ms = plausible(batch.now_ms).unwrap_or(now_ms);
        let counts = Health { actions: batch.lost, unknown: 0, broken: batch.lost };
        Self { desk, now_ms, clock_ms, counts, told: Vec::new() }
    }

    /// What came of it.
    pub(super) fn finish(self) -> (Vec<Told>, Health) {
        (self.told, self.counts)
    }

    pub(super) fn message(&mut self, message: &Message) {
        self.counts.actions += 1;
        if message.id != 0 && !self.desk.seen.insert(message.id) {
            return;
        }
        if self.told.len() >= TOLD_MAX {
            self.counts.broken += 1;
            return;
        }
        match &*message.method {
            b"WebcastChatMessage" => self.read(message, Self::chat),
            b"WebcastEmoteChatMessage" => self.read(message, Self::emote_chat),
            b"WebcastGiftMessage" => self.read(message, Self::gift),
            b"WebcastLikeMessage" => self.read(message, Self::likes),
            b"WebcastMemberMessage" => self.read(message, Self::join),
            b"WebcastUnauthorizedMemberMessage" => self.read(message, Self::guest),
            b"WebcastSocialMessage" => self.read(message, Self::social),
            b"WebcastRoomUserSeqMessage" => self.read(message, Self::viewers),
            b"WebcastControlMessage" => self.read(message, Self::control),
            b"WebcastImDeleteMessage" => self.read(message, Self::delete),
            b"WebcastSubNotifyMessage" => self.read(message, Self::subscription),
            b"WebcastBarrageMessage" => self.read(message, Self::banner),
            b"WebcastRoomPinMessage" => self.read(message, Self::pin),
            b"WebcastQuestionNewMessage" => self.read(message, Self::question),
            b"WebcastEnvelopeMessage" => self.read(message, Self::treasure_box),
            b"WebcastCaptionMessage" => self.read(message, Self::caption),
            b"WebcastLiveIntroMessage" => self.read(message, Self::introduction),
            b"WebcastRoomMessage" | b"RoomMessage" => self.read(message, Self::notice),
            b"WebcastPollMessage" => self.read(message, Self::poll),
            b"WebcastGoalUpdateMessage" => self.read(message, Self::goal),
            b"WebcastLinkMicBattle" => self.read(message, Self::battle),
            b"WebcastLinkMicArmies" => self.read(message, Self::scores),
            b"WebcastAccessControlMessage" => {
                self.read(message, |turn, _: &proto::WebcastAccessControlMessage, _| turn.state(RoomState::Captcha));
            }
            other if methods::is_ignored(other) => {}
            other => {
                self.counts.unknown += 1;
                self.desk.unknown.note(&text(other));
            }
        }
    }

    fn read<M: Headed>(&mut self, message: &Message, act: impl FnOnce(&mut Self, &M, Head<'_>)) {
        let Ok(typed) = M::decode(message.payload.clone()) else {
            self.counts.broken += 1;
            return;
        };
        let common = typed.common();
        let mut id = message.id;
        if id == 0 {
            id = common.map(|common| common.msg_id).filter(|id| *id != 0).unwrap_or_else(|| fingerprint(message));
            if !self.desk.seen.insert(id) {
                return;
            }
        }
        let made_ms = common.and_then(|common| plausible(common.create_time));
        let is_old = match (self.desk.returned, made_ms) {
            (Returned::At { before_ms, until_ms }, Some(made_ms)) => self.now_ms <= until_ms && made_ms < before_ms,
            _ => false,
        };
        let at_ms = made_ms.unwrap_or(self.clock_ms);
        let head = Head { id, at_ms, history: message.is_history || is_old, method: &message.method };
        act(self, &typed, head);
    }

    fn event(&self, id: String, head: Head<'_>, body: Body) -> ChatEvent {
        ChatEvent {
            id: id.into(),
            revision: 0,
            sent_at_ms: head.at_ms,
            room_id: self.desk.host.room_id.clone(),
            history: head.history,
            body,
        }
    }

    fn tell(&mut self, id: String, head: Head<'_>, body: Body) {
        let event = self.event(id, head, body);
        self.told.push(Told::Event(event));
    }

    fn state(&mut self, state: RoomState) {
        self.told.push(Told::Room(state));
    }
}

/// Something that happened, by its message.
fn data(event: EventName, head: Head<'_>, text: String) -> EventData {
    EventData {
        event,
        text,
        message_id: Some(head.id.to_string()),
        native_type: Some(self::text(head.method).into_owned()),
        ..EventData::default()
    }
}

/// Stands for the id of a message that has none: FNV-1a, the same in every run and on every machine.
fn fingerprint(message: &Message) -> i64 {
    let bytes = message.method.iter().chain(&message.payload);
    bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
        .cast_signed()
}
