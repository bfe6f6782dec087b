//! The answer of the player: whether a video can be watched, and how far it is.

use serde_json::{Value, json};

use super::answer::{response_context, runs, simple, timestamp, tracking};
use super::video::{PlayerMood, Video, VideoState};
use super::words::Words;
use super::world::{Channel, World};

/// The answer of the player.
pub(super) fn answer(world: &World, id: &str, words: &Words) -> Value {
    let mut answer = json!({"responseContext": response_context(), "trackingParams": tracking("player")});
    let found = world.video(id).filter(|video| video.state != VideoState::Deleted);
    let Some((video, channel)) = found.and_then(|video| Some((video, world.channels.get(&video.channel)?))) else {
        answer["playabilityStatus"] = json!({"status": "ERROR", "reason": words.unavailable,
            "errorScreen": {"playerErrorMessageRenderer": {"reason": simple(words.unavailable)}}});
        return answer;
    };
    if video.state == VideoState::Private {
        answer["playabilityStatus"] = json!({"status": "LOGIN_REQUIRED", "reason": words.private,
            "messages": [words.private]});
        return answer;
    }
    if video.player == PlayerMood::BotCheck {
        answer["playabilityStatus"] = json!({"status": "LOGIN_REQUIRED", "reason": words.robot,
            "errorScreen": {"playerErrorMessageRenderer": {"reason": simple(words.robot)}}});
        return answer;
    }
    let mut told = video.clone();
    if video.player == PlayerMood::NotLive && video.state == VideoState::Live {
        told.state = VideoState::Archived;
    }
    let video = &told;
    answer["playabilityStatus"] = playability(video, words);
    answer["videoDetails"] = details(video, channel);
    answer["microformat"] = json!({"playerMicroformatRenderer": microformat(video, channel)});
    answer
}

fn playability(video: &Video, words: &Words) -> Value {
    let mut status = json!({"status": "OK", "playableInEmbed": true, "contextParams": tracking("context")});
    if video.members_only {
        status["status"] = json!("UNPLAYABLE");
        status["reason"] = json!(words.members_reason);
        status["errorScreen"] = json!({"playerLegacyDesktopYpcOfferRenderer": {
            "itemTitle": words.members_only,
            "offerDescription": words.members_reason,
            "offerId": "sponsors_only_video",
        }});
        return status;
    }
    let mut streamability = json!({"videoId": video.id, "broadcastId": "1", "pollDelayMs": "15000"});
    match video.state {
        VideoState::Upcoming(start) => {
            status["status"] = json!("LIVE_STREAM_OFFLINE");
            status["reason"] = json!(words.soon_reason);
            status["errorScreen"] = json!({"ypcTrailerRenderer": {
                "fullVideoMessage": simple("Trailer"), "unserializedPlayerResponse": trailer(video),
            }});
            streamability["offlineSlate"] = json!({"liveStreamOfflineSlateRenderer": {
                "scheduledStartTime": start.to_string(),
                "mainText": runs(&[words.soon_reason]),
                "subtitleText": simple(&timestamp(start)),
            }});
        }
        VideoState::Ended => {
            status["status"] = json!("LIVE_STREAM_OFFLINE");
            status["reason"] = json!(words.streamed);
        }
        VideoState::Live => {}
        _ => return status,
    }
    status["liveStreamability"] = json!({"liveStreamabilityRenderer": streamability});
    status
}

/// Another video inside of the answer: what is shown until the stream begins.
fn trailer(video: &Video) -> Value {
    let id: String = video.id.chars().rev().collect();
    json!({
        "responseContext": response_context(),
        "playabilityStatus": {"status": "OK", "playableInEmbed": true},
        "videoDetails": {"videoId": id, "title": "Trailer", "channelId": video.channel, "lengthSeconds": "61"},
    })
}

fn details(video: &Video, channel: &Channel) -> Value {
    let mut details = json!({
        "videoId": video.id,
        "title": video.title,
        "lengthSeconds": "0",
        "channelId": channel.id,
        "isOwnerViewing": false,
        "shortDescription": "",
        "isCrawlable": !video.unlisted,
        "thumbnail": {"thumbnails": [{
            "url": format!("https://i.ytimg.com/vi/{}/hqdefault.jpg", video.id), "width": 168, "height": 94,
        }]},
        "allowRatings": true,
        "viewCount": video.viewers.to_string(),
        "author": channel.title,
        "isPrivate": false,
        "isUnpluggedCorpus": false,
    });
    // A key that is missing means no.
    if video.is_stream() {
        details["isLiveContent"] = json!(true);
    }
    match video.state {
        VideoState::Upcoming(_) => details["isUpcoming"] = json!(true),
        VideoState::Live => details["isLive"] = json!(true),
        VideoState::Ended => details["isPostLiveDvr"] = json!(true),
        VideoState::NotAStream => {
            details["isLiveContent"] = json!(false);
            details["lengthSeconds"] = json!("212");
        }
        _ => details["lengthSeconds"] = json!("5400"),
    }
    details
}

fn microformat(video: &Video, channel: &Channel) -> Value {
    let (width, height) = if video.vertical { (360, 640) } else { (640, 360) };
    let mut format = json!({
        "title": simple(&video.title),
        "embed": {"iframeUrl": format!("https://www.youtube.com/embed/{}", video.id), "width": width, "height": height},
        "ownerProfileUrl": format!("http://www.youtube.com/@{}", channel.handle),
        "externalChannelId": channel.id,
        "isFamilySafe": true,
        "isUnlisted": video.unlisted,
        "ownerChannelName": channel.title,
        "category": "Gaming",
        "externalVideoId": video.id,
        "likeCount": video.likes.to_string(),
        "canonicalUrl": format!("https://www.youtube.com/watch?v={}", video.id),
    });
    if video.is_stream() {
        let start = match video.state {
            VideoState::Upcoming(start) => start,
            _ => video.started,
        };
        let mut broadcast = json!({"isLiveNow": video.state == VideoState::Live, "startTimestamp": timestamp(start)});
        if let Some(ended) = video.ended {
            broadcast["endTimestamp"] = json!(timestamp(ended));
        }
        format["liveBroadcastDetails"] = broadcast;
    }
    format
}
