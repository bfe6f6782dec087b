//! The simulated YouTube answers as YouTube does. Read with a bare HTTP client.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::time::Duration;

use polychat_testkit::youtube::{Endpoint, Fault, SIGNALER_KEY, STUB_TOKENS, Token, View};
use polychat_testkit::{SimYoutube, YtMessage};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const TITLE: &str = "Tea, }; and </script> & more";

struct Reader {
    http: Client,
    base: String,
}

impl Reader {
    fn new(sim: &SimYoutube) -> Self {
        // A second call finds the provider there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { http: http.timeout(Duration::from_secs(20)).build().unwrap(), base: sim.url() }
    }

    async fn post(&self, path: &str, mut body: Value) -> Response {
        body["context"] = json!({"client": {"clientName": "WEB", "clientVersion": "2.20260701.00.00", "hl": "en"}});
        self.http.post(format!("{}/youtubei/v1/{path}", self.base)).json(&body).send().await.unwrap()
    }

    async fn ask(&self, path: &str, body: Value) -> Value {
        let response = self.post(path, body).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    async fn start_token(&self, video: &str) -> Token {
        let next = self.ask("next", json!({"videoId": video})).await;
        let bar = &next["contents"]["twoColumnWatchNextResults"]["conversationBar"]["liveChatRenderer"];
        let token = &bar["continuations"][0]["reloadContinuationData"]["continuation"];
        Token::decode(token.as_str().unwrap()).unwrap()
    }

    /// The texts of an answer, and the token after it.
    async fn chat(&self, token: &str) -> (Vec<String>, Option<String>) {
        let answer = self.ask("live_chat/get_live_chat", json!({"continuation": token})).await;
        let chat = &answer["continuationContents"]["liveChatContinuation"];
        (texts(&chat["actions"]), next_token(chat))
    }

    async fn page(&self, path: &str) -> (StatusCode, String) {
        let response = self.http.get(format!("{}{path}", self.base)).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }
}

fn texts(actions: &Value) -> Vec<String> {
    let items = actions.as_array().into_iter().flatten();
    let renderers = items.filter_map(|action| {
        let message = &action["addChatItemAction"]["item"]["liveChatTextMessageRenderer"]["message"];
        message["runs"][0]["text"].as_str().map(str::to_owned)
    });
    renderers.collect()
}

fn next_token(chat: &Value) -> Option<String> {
    let continuation = chat["continuations"][0].as_object()?;
    Some(continuation.values().next()?["continuation"].as_str()?.to_owned())
}

fn live(token: Token) -> String {
    Token { view: View::Live, ..token }.encode()
}

async fn stream() -> (SimYoutube, Reader, String) {
    let sim = SimYoutube::start().await;
    sim.add_channel("tea", "Tea Time");
    let video = sim.start_stream("tea", TITLE);
    let reader = Reader::new(&sim);
    (sim, reader, video)
}

#[tokio::test]
async fn tokens_chain_through_the_chat_without_loss_or_repetition() {
    let (sim, reader, video) = stream().await;
    for number in 0..100 {
        sim.say(&video, "ann", &number.to_string());
    }
    let (backlog, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    assert_eq!(backlog, (25..100).map(|number| number.to_string()).collect::<Vec<_>>(), "the last 75 are history");
    let mut token = next.unwrap();
    let (nothing, next) = reader.chat(&token).await;
    assert_eq!(nothing, [""; 0]);
    assert!(next.is_some(), "there is always a next token");
    let mut got = Vec::new();
    for part in [3_usize, 0, 1200, 1] {
        for number in 0..part {
            sim.say(&video, "ann", &format!("{part}/{number}"));
        }
        for _ in 0..4 {
            let (texts, next) = reader.chat(&token).await;
            got.extend(texts);
            token = next.unwrap();
        }
    }
    let said: Vec<String> =
        [3_usize, 1200, 1].iter().flat_map(|part| (0..*part).map(move |number| format!("{part}/{number}"))).collect();
    assert_eq!(got, said);
}

#[tokio::test]
async fn only_the_view_of_all_messages_has_all_messages() {
    let (sim, reader, video) = stream().await;
    sim.say(&video, "ann", "for everybody");
    sim.send(&video, &YtMessage::chat("filtered").from("bob").only_in_live_chat());
    let start = reader.start_token(&video).await;
    assert_eq!(start.view, View::Top, "what a page gives is the filtered view");
    assert_eq!(reader.chat(&start.encode()).await.0, ["for everybody"]);
    let (all, next) = reader.chat(&live(start)).await;
    assert_eq!(all, ["for everybody", "filtered"]);
    sim.send(&video, &YtMessage::chat("again").only_in_live_chat());
    assert_eq!(reader.chat(&next.unwrap()).await.0, ["again"], "later tokens stay in their view");
}

#[tokio::test]
async fn the_menu_has_stubs_that_are_refused_and_the_first_answer_has_real_tokens() {
    let (sim, reader, video) = stream().await;
    let next = reader.ask("next", json!({"videoId": video})).await;
    let chat = &next["contents"]["twoColumnWatchNextResults"]["conversationBar"]["liveChatRenderer"];
    let menu = |header: &Value, index: usize| {
        let item = &header["liveChatHeaderRenderer"]["viewSelector"]["sortFilterSubMenuRenderer"]["subMenuItems"];
        item[index]["continuation"]["reloadContinuationData"]["continuation"].as_str().unwrap().to_owned()
    };
    for (index, stub) in STUB_TOKENS.iter().enumerate() {
        assert_eq!(menu(&chat["header"], index), *stub);
        let refused = reader.post("live_chat/get_live_chat", json!({"continuation": stub})).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert_eq!(refused.json::<Value>().await.unwrap()["error"]["status"], "INVALID_ARGUMENT");
    }
    let token = reader.start_token(&video).await.encode();
    let first = reader.ask("live_chat/get_live_chat", json!({"continuation": token})).await;
    let first = &first["continuationContents"]["liveChatContinuation"];
    assert!(first["clientMessages"].is_object(), "a view that was loaded anew says so");
    sim.send(&video, &YtMessage::chat("hidden").only_in_live_chat());
    assert_eq!(reader.chat(&menu(&first["header"], 1)).await.0, ["hidden"]);
    let second = reader.ask("live_chat/get_live_chat", json!({"continuation": next_token(first)})).await;
    let second = &second["continuationContents"]["liveChatContinuation"];
    assert_eq!((&second["clientMessages"], &second["header"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn dead_tokens_answer_with_nothing_for_ever_and_fresh_ones_work() {
    let (sim, reader, video) = stream().await;
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    sim.kill_tokens(&video);
    sim.say(&video, "ann", "unheard");
    let mut token = next.unwrap();
    for _ in 0..3 {
        let (texts, next) = reader.chat(&token).await;
        assert_eq!(texts, [""; 0]);
        token = next.unwrap();
    }
    assert_eq!(reader.chat(&live(reader.start_token(&video).await)).await.0, ["unheard"]);
}

#[tokio::test]
async fn an_ended_stream_gives_no_token_and_its_archive_refuses_live_ones() {
    let (sim, reader, video) = stream().await;
    let (_, next) = reader.chat(&live(reader.start_token(&video).await)).await;
    let token = next.unwrap();
    sim.say(&video, "ann", "bye");
    sim.end(&video);
    assert_eq!(reader.chat(&token).await, (vec!["bye".to_owned()], None));
    sim.archive(&video);
    let refused = reader.post("live_chat/get_live_chat", json!({"continuation": token})).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(reader.start_token(&video).await.replay, "the page has the replay now");
}

#[tokio::test]
async fn faults_happen_as_often_as_asked_and_then_no_more() {
    let (sim, reader, video) = stream().await;
    let ask = async || reader.post("next", json!({"videoId": video})).await;
    for (fault, status) in [
        (Fault::Status(429), 429),
        (Fault::Status(503), 503),
        (Fault::Html, 200),
        (Fault::Sorry, 302),
        (Fault::Empty, 200),
        (Fault::Garbage, 200),
        (Fault::Truncated, 200),
        (Fault::Huge(1_000_000), 200),
    ] {
        sim.fail(Endpoint::Next, fault, 1);
        let response = ask().await;
        assert_eq!(response.status().as_u16(), status, "{fault:?}");
        let text = response.text().await.unwrap();
        let data: Option<Value> = serde_json::from_str(&text).ok();
        assert!(data.is_none_or(|data| data["contents"]["twoColumnWatchNextResults"].is_null()), "{fault:?}");
    }
    sim.fail(Endpoint::Next, Fault::Cut, 2);
    for _ in 0..2 {
        assert!(ask().await.text().await.is_err(), "the body ends too early");
    }
    assert_eq!(ask().await.status(), StatusCode::OK);
    assert_eq!(sim.requests(Endpoint::Next), 11);
}

/// The push channel, as a client sees it.
struct Push<'a> {
    reader: &'a Reader,
    session: String,
    sid: String,
    body: Option<Response>,
    buffer: Vec<u8>,
    last: u64,
}

impl<'a> Push<'a> {
    async fn open(reader: &'a Reader, video: &str) -> Self {
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

    fn request(reader: &Reader, path: &str, query: &str, kind: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/punctual/{path}?key={SIGNALER_KEY}{query}", reader.base);
        reader.http.post(url).header("content-type", kind).header("referer", "https://www.youtube.com/")
    }

    async fn listen(&mut self) -> StatusCode {
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
    async fn frame(&mut self) -> Option<Value> {
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
    async fn signal(&mut self) -> u64 {
        loop {
            let payload = self.frame().await.expect("a signal before the end");
            if let Some(usec) = payload[0][0][0][1][1][0][0][2].as_str() {
                return usec.parse().unwrap();
            }
        }
    }
}

#[tokio::test]
async fn the_push_channel_opens_and_signals_whatever_way_frames_are_cut() {
    let (sim, reader, video) = stream().await;
    let mut push = Push::open(&reader, &video).await;
    assert_eq!(push.listen().await, StatusCode::OK);
    let opened = push.frame().await.unwrap();
    assert!(opened[0][2][0].is_string(), "{opened}");
    let acknowledged = push.frame().await.unwrap();
    assert!(acknowledged[0][0][0][1][0][0].is_string(), "{acknowledged}");
    assert_eq!(sim.listeners(&video), 1);
    for (split, joined) in [(None, false), (Some(1), false), (Some(7), true), (None, true)] {
        sim.split_frames(split);
        sim.join_frames(joined);
        let before = sim.now_usec();
        sim.say(&video, "ann", "hi");
        let published = push.signal().await;
        assert!(published > before && published < sim.now_usec());
    }
    sim.ping();
    let ping = loop {
        let payload = push.frame().await.unwrap();
        if payload[0] != "noop" {
            break payload;
        }
    };
    assert!(ping[0][0][0][1][2][0].is_string(), "{ping}");
}

#[tokio::test]
async fn a_listener_goes_on_where_it_was_and_a_forgotten_one_is_unknown() {
    let (sim, reader, video) = stream().await;
    let mut push = Push::open(&reader, &video).await;
    push.listen().await;
    push.frame().await.unwrap();
    push.frame().await.unwrap();
    sim.cut_push();
    assert_eq!(push.frame().await, None);
    sim.say(&video, "ann", "meanwhile");
    push.listen().await;
    push.signal().await;
    assert_eq!(push.last, 3, "nothing that was acknowledged comes again");
    sim.hold_push(Some(Duration::from_millis(20)));
    push.listen().await;
    assert_eq!(push.frame().await, None, "the body ends by itself");
    sim.hold_push(None);
    push.listen().await;
    sim.forget_push();
    assert_eq!(push.frame().await, None);
    assert_eq!(push.listen().await, StatusCode::BAD_REQUEST);
    assert!(push.body.unwrap().text().await.unwrap().contains("Unknown SID"));
}

#[tokio::test]
async fn push_refuses_what_the_real_one_refuses() {
    let (_sim, reader, video) = stream().await;
    let url = format!("{}/punctual/v1/chooseServer?key={SIGNALER_KEY}", reader.base);
    assert_eq!(reader.http.post(url).body("[]").send().await.unwrap().status(), StatusCode::FORBIDDEN, "no referer");
    let wrong = Push::request(&reader, "v1/chooseServer", "", "application/json+protobuf").body("[[]]");
    assert_eq!(wrong.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    let mut push = Push::open(&reader, &video).await;
    push.sid = "SID99".to_owned();
    assert_eq!(push.listen().await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn pages_hold_their_data_whatever_the_title_is() {
    let (sim, reader, video) = stream().await;
    let (status, page) = reader.page(&format!("/watch?v={video}")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page.matches("</script>").count(), page.matches("<script").count(), "no title ends a script");
    for (marker, pointer) in [
        ("var ytInitialPlayerResponse = ", "/videoDetails/title"),
        (
            "var ytInitialData = ",
            "/contents/twoColumnWatchNextResults/results/results/contents/0/videoPrimaryInfoRenderer/title/runs/0/text",
        ),
    ] {
        let data = &page[page.find(marker).unwrap() + marker.len()..];
        let data: Value = serde_json::Deserializer::from_str(data).into_iter().next().unwrap().unwrap();
        assert_eq!(data.pointer(pointer).unwrap(), TITLE);
    }
    sim.ask_for_consent(true, None);
    let (status, _) = reader.page("/@tea/live").await;
    assert_eq!(status, StatusCode::FOUND);
    let request = reader.http.get(format!("{}/@TEA/live", reader.base)).header("cookie", "SOCS=CAI");
    let page = request.send().await.unwrap().text().await.unwrap();
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"https://www.youtube.com/watch?v={video}\">")));
}
