//! Files that the person chooses: everything that is kept, to one and back, and the page for OBS.

use std::io::Read as _;
use std::path::PathBuf;

use polychat_model::command::{CommandError, CommandErrorCode, ExportFile, Nothing, TextFile};
use polychat_model::saved::{OVERLAY_NAME, Saved, is_overlay_name};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use tokio::sync::oneshot;

use crate::native::failed;
use crate::program::Program;
use crate::words::{say, say_with};

/// The longest file that is read, in bytes: what the server takes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Writes everything into a file. `None` if the person chose none.
pub(crate) async fn export(app: &AppHandle, program: &Program) -> Result<Option<String>, CommandError> {
    let (chosen, choice) = oneshot::channel();
    let dialog = app.dialog().file().set_title(say("files.save")).set_file_name("polychat-settings.json");
    dialog.add_filter(say("files.kind"), &["json"]).save_file(move |path| _ = chosen.send(path));
    let Some(path) = wait(choice).await else { return Ok(None) };
    let ExportFile { text } = call(program, "export", Nothing {}).await?;
    write(path, text).await
}

/// Writes a text of the page into a file. `None` if the person chose none.
pub(crate) async fn save(app: &AppHandle, TextFile { name, text }: TextFile) -> Result<Option<String>, CommandError> {
    if text.len() as u64 > MAX_BYTES {
        let message = say_with("files.notWritten", &[("path", &file_name(&name)), ("why", say("files.tooLong"))]);
        return Err(CommandError { code: CommandErrorCode::InvalidRequest, message });
    }
    let (chosen, choice) = oneshot::channel();
    let dialog = app.dialog().file().set_title(say("files.saveOne")).set_file_name(file_name(&name));
    dialog.save_file(move |path| _ = chosen.send(path));
    let Some(path) = wait(choice).await else { return Ok(None) };
    write(path, text).await
}

/// A name that every system takes and that leads to no other folder: it is only proposed.
fn file_name(name: &str) -> String {
    let is_fit = |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.');
    let name: String = name.chars().map(|sign| if is_fit(sign) { sign } else { '-' }).take(80).collect();
    let name = name.trim_start_matches(['.', '-']);
    if name.is_empty() { "polychat.json".to_owned() } else { name.to_owned() }
}

/// Writes the page into a file that waits in OBS until Polychat is there. `None` if the person chose none.
pub(crate) async fn save_loader(
    app: &AppHandle,
    program: &Program,
    overlay: &str,
) -> Result<Option<String>, CommandError> {
    if !is_overlay_name(overlay) {
        return Err(failed(format!("An overlay's name is {OVERLAY_NAME}.")));
    }
    let (chosen, choice) = oneshot::channel();
    let dialog = app.dialog().file().set_title("Save a file").set_file_name(format!("polychat-{overlay}.html"));
    dialog.save_file(move |path| _ = chosen.send(path));
    let Some(path) = wait(choice).await else { return Ok(None) };
    write(path, program.server.loader(overlay)).await
}

async fn write(path: PathBuf, text: String) -> Result<Option<String>, CommandError> {
    let shown = path.display().to_string();
    match tokio::task::spawn_blocking(move || std::fs::write(path, text)).await {
        Ok(Ok(())) => Ok(Some(shown)),
        Ok(Err(error)) => Err(failed(say_with("files.notWritten", &[("path", &shown), ("why", &error.to_string())]))),
        Err(_) => Err(failed(say_with("files.notWritten", &[("path", &shown), ("why", say("files.stopped"))]))),
    }
}

/// Takes everything from a file. `None` if the person chose none.
pub(crate) async fn import(app: &AppHandle, program: &Program) -> Result<Option<Saved>, CommandError> {
    let (chosen, choice) = oneshot::channel();
    let dialog = app.dialog().file().set_title(say("files.open"));
    dialog.add_filter(say("files.kind"), &["json"]).pick_file(move |path| _ = chosen.send(path));
    let Some(path) = wait(choice).await else { return Ok(None) };
    let shown = path.display().to_string();
    let text = match tokio::task::spawn_blocking(move || read(&path)).await {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => {
            return Err(failed(say_with("files.notRead", &[("path", &shown), ("why", &error.to_string())])));
        }
        Err(_) => return Err(failed(say_with("files.notRead", &[("path", &shown), ("why", say("files.stopped"))]))),
    };
    call(program, "import", ExportFile { text }).await.map(Some)
}

async fn wait(choice: oneshot::Receiver<Option<FilePath>>) -> Option<PathBuf> {
    choice.await.ok().flatten()?.into_path().ok()
}

fn read(path: &std::path::Path) -> std::io::Result<String> {
    let mut text = String::new();
    let read = std::fs::File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if read as u64 > MAX_BYTES {
        return Err(std::io::Error::other(say("files.tooLarge")));
    }
    Ok(text)
}

async fn call<Q: Serialize, A: DeserializeOwned>(
    program: &Program,
    command: &str,
    request: Q,
) -> Result<A, CommandError> {
    let broken = |error: serde_json::Error| failed(format!("Polychat does not understand itself: {error}."));
    let answer = program.server.call(command, serde_json::to_value(request).map_err(broken)?).await?;
    serde_json::from_value(answer).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposed_name_leads_nowhere_else() {
        for (name, proposed) in [
            ("my-neon.polychat-look.json", "my-neon.polychat-look.json"),
            ("../../.bashrc", "bashrc"),
            ("C:\\x/y\n", "C--x-y-"),
            ("私の.json", "私の.json"),
            ("...", "polychat.json"),
        ] {
            assert_eq!(file_name(name), proposed);
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        std::fs::write(&path, "{}").unwrap();
        assert_eq!(read(&path).unwrap(), "{}");
        std::fs::write(&path, vec![b' '; usize::try_from(MAX_BYTES).unwrap() + 1]).unwrap();
        assert!(read(&path).is_err());
    }
}
