//! What goes wrong in the room of a channel.

use std::sync::Arc;

use axum::body::Bytes;

use super::TkChannel;
use crate::tiktok::frame::{Fetched, frame, zip};
use crate::tiktok::message::TkMessage;
use crate::tiktok::world::Out;

impl TkChannel<'_> {
    /// The last message comes once more, with the same id.
    pub fn repeat_last(&self) {
        self.sim.shared.change(|world| {
            let room_id = world.channel(&self.name).room_id;
            let last = world.rooms.get(&room_id).and_then(|room| room.kept.back()).cloned();
            world.tell(room_id, &Out::Batch(Arc::new(last.into_iter().collect())));
        });
    }

    /// Nothing that happens is told (`true`), or everything from now on.
    pub fn silence(&self, silent: bool) {
        self.sim.shared.change(|world| {
            let room_id = world.channel(&self.name).room_id;
            if let Some(room) = world.rooms.get_mut(&room_id) {
                room.silent = silent;
            }
        });
    }

    /// Everything that must not disturb a reader: frames that are none, packed bytes that are not, messages that end too
    /// early, a text.
    pub fn garbage(&self) {
        let broken = TkMessage::raw("WebcastChatMessage", Bytes::from_static(b"\x0a\xff\xff\xff\xff\x0f"));
        self.send_all(&[broken, TkMessage::raw("WebcastNeverHeardOfMessage", Bytes::from_static(b"\x08\x01"))]);
        let cut = zip(&[7; 2_000]);
        let mut wrong = zip(b"not a result");
        wrong.truncate(12);
        let truncated = Fetched { now_ms: 1, internal_ext: "x".repeat(40), ..Fetched::default() }.write();
        for out in [
            Out::Raw(Vec::new()),
            Out::Raw(vec![0xff; 20]),
            Out::Raw(frame(0, 0, "msg", &cut[..cut.len() / 2], false)),
            Out::Raw(frame(0, 0, "msg", &wrong, false)),
            Out::Raw(frame(0, 0, "msg", &truncated[..truncated.len() / 2], false)),
            Out::Raw(frame(0, 0, "", b"", false)),
            Out::Text("{\"error\": \"not a frame\"}".to_owned()),
        ] {
            self.tell(&out);
        }
    }

    /// A frame of a kind, with a payload as it is.
    pub fn push(&self, kind: &str, payload: &[u8]) {
        self.tell(&Out::Frame(kind.to_owned(), payload.to_vec()));
    }

    /// A binary message as it is.
    pub fn push_raw(&self, bytes: &[u8]) {
        self.tell(&Out::Raw(bytes.to_vec()));
    }

    /// A `close` frame, such as `disable_web_direct`; the socket itself stays open.
    pub fn close_frame(&self, reason: &str) {
        self.tell(&Out::CloseFrame(reason.to_owned()));
    }

    fn tell(&self, out: &Out) {
        self.sim.shared.change(|world| {
            let room_id = world.channel(&self.name).room_id;
            world.tell(room_id, out);
        });
    }
}
