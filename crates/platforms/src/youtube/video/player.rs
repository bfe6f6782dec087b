//! Reads `player`, and the same data in a watch page: the state of a video and its times.

use serde_json::Value;

use super::{Video, VideoState, handle};
use crate::youtube::identifier::{is_channel_id, is_video_id};
use crate::youtube::pick::{Want, want};
use crate::youtube::plain::{integer, iso_ms, seconds_ms, string, text};

/// A page of help that the check for robots links to (seen in blockers' lists, 2025). The texts around it are localised.
const ROBOT_HELP: &str = "support.google.com/youtube/answer/3037019";

pub(super) const WANT: Want = want!({
    playabilityStatus: {
        status: _,
        errorScreen: {
            playerLegacyDesktopYpcOfferRenderer: { offerId: _ },
            playerErrorMessageRenderer: {
                subreason: { runs: { navigationEndpoint: {
                    urlEndpoint: { url: _ },
                    commandMetadata: { webCommandMetadata: { url: _ } },
                } } },
            },
            playerCaptchaViewModel: {},
        },
        liveStreamability: { liveStreamabilityRenderer: {
            videoId: _,
            offlineSlate: { liveStreamOfflineSlateRenderer: { scheduledStartTime: _ } },
        } },
    },
    videoDetails: {
        videoId: _, title: _, channelId: _, author: _,
        isLive: _, isUpcoming: _, isLiveContent: _, isPostLiveDvr: _,
    },
    microformat: { playerMicroformatRenderer: {
        title: _, externalVideoId: _, externalChannelId: _, ownerChannelName: _, ownerProfileUrl: _, likeCount: _,
        embed: { width: _, height: _ },
        liveBroadcastDetails: { isLiveNow: _, startTimestamp: _, endTimestamp: _ },
    } },
});

/// Reads what was picked with [`WANT`].
pub(super) fn read(data: &Value) -> Option<Video> {
    let playability = &data["playabilityStatus"];
    let details = &data["videoDetails"];
    if !playability.is_object() && !details.is_object() {
        return None;
    }
    let format = &data["microformat"]["playerMicroformatRenderer"];
    let streamability = &playability["liveStreamability"]["liveStreamabilityRenderer"];
    let slate = &streamability["offlineSlate"]["liveStreamOfflineSlateRenderer"];
    let scheduled = seconds_ms(&slate["scheduledStartTime"]);
    let broadcast = &format["liveBroadcastDetails"];
    let start = iso_ms(&broadcast["startTimestamp"]);
    let ended_at_ms = iso_ms(&broadcast["endTimestamp"]);
    let state = Clues { playability, details, broadcast, scheduled, ended_at_ms }.state();
    let is_upcoming = state == VideoState::Upcoming;

    let ids = [&details["videoId"], &format["externalVideoId"], &streamability["videoId"]];
    let channels = [&details["channelId"], &format["externalChannelId"]];
    let offer = &playability["errorScreen"]["playerLegacyDesktopYpcOfferRenderer"]["offerId"];
    let embed = integer(&format["embed"]["width"]).zip(integer(&format["embed"]["height"]));
    Some(Video {
        id: first(ids, is_video_id).unwrap_or_default(),
        channel_id: first(channels, is_channel_id),
        channel_name: string(&details["author"]).or_else(|| string(&format["ownerChannelName"])),
        handle: format["ownerProfileUrl"].as_str().and_then(handle),
        title: string(&details["title"]).or_else(|| text(&format["title"])),
        state,
        members_only: offer == "sponsors_only_video",
        starts_at_ms: scheduled.or(start).filter(|_| is_upcoming),
        started_at_ms: start.filter(|_| !is_upcoming),
        ended_at_ms,
        likes: integer(&format["likeCount"]),
        vertical: embed.map(|(width, height)| height > width),
        ..Video::default()
    })
}

fn first<const N: usize>(values: [&Value; N], is_good: fn(&str) -> bool) -> Option<String> {
    values.into_iter().filter_map(Value::as_str).find(|text| is_good(text)).map(str::to_owned)
}

/// What an answer says about the state.
struct Clues<'a> {
    playability: &'a Value,
    details: &'a Value,
    broadcast: &'a Value,
    scheduled: Option<i64>,
    ended_at_ms: Option<i64>,
}

impl Clues<'_> {
    /// A flag that is missing says no. A public stream that only members may see has its flags, too, and so has one that is
    /// restricted to grown-ups: how it may be played comes after what it is.
    fn state(&self) -> VideoState {
        let is = |flag: &str| self.details[flag] == true;
        let status = self.playability["status"].as_str().unwrap_or_default();
        if status == "ERROR" {
            return VideoState::Missing;
        }
        if !self.details.is_object() {
            return match status {
                "LOGIN_REQUIRED" if self.is_robot_check() => VideoState::BotCheck,
                "LOGIN_REQUIRED" => VideoState::Private,
                "LIVE_STREAM_OFFLINE" if self.scheduled.is_some() => VideoState::Upcoming,
                _ if self.ended_at_ms.is_some() => VideoState::Ended,
                _ if self.broadcast["isLiveNow"] == true => VideoState::Live,
                _ if self.is_robot_check() => VideoState::BotCheck,
                _ => VideoState::Unknown,
            };
        }
        if is("isPostLiveDvr") {
            VideoState::Ended
        } else if is("isLive") {
            VideoState::Live
        } else if is("isUpcoming") || (self.scheduled.is_some() && self.ended_at_ms.is_none()) {
            VideoState::Upcoming
        } else if is("isLiveContent") || self.ended_at_ms.is_some() {
            VideoState::Ended
        } else {
            match status {
                "LOGIN_REQUIRED" if self.is_robot_check() => VideoState::BotCheck,
                "LOGIN_REQUIRED" => VideoState::Private,
                "OK" | "UNPLAYABLE" => VideoState::NotAStream,
                _ => VideoState::Unknown,
            }
        }
    }

    fn is_robot_check(&self) -> bool {
        let screen = &self.playability["errorScreen"];
        let runs = screen["playerErrorMessageRenderer"]["subreason"]["runs"].as_array();
        let links = runs.into_iter().flatten().flat_map(|run| {
            let endpoint = &run["navigationEndpoint"];
            [&endpoint["urlEndpoint"]["url"], &endpoint["commandMetadata"]["webCommandMetadata"]["url"]]
        });
        let mut links = links.filter_map(Value::as_str);
        screen["playerCaptchaViewModel"].is_object() || links.any(|url| url.contains(ROBOT_HELP))
    }
}
