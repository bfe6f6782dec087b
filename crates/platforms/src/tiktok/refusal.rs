//! Why TikTok refuses or closes a socket, and what helps.

/// Why there is no socket any more, or none in the first place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The pair of visitor and browser is not let in.
    DeviceBlocked,
    /// The address was made for somebody who is logged in.
    SessionMissing,
    /// The address is not as it should be.
    BadParameters,
    /// The room is over, or there never was such a room.
    RoomOver,
    /// This computer's address asks too much, or is not wanted.
    Limited,
    /// TikTok wants nobody to read this room from outside of its own pages.
    DirectDisabled,
    /// Something else.
    Other,
}

impl Refusal {
    /// The reason of an upgrade that was answered with something else than 101, by its status and the headers
    /// `Handshake-Msg` and `Handshake-Status`.
    pub(crate) fn of_handshake(status: u16, header: impl Fn(&str) -> Option<String>) -> Self {
        let message = header("handshake-msg").unwrap_or_default().to_ascii_lowercase();
        let code = header("handshake-status").and_then(|code| code.trim().parse::<u16>().ok());
        match (&*message, code, status) {
            (message, ..) if message.contains("device_blocked") => Self::DeviceBlocked,
            (message, ..) if message.contains("secret key") => Self::SessionMissing,
            (message, ..) if message.contains("app_id") => Self::BadParameters,
            (_, Some(415), _) => Self::DeviceBlocked,
            (.., 401 | 403 | 429) => Self::Limited,
            ("", None, 200 | 204 | 404) => Self::RoomOver,
            (_, Some(417), _) | (.., 400) => Self::BadParameters,
            (.., 415) => Self::DeviceBlocked,
            _ => Self::Other,
        }
    }

    /// The reason that stands in a frame of the kind `close`.
    pub(crate) fn of_close(reason: &str) -> Self {
        let reason = reason.to_ascii_lowercase();
        match &*reason {
            reason if reason.contains("disable_web_direct") => Self::DirectDisabled,
            reason if reason.contains("device_blocked") => Self::DeviceBlocked,
            reason if reason.contains("room") && (reason.contains("finish") || reason.contains("end")) => {
                Self::RoomOver
            }
            _ => Self::Other,
        }
    }

    /// The word in metrics.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::DeviceBlocked => "device_blocked",
            Self::SessionMissing => "session_missing",
            Self::BadParameters => "bad_parameters",
            Self::RoomOver => "room_over",
            Self::Limited => "limited",
            Self::DirectDisabled => "direct_disabled",
            Self::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handshake(status: u16, message: &str, code: &str) -> Refusal {
        Refusal::of_handshake(status, |name| {
            let value = match name {
                "handshake-msg" => message,
                "handshake-status" => code,
                other => panic!("{other} is not needed"),
            };
            Some(value.to_owned()).filter(|value| !value.is_empty())
        })
    }

    #[test]
    fn a_refused_handshake_says_why() {
        for status in [200, 400, 415] {
            assert_eq!(handshake(status, "DEVICE_BLOCKED", "415"), Refusal::DeviceBlocked);
            assert_eq!(handshake(status, "illegal secret key", "417"), Refusal::SessionMissing);
            assert_eq!(handshake(status, "illegal app_id", "417"), Refusal::BadParameters);
        }
        assert_eq!(handshake(200, "", ""), Refusal::RoomOver);
        assert_eq!(handshake(200, "", "415"), Refusal::DeviceBlocked);
        assert_eq!(handshake(403, "", ""), Refusal::Limited);
        assert_eq!(handshake(429, "slow down", ""), Refusal::Limited);
        assert_eq!(handshake(200, "something new", "499"), Refusal::Other);
        assert_eq!(handshake(502, "", ""), Refusal::Other);
    }

    #[test]
    fn a_close_frame_says_why() {
        assert_eq!(Refusal::of_close("disable_web_direct"), Refusal::DirectDisabled);
        assert_eq!(Refusal::of_close("room_finish"), Refusal::RoomOver);
        assert_eq!(Refusal::of_close("payload_handler_hb"), Refusal::Other);
        assert_eq!(Refusal::of_close(""), Refusal::Other);
    }
}
