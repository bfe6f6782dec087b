//! What our pages may ask of the program: the server's commands, and the desktop program's own. The permissions in
//! src-tauri/permissions say which window may ask what.

use std::sync::Arc;

use polychat_model::command::CommandError;
use serde_json::Value;
use tauri::{AppHandle, State};

use crate::native;
use crate::program::Program;

/// A command of the server, as `POST /api/{command}` takes it.
#[tauri::command]
pub(crate) async fn call(
    program: State<'_, Arc<Program>>,
    command: String,
    request: Value,
) -> Result<Value, CommandError> {
    program.server.call(&command, request).await
}

/// A command of the desktop program.
#[tauri::command]
pub(crate) async fn native(app: AppHandle, command: String, request: Value) -> Result<Value, CommandError> {
    native::carry_out(&app, &command, request).await
}
