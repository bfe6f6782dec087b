//! What is asked of Redis for one channel. Whatever changes something is a script that looks at the lease first, so a program
//! that lost its lease without knowing can change nothing any more.

use std::time::Duration;

use polychat_model::ChannelKey;
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Value};

/// About how many messages are kept for those who come late to them, and for how long. Each holds what came together, up to
/// [`crate::reading`]'s bound for one message.
const KEPT: usize = 256;
const KEEP: Duration = Duration::from_secs(120);

/// How many messages are read at once.
const AT_ONCE: usize = 64;

/// What has to stand before everything that only the holder may do. A lease that nobody has is taken: a holder that was late,
/// or a Redis that lost everything, changes nothing as long as nobody else was quicker.
macro_rules! held {
    ($rest:literal) => {
        concat!(
            "
    local holder = redis.call('GET', KEYS[1])
    if holder and holder ~= ARGV[1] then return false end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])",
            $rest
        )
    };
}

macro_rules! last {
    () => {
        "
    local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
    last = last[1] and last[1][1] or '0-0'"
    };
}

/// Takes the lease if it is free; says whether this program has it now, and the number of the last message.
const CLAIM: &str = concat!(
    last!(),
    "
    local holder = redis.call('GET', KEYS[1])
    if holder and holder ~= ARGV[1] then return {0, last} end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return {1, last}"
);

/// Renews the lease and what belongs to it.
const RENEW: &str = held!(
    "
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
    redis.call('PEXPIRE', KEYS[3], ARGV[3])
    return '1'"
);

/// Keeps a message for those who come late, tells it to those who listen, and says its number.
const PUBLISH: &str = concat!(
    held!(""),
    last!(),
    "
    local id = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'm', ARGV[6], 'b', last)
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
    if ARGV[5] ~= '' then redis.call('SET', KEYS[3], ARGV[5]) end
    redis.call('PEXPIRE', KEYS[3], ARGV[3])
    redis.call('PUBLISH', KEYS[2], last .. ' ' .. id .. ' ' .. ARGV[6])
    return id"
);

/// Gives the lease up, and what is known with it; tells those who listen.
const RELEASE: &str = "
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('DEL', KEYS[1], KEYS[3])
    redis.call('PUBLISH', KEYS[2], '')
    return 1";

/// Holds the lease for longer, although nothing is read.
const PARK: &str = "
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    redis.call('PEXPIRE', KEYS[3], ARGV[2])
    return 1";

/// What is known of the channel, and the number of the last message.
const KNOWN: &str = concat!(
    last!(),
    "
    return {redis.call('GET', KEYS[3]), last}"
);

/// The number of a message in its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct MessageId(u64, u64);

impl MessageId {
    /// Before the first one.
    pub(crate) const NONE: Self = Self(0, 0);

    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let (time, number) = std::str::from_utf8(text).ok()?.split_once('-')?;
        Some(Self(time.parse().ok()?, number.parse().ok()?))
    }

    fn text(self) -> String {
        format!("{}-{}", self.0, self.1)
    }
}

/// A message as it is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The number of the message before this one, where that was written down: whoever does not have it has missed something.
    pub(crate) before: Option<MessageId>,
    /// Its number.
    pub(crate) id: MessageId,
    /// What it holds.
    pub(crate) body: Vec<u8>,
}

impl Kept {
    fn parse(id: &[u8], fields: Vec<Value>) -> Option<Self> {
        let (mut before, mut body) = (None, None);
        let mut fields = fields.into_iter();
        while let (Some(Value::BulkString(name)), Some(Value::BulkString(value))) = (fields.next(), fields.next()) {
            match name.as_slice() {
                b"m" => body = Some(value),
                b"b" => before = MessageId::parse(&value),
                _ => {}
            }
        }
        Some(Self { before, id: MessageId::parse(id)?, body: body? })
    }
}

/// Messages as they are read at once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Messages {
    /// The oldest first.
    pub(crate) list: Vec<Kept>,
    /// Whether there may be more.
    pub(crate) more: bool,
}

/// A message as it is pushed to those who listen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// Something was told.
    Message {
        /// The number of the message before this one: whoever does not have it has missed something.
        before: MessageId,
        /// Its number.
        id: MessageId,
        /// What it holds.
        body: Vec<u8>,
    },
    /// The holder has given its lease up.
    Free,
}

impl Pushed {
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        if payload.is_empty() {
            return Some(Self::Free);
        }
        let mut parts = payload.splitn(3, |&byte| byte == b' ');
        let (before, id, body) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self::Message { before: MessageId::parse(before)?, id: MessageId::parse(id)?, body: body.to_vec() })
    }
}

/// The keys of one channel. The braces let them lie together where Redis is spread over several servers.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    lease: String,
    /// The stream, and the name under which its messages are pushed.
    pub(crate) stream: String,
    /// What is known: the last states.
    known: String,
}

impl Names {
    pub(crate) fn of(key: &ChannelKey) -> Self {
        let ChannelKey { platform, identifier_type, identifier } = key;
        // The number is the form of what is told.
        let name = |what| format!("polychat:1:{{{platform}:{}:{identifier}}}:{what}", identifier_type.as_str());
        Self { lease: name("lease"), stream: name("stream"), known: name("known") }
    }
}

/// One channel at Redis.
#[derive(Clone)]
pub(crate) struct Commands {
    pub(crate) connection: MultiplexedConnection,
    pub(crate) names: Names,
    pub(crate) instance: String,
    pub(crate) lease: Duration,
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Commands {
    fn script(&self, script: &str) -> redis::Cmd {
        let mut command = redis::cmd("EVAL");
        let Names { lease, stream, known } = &self.names;
        command.arg(script).arg(3).arg(lease).arg(stream).arg(known).arg(&self.instance);
        command
    }

    /// Whether this program has the lease now, and the last message.
    pub(crate) async fn claim(mut self) -> RedisResult<(bool, MessageId)> {
        let command = self.script(CLAIM).arg(millis(self.lease)).to_owned();
        let (held, last): (u8, Vec<u8>) = command.query_async(&mut self.connection).await?;
        Ok((held == 1, MessageId::parse(&last).unwrap_or_default()))
    }

    /// Whether the lease is still ours.
    pub(crate) async fn renew(mut self) -> RedisResult<bool> {
        let command = self.script(RENEW).arg(millis(self.lease)).arg(millis(KEEP)).to_owned();
        let held: Option<String> = command.query_async(&mut self.connection).await?;
        Ok(held.is_some())
    }

    /// The number of the message; `None` if the lease is somebody else's. `known` takes the place of what was known.
    pub(crate) async fn publish(mut self, known: Option<String>, message: String) -> RedisResult<Option<MessageId>> {
        let mut command = self.script(PUBLISH);
        command.arg(millis(self.lease)).arg(millis(KEEP)).arg(KEPT).arg(known.unwrap_or_default()).arg(message);
        let id: Option<Vec<u8>> = command.query_async(&mut self.connection).await?;
        Ok(id.map(|id| MessageId::parse(&id).unwrap_or_default()))
    }

    pub(crate) async fn release(mut self) -> RedisResult<()> {
        self.script(RELEASE).query_async(&mut self.connection).await
    }

    pub(crate) async fn park(mut self, time: Duration) -> RedisResult<()> {
        let command = self.script(PARK).arg(millis(time)).to_owned();
        command.query_async(&mut self.connection).await
    }

    /// What is known of the channel, and the last message.
    pub(crate) async fn known(mut self) -> RedisResult<(Option<Vec<u8>>, MessageId)> {
        let (known, last): (Option<Vec<u8>>, Vec<u8>) = self.script(KNOWN).query_async(&mut self.connection).await?;
        Ok((known, MessageId::parse(&last).unwrap_or_default()))
    }

    /// The messages after that one.
    pub(crate) async fn after(mut self, last: MessageId) -> RedisResult<Messages> {
        let mut command = redis::cmd("XRANGE");
        command.arg(&self.names.stream).arg(format!("({}", last.text())).arg("+").arg("COUNT").arg(AT_ONCE);
        let entries: Vec<(Vec<u8>, Vec<Value>)> = command.query_async(&mut self.connection).await?;
        let more = entries.len() >= AT_ONCE;
        let list = entries.into_iter().filter_map(|(id, fields)| Kept::parse(&id, fields)).collect();
        Ok(Messages { list, more })
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::{IdentifierType, Platform};
    use polychat_testkit::RedisServer;

    use super::*;

    /// Two programs at one channel of a real Redis server.
    async fn two(redis: &RedisServer) -> [Commands; 2] {
        let client = redis::Client::open(redis.url()).unwrap();
        let key = ChannelKey::new(Platform::Twitch, IdentifierType::Username, "some}one");
        let connection = client.get_multiplexed_async_connection().await.unwrap();
        ["one", "two"].map(|instance| Commands {
            connection: connection.clone(),
            names: Names::of(&key),
            instance: instance.to_owned(),
            lease: Duration::from_secs(60),
        })
    }

    #[tokio::test]
    async fn only_who_has_the_lease_can_tell_renew_and_give_it_up() {
        let Some(redis) = RedisServer::start() else { return };
        let [one, two] = two(&redis).await;
        assert_eq!(one.clone().claim().await, Ok((true, MessageId::NONE)));
        assert_eq!(one.clone().claim().await, Ok((true, MessageId::NONE)), "again is the same");
        let first = one.clone().publish(Some("known".into()), "m1".into()).await.unwrap().unwrap();
        assert_eq!(two.clone().claim().await, Ok((false, first)));
        assert_eq!(two.clone().renew().await, Ok(false));
        assert_eq!(two.clone().publish(Some("false".into()), "m2".into()).await, Ok(None));
        two.clone().release().await.unwrap();
        two.clone().park(Duration::from_millis(1)).await.unwrap();
        assert_eq!(one.clone().renew().await, Ok(true));
        assert_eq!(two.clone().known().await, Ok((Some(b"known".to_vec()), first)));
        let kept = |before, id, body: &str| Kept { before: Some(before), id, body: body.as_bytes().to_vec() };
        assert_eq!(two.clone().after(MessageId::NONE).await.unwrap().list, [kept(MessageId::NONE, first, "m1")]);
        // It stood still, and its lease ran out meanwhile.
        assert_eq!(redis.ask("DEL polychat:1:{twitch:username:some}one}:lease"), ":1\r\n");
        one.clone().release().await.unwrap();
        assert_eq!(two.clone().claim().await, Ok((true, first)));
        assert_eq!(one.clone().publish(None, "late".into()).await, Ok(None), "a lost lease fences off");
        assert_eq!(one.clone().renew().await, Ok(false));
        let second = two.clone().publish(None, "m2".into()).await.unwrap().unwrap();
        assert_eq!(one.clone().after(first).await.unwrap().list, [kept(first, second, "m2")]);
        assert_eq!(one.clone().known().await, Ok((Some(b"known".to_vec()), second)), "late comers know it");
        two.release().await.unwrap();
        assert_eq!(one.known().await, Ok((None, second)), "nobody reads, so nothing is known");
    }

    #[tokio::test]
    async fn a_lease_that_nobody_has_is_taken_and_one_that_runs_out_is_free() {
        let Some(redis) = RedisServer::start() else { return };
        let [one, mut two] = two(&redis).await;
        assert_eq!(one.clone().renew().await, Ok(true), "a Redis that has lost everything changes nothing");
        assert_eq!(two.clone().claim().await, Ok((false, MessageId::NONE)));
        one.clone().park(Duration::from_millis(1)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        two.lease = Duration::from_millis(1);
        assert_eq!(two.clone().claim().await, Ok((true, MessageId::NONE)));
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(one.publish(None, "m".into()).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn messages_are_kept_for_those_who_come_late_and_bounded() {
        let Some(redis) = RedisServer::start() else { return };
        let [one, two] = two(&redis).await;
        let mut ids = Vec::new();
        for n in 0..1_000 {
            ids.push(one.clone().publish(None, n.to_string()).await.unwrap().unwrap());
        }
        assert!(ids.is_sorted());
        let (mut last, mut heard) = (ids[900], Vec::new());
        loop {
            let Messages { list, more } = two.clone().after(last).await.unwrap();
            assert!(list.len() <= AT_ONCE);
            assert!(list.iter().all(|kept| kept.before.is_some_and(|before| before < kept.id)));
            heard.extend(list.iter().map(|kept| String::from_utf8(kept.body.clone()).unwrap()));
            last = list.last().map_or(last, |kept| kept.id);
            if !more {
                break;
            }
        }
        assert_eq!(heard, (901..1_000).map(|n| n.to_string()).collect::<Vec<_>>());
        let oldest = two.after(ids[100]).await.unwrap();
        assert!(oldest.list[0].id > ids[500], "about {KEPT} are kept");
        assert!(oldest.list[0].before > Some(ids[100]), "and it can be seen that some are missing");
    }

    #[test]
    fn numbers_of_messages_are_read_and_ordered() {
        let id = |text: &str| MessageId::parse(text.as_bytes());
        assert_eq!(id("1764000000000-7").map(MessageId::text).as_deref(), Some("1764000000000-7"));
        assert!(id("9-10") > id("9-9") && id("10-0") > id("9-10") && id("0-0") == Some(MessageId::NONE));
        for broken in ["", "-", "1", "1-", "a-b", "1-2-3", "-1-2", "18446744073709551616-0"] {
            assert_eq!(id(broken), None, "{broken}");
        }
    }

    #[test]
    fn pushed_messages_are_cut_at_their_first_two_spaces_only() {
        let pushed = Pushed::parse(b"1-0 2-0 [a b c]");
        let (before, id) = (MessageId(1, 0), MessageId(2, 0));
        assert_eq!(pushed, Some(Pushed::Message { before, id, body: b"[a b c]".to_vec() }));
        assert_eq!(Pushed::parse(b""), Some(Pushed::Free));
        for broken in [&b"1-0 2-0"[..], b" ", b"x y z", b"\xff"] {
            assert_eq!(Pushed::parse(broken), None);
        }
    }
}
