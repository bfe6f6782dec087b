//! KEEP: delete this file when `App::call` and `App::saved` are there.
use crate::App;
impl App {
    /// Not there yet.
    #[expect(clippy::unused_async, reason = "until it is there")]
    pub async fn call(
        &self,
        _: &str,
        _: serde_json::Value,
    ) -> Result<serde_json::Value, polychat_model::command::CommandError> {
        let code = polychat_model::command::CommandErrorCode::UnknownCommand;
        Err(polychat_model::command::CommandError { code, message: "Not there yet.".to_owned() })
    }
    /// Not there yet.
    pub fn saved(&self) -> tokio::sync::watch::Receiver<std::sync::Arc<polychat_model::saved::Saved>> {
        tokio::sync::watch::channel(std::sync::Arc::default()).1
    }
}
