//! A bare HTTP client of the simulated YouTube.

use std::time::Duration;

use polychat_testkit::SimYoutube;
use polychat_testkit::youtube::{SIGNALER_KEY, Token, View};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

/// What a careless reader of pages trips over.
pub(crate) const TITLE: &str = "Tea, }; and </script> & more";

pub(crate) struct Reader {
    pub(crate) http: Client,
    pub(crate) base: String,
}

impl Reader {
    pub(crate) fn new(sim: &SimYoutube) -> Self {
        // A second call finds the provider there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { http: http.timeout(Duration::from_secs(20)).build().unwrap(), base: sim.url() }
    }

    pub(crate) async fn post(&self, path: &str, mut body: Value) -> Response {
        body["context"] = json!({"client": {"clientName": "WEB", "clientVersion": "2.20260701.00.00", "hl": "en"}});
        self.http.post(format!("{}/youtubei/v1/{path}", self.base)).json(&body).send().await.unwrap()
    }

    pub(crate) async fn ask(&self, path: &str, body: Value) -> Value {
        let response = self.post(path, body).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    pub(crate) async fn start_token(&self, video: &str) -> Token {
        let next = self.ask("next", json!({"videoId": video})).await;
        let bar = &next["contents"]["twoColumnWatchNextResults"]["conversationBar"]["liveChatRenderer"];
        let token = &bar["continuations"][0]["reloadContinuationData"]["continuation"];
        Token::decode(token.as_str().unwrap()).unwrap()
    }

    /// The texts of an answer, and the token after it.
    pub(crate) async fn chat(&self, token: &str) -> (Vec<String>, Option<String>) {
        let answer = self.ask("live_chat/get_live_chat", json!({"continuation": token})).await;
        let chat = &answer["continuationContents"]["liveChatContinuation"];
        (texts(&chat["actions"]), next_token(chat))
    }

    pub(crate) async fn page(&self, path: &str) -> (StatusCode, String) {
        let response = self.http.get(format!("{}{path}", self.base)).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }
}

pub(crate) fn texts(actions: &Value) -> Vec<String> {
    let items = actions.as_array().into_iter().flatten();
    let renderers = items.filter_map(|action| {
        let message = &action["addChatItemAction"]["item"]["liveChatTextMessageRenderer"]["message"];
        message["runs"][0]["text"].as_str().map(str::to_owned)
    });
    renderers.collect()
}

pub(crate) fn next_token(chat: &Value) -> Option<String> {
    let continuation = chat["continuations"][0].as_object()?;
    Some(continuation.values().next()?["continuation"].as_str()?.to_owned())
}

pub(crate) fn live(token: Token) -> String {
    Token { view: View::Live, ..token }.encode()
}

pub(crate) async fn stream() -> (SimYoutube, Reader, String) {
    let sim = SimYoutube::start().await;
    sim.add_channel("tea", "Tea Time");
    let video = sim.start_stream("tea", TITLE);
    let reader = Reader::new(&sim);
    (sim, reader, video)
}

/// The push channel, as a client sees it.
pub(crate) struct Push<'a> {
    reader: &'a Reader,
    session: String,
    pub(crate) sid: String,
    pub(crate) body: Option<Response>,
    buffer: Vec<u8>,
    pub(crate) last: u64,
}

impl<'a> Push<'a> {
    pub(crate) async fn open(reader: &'a Reader, video: &str) -> Self {
        let topic = json!([["youtube_live_chat_web"], [1], [[[format!("chat~{video}")]]]]);
        let choose = json!([[null, null, null, [9, 5], null, topic], null, null, 0]).to_string();
        let answer =
            Self::request(reader, "v1/chooseServer", "", "application/json+protobuf").body(choose).send().await;
        let answer: Value = answer.unwrap().json().await.unwrap();
        let session = answer[0].as_str().unwrap().to_owned();
        let open = json!([[["1", [null, null, null, [9, 5], null, topic, null, null, 1], null, 3]]]).to_string();
        let data: String = url::form_urlencoded::byte_serialize(open.as_bytes()).collect();
        let query = format!("&VER=8&gsessionid={session}&RID=12345&CVER=22&zx=abc&t=1");
        let form = "application/x-www-form-urlencoded";
        let answer = Self::request(reader, "multi-watch/channel", &query, form)
            .header("x-webchannel-content-type", "application/json+protobuf")
            .body(format!("count=1&ofs=0&req0___data__={data}"))
            .send()
            .await
            .unwrap();
        let text = answer.text().await.unwrap();
        let (length, json) = text.split_once('\n').unwrap();
        assert_eq!(length.parse::<usize>().unwrap(), json.len());
        let opened: Value = serde_json::from_str(json).unwrap();
        assert_eq!(opened[0][1][0], "c", "{opened}");
        let sid = opened[0][1][1].as_str().unwrap().to_owned();
        Self { reader, session, sid, body: None, buffer: Vec::new(), last: 0 }
    }

    pub(crate) fn request(reader: &Reader, path: &str, query: &str, kind: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/punctual/{path}?key={SIGNALER_KEY}{query}", reader.base);
        reader.http.post(url).header("content-type", kind).header("referer", "https://www.youtube.com/")
    }

    pub(crate) async fn listen(&mut self) -> StatusCode {
        let (session, sid, last) = (&self.session, &self.sid, self.last);
        let query = format!("&VER=8&gsessionid={session}&SID={sid}&AID={last}&RID=rpc&CI=0&TYPE=xmlhttp&zx=abc&t=1");
        let url = format!("{}/punctual/multi-watch/channel?key={SIGNALER_KEY}{query}", self.reader.base);
        let response = self.reader.http.get(url).header("referer", "https://www.youtube.com/").send().await.unwrap();
        let status = response.status();
        self.buffer.clear();
        self.body = Some(response);
        status
    }

    /// The payload of the next frame; `None`: the body ended.
    pub(crate) async fn frame(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let length: usize = std::str::from_utf8(&self.buffer[..end]).unwrap().parse().unwrap();
                if let Some(json) = self.buffer.get(end + 1..end + 1 + length) {
                    let array: Value = serde_json::from_slice(json).unwrap();
                    self.buffer.drain(..=end + length);
                    self.last = array[0][0].as_u64().unwrap();
                    return Some(array[0][1].clone());
                }
            }
            let chunk = self.body.as_mut().unwrap().chunk().await.ok()??;
            self.buffer.extend_from_slice(&chunk);
        }
    }

    /// The publishing time in the next signal.
    pub(crate) async fn signal(&mut self) -> u64 {
        loop {
            let payload = self.frame().await.expect("a signal before the end");
            if let Some(usec) = payload[0][0][0][1][1][0][0][2].as_str() {
                return usec.parse().unwrap();
            }
        }
    }
}
