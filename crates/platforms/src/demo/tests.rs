use polychat_model::Body;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::*;
use crate::Started;

struct Other;

impl Connector for Other {
    fn platform(&self) -> Platform {
        Platform::Twitch
    }

    fn key(&self, identifier_type: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier> {
        Ok(ChannelKey::new(Platform::Twitch, identifier_type, typed))
    }

    fn read(&self, _: ChannelKey, _: Outlet, _: CancellationToken) -> BoxFuture<'_, Result<(), UpstreamError>> {
        Box::pin(async { Err(UpstreamError::Ended { text: "the other one".to_owned() }) })
    }
}

fn channel() -> ChannelKey {
    ChannelKey::new(Platform::Twitch, IdentifierType::Username, CHANNEL)
}

#[test]
fn the_demo_is_found_however_it_is_typed() {
    let demo = Demo::new(Platform::Twitch, None);
    for typed in ["polychat-demo", "@Polychat-Demo", "#POLYCHAT-DEMO", "  @polychat-demo\n"] {
        for kind in [IdentifierType::Username, IdentifierType::ChannelId, IdentifierType::LiveId] {
            assert_eq!(demo.key(kind, typed), Ok(channel()), "{typed}");
        }
    }
}

#[tokio::test]
async fn other_channels_are_left_to_the_connector_or_refused_in_words() {
    let refused = Demo::new(Platform::Youtube, None).key(IdentifierType::Username, "someone").unwrap_err();
    assert!(refused.to_string().contains("YouTube") && refused.to_string().contains(CHANNEL), "{refused}");

    let demo = Demo::new(Platform::Twitch, Some(Arc::new(Other)));
    let key = demo.key(IdentifierType::LiveId, "someone").unwrap();
    assert_eq!(key, ChannelKey::new(Platform::Twitch, IdentifierType::LiveId, "someone"));
    let (out, _signals) = mpsc::channel(1);
    let ended = demo.read(key, out, CancellationToken::new()).await.unwrap_err();
    assert_eq!(ended, UpstreamError::Ended { text: "the other one".to_owned() });
}

#[tokio::test(start_paused = true)]
async fn it_says_that_it_is_live_and_then_plays_with_pauses() {
    let (out, mut signals) = mpsc::channel(256);
    let cancel = CancellationToken::new();
    let mut tasks = JoinSet::new();
    let stop = cancel.clone();
    tasks.spawn(async move { Demo::new(Platform::Twitch, None).read(channel(), out, stop).await });
    let state = UpstreamState::Started(Started::new(CHANNEL, Some(true)));
    assert_eq!(signals.recv().await, Some(Signal::State(state)));
    let began = Instant::now();
    let mut chats = 0;
    while began.elapsed() < Duration::from_secs(60) {
        let Some(Signal::Event(event)) = signals.recv().await else { panic!("no event") };
        assert!(event.sent_at_ms > 1_600_000_000_000);
        chats += u32::from(matches!(event.body, Body::Chat(_)));
    }
    assert!((50..130).contains(&chats), "{chats}");
    cancel.cancel();
    assert_eq!(tasks.join_next().await.unwrap().unwrap(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn it_waits_while_nobody_takes_anything_and_does_not_flood_afterwards() {
    let (out, mut signals) = mpsc::channel(1);
    let cancel = CancellationToken::new();
    let mut tasks = JoinSet::new();
    let stop = cancel.clone();
    tasks.spawn(async move { Demo::new(Platform::Tiktok, None).read(demo_of_tiktok(), out, stop).await });
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert_eq!(signals.len(), 1);
    let began = Instant::now();
    for _ in 0..100 {
        signals.recv().await.unwrap();
    }
    assert!(began.elapsed() > Duration::from_secs(20), "{:?}", began.elapsed());

    // Full again, and cancelled: it must not wait for room.
    tokio::time::sleep(Duration::from_secs(60)).await;
    cancel.cancel();
    assert_eq!(tasks.join_next().await.unwrap().unwrap(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_nobody_listens_any_more() {
    let (out, signals) = mpsc::channel(4);
    drop(signals);
    let ended = Demo::new(Platform::Tiktok, None).read(demo_of_tiktok(), out, CancellationToken::new()).await;
    assert_eq!(ended, Ok(()));
}

fn demo_of_tiktok() -> ChannelKey {
    ChannelKey::new(Platform::Tiktok, IdentifierType::Username, CHANNEL)
}
