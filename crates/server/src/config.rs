//! Every setting, from flags or the environment. The table in docs/settings.md lists them all.
#![expect(clippy::doc_markdown, reason = "the comments of settings are the texts of --help")]
#![allow(rustdoc::bare_urls, reason = "likewise")]

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Parser;
use polychat_hub::{EmotesConfig, EmotesTimings};
use polychat_model::saved::Secret;
use polychat_obs::{Address, Fixed, ObsTimings};
use polychat_platforms::tiktok::{self, TiktokConfig};
use polychat_platforms::twitch::TwitchConfig;
use polychat_platforms::youtube::{Timings, YoutubeConfig};

/// The port that OBS links carry. Chosen to collide with none of the programs that streamers run beside this one.
pub(crate) const DEFAULT_PORT: u16 = 7117;

/// Every live chat on one overlay: reads chats and serves them to OBS and to programs.
#[derive(Debug, Clone, Parser)]
#[command(name = "polychat-server", version)]
pub struct Config {
    /// The address to listen on. 127.0.0.1 is this computer only; 0.0.0.0 is everybody who can reach it
    #[arg(long, env = "POLYCHAT_BIND", default_value = "127.0.0.1", value_name = "ADDRESS", global = true)]
    pub bind: IpAddr,

    /// The port to listen on; 0 takes any free one [default: 7117, or the next free one if that is taken]
    #[arg(long, env = "PORT", value_name = "PORT", global = true)]
    pub port: Option<u16>,

    /// Take the next free port even if one was named: for a program that can tell its user. No setting.
    #[arg(skip)]
    pub port_may_move: bool,

    /// Where Polychat keeps its files [default: the usual place of this system]
    #[arg(long, env = "POLYCHAT_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,

    /// Play a built-in conversation on the channel polychat-demo of each platform
    #[arg(long, env = "POLYCHAT_DEMO", num_args = 0..=1, default_missing_value = "true", default_value_t = false)]
    pub demo: bool,

    /// Web pages that may connect besides our own, OBS and pages of this computer: https://example.com,… or * for all
    #[arg(long, env = "POLYCHAT_ALLOWED_ORIGINS", value_delimiter = ',', value_name = "ORIGINS")]
    pub allowed_origins: Vec<String>,

    /// Bounds.
    #[command(flatten)]
    pub limits: Limits,

    /// Statistics.
    #[command(flatten)]
    pub stats: StatsArgs,

    /// A Redis server for statistics: redis://:password@host:6379, or rediss://… with TLS. Better in the environment:
    /// everybody can read the flags of a program
    #[arg(
        long = "redis-url",
        env = "REDIS_URL",
        value_name = "URL",
        value_parser = |text: &str| Ok::<_, std::convert::Infallible>(Password(Secret::new(text.trim()))),
        hide_env_values = true
    )]
    pub redis_url: Option<Password>,

    /// The history.
    #[command(flatten)]
    pub history: HistoryArgs,

    /// What is logged: error, warn, info, debug or trace, or a tracing filter
    #[arg(long, env = "POLYCHAT_LOG", default_value = "info", value_name = "LEVEL")]
    pub log: String,

    /// Log lines as JSON, one object a line
    #[arg(long, env = "POLYCHAT_LOG_JSON", num_args = 0..=1, default_missing_value = "true", default_value_t = false)]
    pub log_json: bool,

    /// Twitch.
    #[command(flatten)]
    pub twitch: TwitchArgs,

    /// YouTube.
    #[command(flatten)]
    pub youtube: YoutubeArgs,

    /// TikTok.
    #[command(flatten)]
    pub tiktok: TiktokArgs,

    /// Third-party emotes.
    #[command(flatten)]
    pub emotes: EmotesArgs,

    /// OBS.
    #[command(flatten)]
    pub obs: ObsArgs,
}

/// Bounds of the server. What is over a bound is refused with a reason; nothing else suffers.
#[derive(Debug, Clone, Parser)]
pub struct Limits {
    /// Connections at once, WebSocket and HTTP together
    #[arg(long, env = "POLYCHAT_MAX_CONNECTIONS", default_value_t = 10_000, value_name = "N")]
    pub max_connections: usize,

    /// Subscriptions of one connection
    #[arg(long, env = "POLYCHAT_MAX_SUBSCRIPTIONS", default_value_t = 50, value_name = "N")]
    pub max_subscriptions: usize,

    /// Channels that are read at once
    #[arg(long, env = "POLYCHAT_MAX_CHANNELS", default_value_t = 2_000, value_name = "N")]
    pub max_channels: usize,

    /// Bytes of one frame that a client sends
    #[arg(long, env = "POLYCHAT_MAX_FRAME_BYTES", default_value_t = 64 * 1024, value_name = "BYTES")]
    pub max_frame_bytes: usize,

    /// Requests of one connection a second; twice as many may come at once
    #[arg(long, env = "POLYCHAT_REQUESTS_PER_SECOND", default_value_t = 10, value_name = "N")]
    pub requests_per_second: u32,

    /// Seconds between two pings of a client; one that stays silent for two and a half of them counts as gone
    #[arg(long, env = "POLYCHAT_PING_SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..), value_name = "SECONDS")]
    pub ping_seconds: u64,

    /// Bytes that wait for one client that reads too slowly, before it misses messages
    #[arg(long, env = "POLYCHAT_MAX_QUEUE_BYTES", default_value_t = 256 * 1024, value_name = "BYTES")]
    pub max_queue_bytes: usize,
}

/// What is counted, and where that is kept.
#[derive(Debug, Clone, Parser)]
pub struct StatsArgs {
    /// Count messages, chatters, gifts and so on, for get_stats and stats frames
    #[arg(long = "enable-stats", env = "ENABLE_STATS", num_args = 0..=1, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    pub enable_stats: bool,

    /// Where statistics are kept: sqlite, in a file over restarts; redis, in the server that --redis-url names; or memory, as
    /// long as Polychat runs [default: redis with --redis-url, else sqlite]
    #[arg(long = "stats-storage", env = "STATS_STORAGE", value_name = "WHERE")]
    pub stats_storage: Option<String>,
}

/// What is kept of all that happens.
#[derive(Debug, Clone, Parser)]
pub struct HistoryArgs {
    /// Keep what is said and what happens, to find it again; false keeps nothing
    #[arg(long, env = "POLYCHAT_HISTORY", num_args = 0..=1, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    pub history: bool,

    /// Days after which it goes; 0 keeps it until --history-mib is reached
    #[arg(long, env = "POLYCHAT_HISTORY_DAYS", default_value_t = 90, value_name = "DAYS")]
    pub history_days: u32,

    /// Size of its file in MiB; then the oldest goes
    #[arg(long, env = "POLYCHAT_HISTORY_MIB", default_value_t = 1_024, value_name = "MIB",
          value_parser = clap::value_parser!(u64).range(1..=1_048_576))]
    pub history_mib: u64,
}

/// Where Twitch is, and what is asked of it.
#[derive(Debug, Clone, Parser)]
pub struct TwitchArgs {
    /// Twitch's chat [default: wss://irc-ws.chat.twitch.tv]
    #[arg(long = "twitch-irc-url", env = "POLYCHAT_TWITCH_IRC_URL", value_name = "URL", hide_short_help = true)]
    pub irc_url: Option<String>,

    /// Badges, avatars, live state and events besides chat: on, or off to ask nothing but chat
    #[arg(long = "twitch-side", env = "POLYCHAT_TWITCH_SIDE", default_value = "on", value_parser = ["on", "off"], hide_short_help = true)]
    pub side: String,

    /// Twitch's GraphQL; "off" leaves it out [default: https://gql.twitch.tv/gql]
    #[arg(long = "twitch-gql-url", env = "POLYCHAT_TWITCH_GQL_URL", value_name = "URL", hide_short_help = true)]
    pub gql_url: Option<String>,

    /// Twitch's events; "off" leaves them out [default: wss://hermes.twitch.tv/v1]
    #[arg(long = "twitch-hermes-url", env = "POLYCHAT_TWITCH_HERMES_URL", value_name = "URL", hide_short_help = true)]
    pub hermes_url: Option<String>,

    /// IVR, asked when GraphQL fails; "off" leaves it out [default: https://api.ivr.fi]
    #[arg(long = "twitch-ivr-url", env = "POLYCHAT_TWITCH_IVR_URL", value_name = "URL", hide_short_help = true)]
    pub ivr_url: Option<String>,

    /// DecAPI, asked when both fail; "off" leaves it out [default: https://decapi.me]
    #[arg(long = "twitch-decapi-url", env = "POLYCHAT_TWITCH_DECAPI_URL", value_name = "URL", hide_short_help = true)]
    pub decapi_url: Option<String>,

    /// A recent-messages service, to fill the gap after a lost connection [default: none]
    #[arg(
        long = "twitch-recent-messages-url",
        env = "POLYCHAT_TWITCH_RECENT_MESSAGES_URL",
        value_name = "URL",
        hide_short_help = true
    )]
    pub recent_messages_url: Option<String>,

    /// How many messages from before the start to fetch from it, at most 100
    #[arg(
        long = "twitch-recent-messages-limit",
        env = "POLYCHAT_TWITCH_RECENT_MESSAGES_LIMIT",
        default_value_t = 0,
        value_name = "N",
        hide_short_help = true
    )]
    pub recent_messages_limit: u32,

    /// A client id that is tried first with GraphQL and its events
    #[arg(long = "twitch-client-id", env = "POLYCHAT_TWITCH_CLIENT_ID", value_name = "ID", hide_short_help = true)]
    pub client_id: Option<String>,
}

/// Where YouTube is, and what is done there.
#[derive(Debug, Clone, Default, Parser)]
pub struct YoutubeArgs {
    /// YouTube [default: https://www.youtube.com]
    #[arg(long = "youtube-url", env = "POLYCHAT_YOUTUBE_URL", value_name = "URL", hide_short_help = true)]
    pub url: Option<String>,

    /// What tells at once that a chat has something new; "off" asks by the clock only [default: https://signaler-pa.youtube.com]
    #[arg(
        long = "youtube-signaler-url",
        env = "POLYCHAT_YOUTUBE_SIGNALER_URL",
        value_name = "URL",
        hide_short_help = true
    )]
    pub signaler_url: Option<String>,

    /// Play the recorded chat of an ended stream, this many times as fast as it was; name the stream by its address
    #[arg(
        long = "youtube-replay",
        env = "POLYCHAT_YOUTUBE_REPLAY",
        value_name = "SPEED",
        value_parser = clap::value_parser!(u32).range(1..=100),
        hide_short_help = true
    )]
    pub replay: Option<u32>,

    /// Other pauses than the real ones: no setting, for tests.
    #[arg(skip)]
    pub timings: Option<Timings>,
}

/// Where TikTok is, and who may help to reach it.
#[derive(Debug, Clone, Default, Parser)]
pub struct TiktokArgs {
    /// TikTok's site [default: https://www.tiktok.com]
    #[arg(
        id = "tiktok_url",
        long = "tiktok-url",
        env = "POLYCHAT_TIKTOK_URL",
        value_name = "URL",
        hide_short_help = true
    )]
    pub url: Option<String>,

    /// The interface of its live rooms [default: https://webcast.tiktok.com]
    #[arg(
        long = "tiktok-webcast-url",
        env = "POLYCHAT_TIKTOK_WEBCAST_URL",
        value_name = "URL",
        hide_short_help = true
    )]
    pub webcast_url: Option<String>,

    /// The socket of its live rooms [default: wss://webcast-ws.tiktok.com]
    #[arg(long = "tiktok-ws-url", env = "POLYCHAT_TIKTOK_WS_URL", value_name = "URL", hide_short_help = true)]
    pub ws_url: Option<String>,

    /// Where it registers guests; "off" takes a guest's cookie from its pages only [default: https://ttwid.bytedance.com]
    #[arg(long = "tiktok-ttwid-url", env = "POLYCHAT_TIKTOK_TTWID_URL", value_name = "URL", hide_short_help = true)]
    pub ttwid_url: Option<String>,

    /// A sign server, asked only when TikTok refuses direct connections; it learns which rooms are read [default: none]
    #[arg(long = "tiktok-sign-url", env = "POLYCHAT_TIKTOK_SIGN_URL", value_name = "URL", hide_short_help = true)]
    pub sign_url: Option<String>,

    /// The key for the sign server
    #[arg(
        long = "tiktok-sign-key",
        env = "POLYCHAT_TIKTOK_SIGN_KEY",
        value_name = "KEY",
        hide_short_help = true,
        hide_env_values = true
    )]
    pub sign_key: Option<String>,

    /// Other pauses than the real ones: no setting, for tests.
    #[arg(skip)]
    pub timings: Option<tiktok::Timings>,
}

/// Where third-party emotes come from.
#[derive(Debug, Clone, Default, Parser)]
pub struct EmotesArgs {
    /// 7TV's emotes; "off" leaves them out [default: https://7tv.io/v3]
    #[arg(long = "7tv-url", env = "POLYCHAT_7TV_URL", value_name = "URL", hide_short_help = true)]
    pub seventv_url: Option<String>,

    /// What tells at once that 7TV's emotes change; "off" looks every hour only [default: wss://events.7tv.io/v3]
    #[arg(long = "7tv-events-url", env = "POLYCHAT_7TV_EVENTS_URL", value_name = "URL", hide_short_help = true)]
    pub seventv_events_url: Option<String>,

    /// BTTV's emotes; "off" leaves them out [default: https://api.betterttv.net/3]
    #[arg(long = "bttv-url", env = "POLYCHAT_BTTV_URL", value_name = "URL", hide_short_help = true)]
    pub bttv_url: Option<String>,

    /// FrankerFaceZ's emotes; "off" leaves them out [default: https://api.frankerfacez.com/v1]
    #[arg(long = "ffz-url", env = "POLYCHAT_FFZ_URL", value_name = "URL", hide_short_help = true)]
    pub ffz_url: Option<String>,

    /// Other pauses than the real ones: no setting, for tests.
    #[arg(skip)]
    pub timings: Option<EmotesTimings>,
}

/// Where OBS is. The control page sets it, too; what is set here goes before that.
#[derive(Debug, Clone, Default, Parser)]
pub struct ObsArgs {
    /// OBS's WebSocket server, to connect to from the start: 127.0.0.1:4455, ws://… [default: as set in the control page]
    #[arg(id = "obs_url", long = "obs-url", env = "POLYCHAT_OBS_URL", value_name = "URL", hide_short_help = true)]
    pub url: Option<String>,

    /// The password of OBS's WebSocket server. Better in the environment: everybody can read the flags of a program
    #[arg(
        long = "obs-password",
        env = "POLYCHAT_OBS_PASSWORD",
        value_name = "PASSWORD",
        value_parser = |text: &str| Ok::<_, std::convert::Infallible>(Password(Secret::new(text))),
        hide_short_help = true,
        hide_env_values = true
    )]
    pub password: Option<Password>,

    /// Other pauses than the real ones: no setting, for tests.
    #[arg(skip)]
    pub timings: Option<ObsTimings>,
}

/// A password, or an address that may hold one. It may be empty, and is not shown.
#[derive(Debug, Clone)]
pub struct Password(pub Option<Secret>);

impl Config {
    /// All defaults, without looking at the environment. For tests and for programs that embed the server.
    pub fn embedded() -> Self {
        let limits = Limits {
            max_connections: 10_000,
            max_subscriptions: 50,
            max_channels: 2_000,
            max_frame_bytes: 64 * 1024,
            requests_per_second: 10,
            ping_seconds: 30,
            max_queue_bytes: 256 * 1024,
        };
        let twitch = TwitchArgs {
            irc_url: None,
            side: "on".to_owned(),
            gql_url: None,
            hermes_url: None,
            ivr_url: None,
            decapi_url: None,
            recent_messages_url: None,
            recent_messages_limit: 0,
            client_id: None,
        };
        Self {
            bind: IpAddr::from([127, 0, 0, 1]),
            port: None,
            port_may_move: false,
            data_dir: None,
            demo: false,
            allowed_origins: Vec::new(),
            limits,
            stats: StatsArgs { enable_stats: true, stats_storage: None },
            redis_url: None,
            history: HistoryArgs { history: true, history_days: 90, history_mib: 1_024 },
            log: "info".to_owned(),
            log_json: false,
            twitch,
            youtube: YoutubeArgs::default(),
            tiktok: TiktokArgs::default(),
            emotes: EmotesArgs::default(),
            obs: ObsArgs::default(),
        }
    }

    /// The folder for files, or `None` where the system names none.
    pub fn data_dir(&self) -> Option<PathBuf> {
        self.data_dir
            .clone()
            .or_else(|| directories::ProjectDirs::from("", "", "Polychat").map(|dirs| dirs.data_local_dir().to_owned()))
    }

    pub(crate) fn twitch(&self) -> TwitchConfig {
        let args = &self.twitch;
        let defaults = TwitchConfig::default();
        let side = args.side != "off";
        let choose = |set: &Option<String>, default: Option<String>| match set.as_deref() {
            _ if !side => None,
            Some("off" | "") => None,
            Some(url) => Some(url.to_owned()),
            None => default,
        };
        let mut client_ids = defaults.client_ids;
        client_ids.splice(0..0, args.client_id.iter().filter(|id| !id.is_empty()).cloned());
        TwitchConfig {
            irc_url: args.irc_url.clone().filter(|url| !url.is_empty()).unwrap_or(defaults.irc_url),
            gql_url: choose(&args.gql_url, defaults.gql_url),
            hermes_url: choose(&args.hermes_url, defaults.hermes_url),
            ivr_url: choose(&args.ivr_url, defaults.ivr_url),
            decapi_url: choose(&args.decapi_url, defaults.decapi_url),
            recent_messages_url: choose(&args.recent_messages_url, None),
            recent_messages_limit: args.recent_messages_limit.min(100),
            client_ids,
            cache_dir: self.data_dir().map(|dir| dir.join("cache").join("twitch")),
        }
    }
}

impl Config {
    pub(crate) fn youtube(&self) -> YoutubeConfig {
        let (args, defaults) = (&self.youtube, YoutubeConfig::default());
        YoutubeConfig {
            url: args.url.clone().filter(|url| !url.is_empty()).unwrap_or(defaults.url),
            signaler_url: match args.signaler_url.as_deref() {
                Some("off" | "") => None,
                Some(url) => Some(url.to_owned()),
                None => defaults.signaler_url,
            },
            replay: args.replay,
        }
    }

    pub(crate) fn tiktok(&self) -> TiktokConfig {
        let (args, defaults) = (&self.tiktok, TiktokConfig::default());
        let set = |arg: &Option<String>| arg.clone().filter(|text| !text.is_empty());
        TiktokConfig {
            url: set(&args.url).unwrap_or(defaults.url),
            webcast_url: set(&args.webcast_url).unwrap_or(defaults.webcast_url),
            ws_url: set(&args.ws_url).unwrap_or(defaults.ws_url),
            ttwid_url: match args.ttwid_url.as_deref() {
                Some("off" | "") => None,
                Some(url) => Some(url.to_owned()),
                None => defaults.ttwid_url,
            },
            sign_url: set(&args.sign_url),
            sign_key: set(&args.sign_key),
        }
    }
}

impl Config {
    /// The address of the Redis server, if there is one.
    pub(crate) fn redis(&self) -> Option<&str> {
        self.redis_url.as_ref().and_then(|Password(url)| url.as_ref()).map(Secret::reveal)
    }

    /// Where OBS is, if that is set here.
    ///
    /// # Errors
    /// The address that is none.
    pub(crate) fn obs(&self) -> Result<Option<Fixed>, String> {
        let args = &self.obs;
        let Some(url) = args.url.as_deref().filter(|url| !url.trim().is_empty()) else { return Ok(None) };
        // What may be a password is not repeated.
        let (address, with_it) =
            Address::parse(url).map_err(|_| url.split('/').take(3).collect::<Vec<_>>().join("/"))?;
        let password = args.password.as_ref().and_then(|Password(secret)| secret.clone()).or(with_it);
        Ok(Some(Fixed { address, password }))
    }

    pub(crate) fn emotes(&self) -> EmotesConfig {
        let (args, defaults) = (&self.emotes, EmotesConfig::default());
        let choose = |set: &Option<String>, default: Option<String>| match set.as_deref() {
            Some("off" | "") => None,
            Some(url) => Some(url.to_owned()),
            None => default,
        };
        EmotesConfig {
            seventv_url: choose(&args.seventv_url, defaults.seventv_url),
            seventv_events_url: choose(&args.seventv_events_url, defaults.seventv_events_url),
            bttv_url: choose(&args.bttv_url, defaults.bttv_url),
            ffz_url: choose(&args.ffz_url, defaults.ffz_url),
            cache_dir: self.data_dir().map(|dir| dir.join("cache").join("emotes")),
            timings: args.timings.unwrap_or(defaults.timings),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_flags_are_well_formed_and_their_defaults_are_the_embedded_ones() {
        Config::command().debug_assert();
        let parsed = Config::parse_from(["polychat-server"]);
        assert_eq!(format!("{parsed:?}"), format!("{:?}", Config::embedded()));
    }

    /// The rows of settings in a document: flag and variable of each, and the row as it stands there.
    fn rows(document: &'static str) -> Vec<(String, &'static str)> {
        let rows = document.lines().filter(|line| line.starts_with("| `--"));
        rows.map(|row| (row.splitn(4, " | ").take(2).collect::<Vec<_>>().join(" | "), row)).collect()
    }

    #[test]
    fn the_documents_list_every_setting_and_no_other() {
        let command = Config::command();
        let settings = command.get_arguments().filter_map(|argument| {
            let env = argument.get_env()?.to_string_lossy();
            Some(format!("| `--{}` | `{env}`", argument.get_long().expect("every setting has a flag")))
        });
        let settings: std::collections::BTreeSet<_> = settings.collect();
        let listed = rows(include_str!("../../../docs/settings.md"));
        let names: std::collections::BTreeSet<_> = listed.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names, settings, "docs/settings.md, and what the program takes");
        assert_eq!(listed.len(), names.len(), "docs/settings.md has each of them once");
        for (name, row) in rows(include_str!("../../../README.md")) {
            assert!(listed.contains(&(name, row)), "README.md says otherwise than docs/settings.md: {row}");
        }
    }

    #[test]
    fn the_password_of_obs_is_nowhere_but_where_it_is_used() {
        let flags = ["polychat-server", "--obs-url", "obsws://studio:4455/first", "--obs-password", "hunter2"];
        let config = Config::parse_from(flags);
        assert!(!format!("{config:?}").contains("hunter2"));
        let fixed = config.obs().unwrap().unwrap();
        assert_eq!(
            (fixed.address.to_string(), fixed.password),
            ("ws://studio:4455".to_owned(), Secret::new("hunter2"))
        );
        let wrong = Config::parse_from(["polychat-server", "--obs-url", "obsws://a b:4455/first"]);
        assert_eq!(wrong.obs(), Err("obsws://a b:4455".to_owned()));
    }

    #[test]
    fn the_address_of_redis_is_not_shown_and_may_be_empty() {
        let config = Config::parse_from(["polychat-server", "--redis-url", "redis://:hunter2@studio:6379/1"]);
        assert!(!format!("{config:?}").contains("hunter2"));
        assert_eq!(config.redis(), Some("redis://:hunter2@studio:6379/1"));
        assert_eq!(Config::parse_from(["polychat-server", "--redis-url", " "]).redis(), None);
    }

    #[test]
    fn side_requests_can_be_left_out_one_by_one_or_all() {
        let mut config = Config::embedded();
        assert!(config.twitch().gql_url.is_some() && config.twitch().recent_messages_url.is_none());
        config.twitch.ivr_url = Some("off".to_owned());
        assert!(config.twitch().ivr_url.is_none() && config.twitch().decapi_url.is_some());
        config.twitch.side = "off".to_owned();
        let twitch = config.twitch();
        assert_eq!((twitch.gql_url, twitch.hermes_url, twitch.decapi_url), (None, None, None));
    }
}
