//! obs-websocket 5, as far as it is used here: <https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md>.
//! Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::{Value, json};

/// The version of the protocol that is spoken here.
pub(crate) const RPC_VERSION: u64 = 1;

/// What is wanted to be told: its end, scenes, inputs, outputs, items of scenes, and which inputs are on air. Not what comes
/// many times a second, such as volumes.
const EVENTS: u64 = 1 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 7 | 1 << 17;

/// Codes of a Close frame. Source: `WebSocketCloseCode`.
pub(crate) mod close {
    pub(crate) const AUTHENTICATION_FAILED: u16 = 4009;
    pub(crate) const UNSUPPORTED_RPC_VERSION: u16 = 4010;
    pub(crate) const SESSION_INVALIDATED: u16 = 4011;
}

/// Codes of a refused request. Source: `RequestStatus`.
pub(crate) mod status {
    pub(crate) const NOT_FOUND: u16 = 600;
    pub(crate) const EXISTS: u16 = 601;
}

/// The longest of OBS's own comments that is passed on, in characters.
const COMMENT: usize = 200;

/// What OBS says.
#[derive(Debug, PartialEq)]
pub(crate) enum Told {
    Hello {
        rpc_version: u64,
        challenge: Option<Challenge>,
    },
    Identified {
        rpc_version: u64,
    },
    Event {
        kind: String,
    },
    Answer {
        id: String,
        result: Result<Value, Refusal>,
    },
    /// Of a later version.
    Other,
}

/// What a password is proved with.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Challenge {
    challenge: String,
    salt: String,
}

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) comment: String,
}

#[derive(Deserialize)]
struct Frame {
    op: u64,
    #[serde(default)]
    d: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hello {
    rpc_version: u64,
    authentication: Option<Challenge>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    request_id: String,
    request_status: Status,
    #[serde(default)]
    response_data: Value,
}

#[derive(Deserialize)]
struct Status {
    result: bool,
    code: u16,
    #[serde(default)]
    comment: Option<String>,
}

/// Reads a text frame. `None` for what OBS cannot have said.
pub(crate) fn read(text: &str) -> Option<Told> {
    // A list of the same values would be taken for one, too.
    let text = Some(text).filter(|text| text.trim_start().starts_with('{'))?;
    let Frame { op, d } = serde_json::from_str(text).ok()?;
    Some(match op {
        0 => {
            let Hello { rpc_version, authentication } = serde_json::from_value(d).ok()?;
            Told::Hello { rpc_version, challenge: authentication }
        }
        2 => Told::Identified { rpc_version: d["negotiatedRpcVersion"].as_u64()? },
        5 => Told::Event { kind: d["eventType"].as_str()?.chars().take(COMMENT).collect() },
        7 => {
            let Answer { request_id: id, request_status, response_data } = serde_json::from_value(d).ok()?;
            let Status { result, code, comment } = request_status;
            let comment = || comment.unwrap_or_else(|| format!("code {code}")).chars().take(COMMENT).collect();
            Told::Answer {
                id,
                result: if result { Ok(response_data) } else { Err(Refusal { code, comment: comment() }) },
            }
        }
        _ => Told::Other,
    })
}

/// The answer to a hello.
pub(crate) fn identify(authentication: Option<String>) -> String {
    let mut data = json!({"rpcVersion": RPC_VERSION, "eventSubscriptions": EVENTS});
    if let Some(authentication) = authentication {
        data["authentication"] = Value::String(authentication);
    }
    json!({"op": 1, "d": data}).to_string()
}

/// A request.
pub(crate) fn request(id: &str, kind: &str, data: &Value) -> String {
    json!({"op": 6, "d": {"requestType": kind, "requestId": id, "requestData": data}}).to_string()
}

impl Challenge {
    /// Proves the password without saying it.
    pub(crate) fn answer(&self, password: &str) -> String {
        let hash = |text: String| STANDARD.encode(digest(&SHA256, text.as_bytes()));
        let secret = hash(format!("{password}{}", self.salt));
        hash(format!("{secret}{}", self.challenge))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_proved_as_the_protocol_says() {
        // The values of the protocol's own example, and the answer that its steps give, worked out with another program.
        let challenge = Challenge {
            challenge: "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY=".to_owned(),
            salt: "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=".to_owned(),
        };
        assert_eq!(challenge.answer("supersecretpassword"), "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4=");
    }

    #[test]
    fn what_obs_cannot_have_said_is_told_apart_from_what_is_new() {
        for text in
            ["", "x", "[]", "[1]", "{}", r#"{"op":0,"d":{}}"#, r#"{"op":2,"d":7}"#, r#"{"op":7,"d":{"requestId":1}}"#]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(r#"{"op":99,"d":{}}"#), Some(Told::Other));
        assert_eq!(read(r#"{"op":5,"d":{"eventType":"X"}}"#), Some(Told::Event { kind: "X".to_owned() }));
    }

    #[test]
    fn a_refusal_has_its_words_but_not_too_many() {
        let long = "x".repeat(10_000);
        let text = json!({"op": 7, "d": {"requestId": "1", "requestType": "A",
            "requestStatus": {"result": false, "code": 600, "comment": long}}});
        let Some(Told::Answer { result: Err(refusal), .. }) = read(&text.to_string()) else {
            panic!("it is a refusal")
        };
        assert_eq!((refusal.code, refusal.comment.len()), (600, COMMENT));
    }
}
