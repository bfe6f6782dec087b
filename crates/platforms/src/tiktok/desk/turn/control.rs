//! What the streamer, the moderators and TikTok do with the room.

use polychat_model::{Body, ModerationAction, ModerationData};

use super::{Head, Turn};
use crate::tiktok::desk::RoomState;
use crate::tiktok::proto;

/// How many deletions of one message are obeyed.
const DELETIONS_MAX: usize = 1_000;

impl Turn<'_> {
    pub(super) fn control(&mut self, control: &proto::WebcastControlMessage, head: Head<'_>) {
        let state = match control.action {
            1 => RoomState::Paused,
            2 => RoomState::Resumed,
            3 => RoomState::Ended,
            4 => RoomState::Suspended,
            _ => return,
        };
        if !head.history {
            self.state(state);
        }
    }

    pub(super) fn delete(&mut self, delete: &proto::WebcastImDeleteMessage, head: Head<'_>) {
        for id in delete.delete_msg_ids.iter().filter(|id| **id != 0).take(DELETIONS_MAX) {
            // A late copy must not come back.
            self.desk.seen.insert(*id);
            self.moderate(format!("tt:delete:{id}"), head, ModerationAction::DeleteMessage, Some(*id), None);
        }
        for id in delete.delete_user_ids.iter().filter(|id| **id != 0).take(DELETIONS_MAX) {
            let event_id = format!("tt:delete_user:{id}:{}", head.id);
            self.moderate(event_id, head, ModerationAction::DeleteUser, None, Some(*id));
        }
    }

    fn moderate(
        &mut self,
        event_id: String,
        head: Head<'_>,
        action: ModerationAction,
        message: Option<i64>,
        user: Option<i64>,
    ) {
        let data = ModerationData {
            action,
            message_id: message.map(|id| id.to_string()),
            user_id: user.map(|id| id.to_string()),
            username: None,
            duration_seconds: None,
        };
        self.tell(event_id, head, Body::Moderation(data));
    }
}
