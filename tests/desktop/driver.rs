//! The few commands of `WebDriver` that these tests need, to look into the pages of the program and to use them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::world::http;

/// How long something that must come is waited for. Long, as the machine may be busy; nothing waits so long when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until `look` finds something.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < until, "in vain was waited for: {what}");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// Where the program's own pages are.
const OURS: &str = "tauri://localhost";

/// A session: the program, and all of its windows.
#[derive(Debug)]
pub(crate) struct Driver {
    base: String,
}

impl Driver {
    /// Has the driver at `port` start the program.
    pub(crate) async fn open(port: u16, binary: &str) -> Self {
        let root = format!("http://127.0.0.1:{port}");
        let options = json!({"binary": binary, "args": []});
        let wanted = json!({"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}});
        eventually("the driver listens", async || http().get(format!("{root}/status")).send().await.ok()).await;
        let driver = Self { base: root };
        let session = driver.post("/session", &wanted).await.expect("the driver starts the program");
        let id = session["sessionId"].as_str().expect("a session has a name").to_owned();
        Self { base: format!("{}/session/{id}", driver.base) }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, String> {
        let response = request.send().await.map_err(|error| error.to_string())?;
        let is_good = response.status().is_success();
        let mut answer: Value = response.json().await.map_err(|error| error.to_string())?;
        if is_good { Ok(answer["value"].take()) } else { Err(answer.to_string()) }
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.send(http().post(format!("{}{path}", self.base)).json(body)).await
    }

    async fn get(&self, path: &str) -> Result<Value, String> {
        self.send(http().get(format!("{}{path}", self.base))).await
    }

    /// Turns to the window whose address has `part` in it, which must come.
    pub(crate) async fn window(&self, part: &str) {
        self.window_with(&format!("a window at {part}"), |url| url.contains(part)).await;
    }

    async fn window_with(&self, what: &str, is_it: impl Fn(&str) -> bool) {
        eventually(what, async || {
            for handle in self.get("/window/handles").await.ok()?.as_array()? {
                self.post("/window", &json!({"handle": handle})).await.ok()?;
                if self.get("/url").await.ok()?.as_str().is_some_and(&is_it) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// How many windows have a page.
    pub(crate) async fn windows(&self) -> usize {
        self.get("/window/handles").await.ok().and_then(|handles| Some(handles.as_array()?.len())).unwrap_or_default()
    }

    /// A command of the server, as the control window calls it.
    pub(crate) async fn call(&self, command: &str, request: Value) -> Value {
        self.invoke("call", command, request).await.unwrap_or_else(|refused| panic!("{command}: {refused}"))
    }

    /// A command of the desktop program itself.
    pub(crate) async fn native(&self, command: &str, request: Value) -> Value {
        self.try_native(command, request).await.unwrap_or_else(|refused| panic!("{command}: {refused}"))
    }

    /// The same, when it may be refused.
    pub(crate) async fn try_native(&self, command: &str, request: Value) -> Result<Value, Value> {
        self.invoke("native", command, request).await
    }

    async fn invoke(&self, way: &str, command: &str, request: Value) -> Result<Value, Value> {
        let here = self.get("/window").await.unwrap();
        self.window_with("the control window", |url| url.starts_with(OURS) && !url.contains("overlay.html")).await;
        let answer = self.invoke_here(way, json!({"command": command, "request": request})).await;
        // Its window may be the one that is gone now.
        let _ = self.post("/window", &json!({"handle": here})).await;
        answer
    }

    /// What a script in the page gives.
    pub(crate) async fn script(&self, body: &str) -> Result<Value, String> {
        self.post("/execute/sync", &json!({"script": body, "args": []})).await
    }

    /// Whatever the page of this window may try to have the program do.
    pub(crate) async fn invoke_here(&self, name: &str, arguments: Value) -> Result<Value, Value> {
        let script = "const [name, given, done] = arguments; \
             window.__TAURI_INTERNALS__.invoke(name, given).then((ok) => done({ ok }), (error) => done({ error }));";
        let args = json!({"script": script, "args": [name, arguments]});
        let mut answer = self.post("/execute/async", &args).await.unwrap();
        match answer["error"].take() {
            Value::Null => Ok(answer["ok"].take()),
            error => Err(error),
        }
    }

    /// The element of a CSS selector, which must come.
    async fn element(&self, css: &str) -> String {
        eventually(&format!("an element {css}"), async || self.find(css).await).await
    }

    async fn find(&self, css: &str) -> Option<String> {
        let found = self.post("/element", &json!({"using": "css selector", "value": css})).await.ok()?;
        let id = found.as_object()?.values().next()?.as_str()?;
        Some(format!("/element/{id}"))
    }

    /// Waits until the text of an element is as wanted.
    pub(crate) async fn text_with(&self, css: &str, wanted: &str) -> String {
        let what = format!("{wanted:?} in {css}");
        eventually(&what, async || self.text(css).await.filter(|text| text.contains(wanted))).await
    }

    /// The text of an element as it is now.
    pub(crate) async fn text(&self, css: &str) -> Option<String> {
        let element = self.find(css).await?;
        Some(self.get(&format!("{element}/text")).await.ok()?.as_str()?.to_owned())
    }

    /// Clicks an element, which must come.
    pub(crate) async fn click(&self, css: &str) {
        eventually(&format!("a click on {css}"), async || {
            let element = self.find(css).await?;
            self.post(&format!("{element}/click"), &json!({})).await.ok()
        })
        .await;
    }

    /// Types into an element.
    pub(crate) async fn type_into(&self, css: &str, text: &str) {
        let element = self.element(css).await;
        self.post(&format!("{element}/value"), &json!({"text": text})).await.unwrap();
    }

    /// Ends the session, and with it the program.
    pub(crate) async fn close(self) {
        // The program may have ended before.
        let _ = self.send(http().delete(&self.base)).await;
    }
}

/// The key that enters what was typed.
pub(crate) const ENTER: &str = "\u{e007}";
