//! Requests and answers as JSON, and refusals in words.

use polychat_model::command::{CommandError, CommandErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The longest piece of what a reader of JSON says that is passed on, in characters.
const DETAIL: usize = 200;

/// Reads a request.
pub(super) fn read<T: DeserializeOwned>(command: &str, request: Value) -> Result<T, CommandError> {
    serde_json::from_value(request).map_err(|error| {
        let detail: String = error.to_string().chars().take(DETAIL).collect();
        invalid(format!("This is not what `{command}` takes: {detail}."))
    })
}

/// Writes an answer.
pub(super) fn answer<T: Serialize>(value: &T) -> Result<Value, CommandError> {
    serde_json::to_value(value).map_err(|_| failed("The answer could not be written.".to_owned()))
}

pub(crate) fn invalid(message: String) -> CommandError {
    CommandError { code: CommandErrorCode::InvalidRequest, message }
}

pub(crate) fn not_found(message: String) -> CommandError {
    CommandError { code: CommandErrorCode::NotFound, message }
}

pub(crate) fn too_many(message: String) -> CommandError {
    CommandError { code: CommandErrorCode::TooMany, message }
}

pub(super) fn failed(message: String) -> CommandError {
    CommandError { code: CommandErrorCode::Failed, message }
}
