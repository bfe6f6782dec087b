//! The data of a channel's pages: its tabs, and its streams in both layouts.

use serde_json::{Value, json};

use super::answer::{grouped, photo, response_context, runs, simple, timestamp, tracking};
use super::api::STREAMS_PARAMS;
use super::video::{Video, VideoState};
use super::watch::watch_command;
use super::words::Words;
use super::world::{Channel, World};

/// Tabs, with the `params` that browse to them.
const TABS: [(&str, &str); 4] = [
    ("featured", "EghmZWF0dXJlZPIGBAoCMgA%3D"),
    ("videos", "EgZ2aWRlb3PyBgQKAjoA"),
    ("streams", STREAMS_PARAMS),
    ("playlists", "EglwbGF5bGlzdHPyBgQKAkIA"),
];

/// Entries of a tab.
const MOST_SHOWN: usize = 30;

/// The channel of `/@handle…`, `/channel/UC…`, `/c/name`, `/user/name` or `/name`.
pub(super) fn by_path<'a>(world: &'a World, path: &str) -> Option<&'a Channel> {
    let mut parts = path.trim_matches('/').split('/');
    let first = parts.next()?;
    match first {
        "channel" => world.channels.get(parts.next()?),
        "c" | "user" => {
            let path = format!("{first}/{}", parts.next()?);
            world.channel_of(&path)
        }
        _ if first.starts_with('@') => {
            world.channel_of(first).filter(|channel| channel.handle.to_lowercase() == first[1..].to_lowercase())
        }
        _ => world.channel_of(&format!("c/{first}")).or_else(|| world.channel_of(&format!("user/{first}"))),
    }
}

/// The data of a tab; another one is selected when there is nothing to show in it.
pub(super) fn page(world: &mut World, id: &str, tab: &str, words: &Words) -> Option<Value> {
    let world = &*world;
    let channel = world.channels.get(id)?;
    let mut streams: Vec<&Video> =
        world.videos.iter().filter(|video| video.channel == id && !video.unlisted && video.is_stream()).collect();
    // Upcoming and live ones first, then the newest.
    let rank = |video: &&Video| match video.state {
        VideoState::Upcoming(_) => 0,
        VideoState::Live => 1,
        _ => 2,
    };
    streams.reverse();
    streams.sort_by_key(rank);
    let selected = if tab == "streams" && streams.is_empty() { "featured" } else { tab };
    let tabs = TABS.iter().zip(words.tabs).filter(|((name, _), _)| *name != "streams" || !streams.is_empty());
    let tabs: Vec<Value> = tabs
        .map(|(&(name, params), title)| {
            let url = format!("/@{}/{name}", channel.handle);
            let mut tab = json!({"title": title, "trackingParams": tracking(name), "endpoint": {
                "clickTrackingParams": tracking(name),
                "commandMetadata": {"webCommandMetadata": {
                    "url": url, "webPageType": "WEB_PAGE_TYPE_CHANNEL", "rootVe": 3611, "apiUrl": "/youtubei/v1/browse",
                }},
                "browseEndpoint": {"browseId": id, "params": params, "canonicalBaseUrl": format!("/@{}", channel.handle)},
            }});
            if name == selected {
                tab["selected"] = json!(true);
                tab["content"] = match name {
                    "streams" => grid(&streams, world.lockup_layout, words),
                    "featured" => home(world, channel, words),
                    _ => json!({"richGridRenderer": {"contents": []}}),
                };
            }
            json!({"tabRenderer": tab})
        })
        .collect();
    let url = format!("https://www.youtube.com/channel/{id}");
    Some(json!({
        "responseContext": response_context(),
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": tabs}},
        "header": {"pageHeaderRenderer": {"pageTitle": channel.title}},
        "metadata": {"channelMetadataRenderer": {
            "title": channel.title,
            "description": "",
            "rssUrl": format!("https://www.youtube.com/feeds/videos.xml?channel_id={id}"),
            "externalId": id,
            "ownerUrls": [format!("http://www.youtube.com/@{}", channel.handle)],
            "avatar": photo(&channel.handle),
            "channelUrl": url,
            "isFamilySafe": true,
            "vanityChannelUrl": format!("http://www.youtube.com/@{}", channel.handle),
        }},
        "trackingParams": tracking("page"),
        "microformat": {"microformatDataRenderer": {"urlCanonical": url, "title": channel.title}},
    }))
}

/// The tab that opens first: what is live is featured, and older videos below.
fn home(world: &World, channel: &Channel, words: &Words) -> Value {
    let mut sections = Vec::new();
    let live = world.featured(&channel.id).filter(|video| video.state == VideoState::Live);
    if let Some(video) = live {
        sections.push(json!({"channelFeaturedContentRenderer": {"items": [
            {"videoRenderer": video_renderer(video, words)},
        ]}}));
    }
    let old = world.videos.iter().filter(|video| video.channel == channel.id && video.state == VideoState::NotAStream);
    let old: Vec<Value> = old.map(|video| json!({"gridVideoRenderer": video_renderer(video, words)})).collect();
    sections.push(json!({"shelfRenderer": {"content": {"horizontalListRenderer": {"items": old}}}}));
    let sections: Vec<Value> =
        sections.into_iter().map(|section| json!({"itemSectionRenderer": {"contents": [section]}})).collect();
    json!({"sectionListRenderer": {"contents": sections}})
}

fn grid(streams: &[&Video], lockup: bool, words: &Words) -> Value {
    let mut contents: Vec<Value> = streams
        .iter()
        .take(MOST_SHOWN)
        .map(|video| {
            let content = if lockup {
                json!({"lockupViewModel": lockup_model(video, words)})
            } else {
                json!({"videoRenderer": video_renderer(video, words)})
            };
            json!({"richItemRenderer": {"content": content, "trackingParams": tracking("item")}})
        })
        .collect();
    if streams.len() > MOST_SHOWN {
        contents.push(json!({"continuationItemRenderer": {"trigger": "CONTINUATION_TRIGGER_ON_ITEM_SHOWN",
        "continuationEndpoint": {"continuationCommand": {
            "token": tracking("more"), "request": "CONTINUATION_REQUEST_TYPE_BROWSE",
        }}}}));
    }
    json!({"richGridRenderer": {"contents": contents, "trackingParams": tracking("grid")}})
}

fn thumbnails(video: &Video) -> Value {
    json!([{"url": format!("https://i.ytimg.com/vi/{}/hqdefault.jpg", video.id), "width": 168, "height": 94}])
}

fn video_renderer(video: &Video, words: &Words) -> Value {
    let (style, text) = match video.state {
        VideoState::Live => ("LIVE", words.live),
        VideoState::Upcoming(_) => ("UPCOMING", words.upcoming),
        _ => ("DEFAULT", "1:30:00"),
    };
    let mut renderer = json!({
        "videoId": video.id,
        "thumbnail": {"thumbnails": thumbnails(video)},
        "title": {"runs": [{"text": video.title}], "accessibility": {"accessibilityData": {"label": video.title}}},
        "navigationEndpoint": watch_command(&video.id),
        "trackingParams": tracking("video"),
        "thumbnailOverlays": [
            {"thumbnailOverlayTimeStatusRenderer": {"text": {"runs": [{"text": text}]}, "style": style}},
            {"thumbnailOverlayToggleButtonRenderer": {"isToggled": false, "untoggledIcon": {"iconType": "WATCH_LATER"}}},
        ],
    });
    if let VideoState::Upcoming(start) = video.state {
        renderer["upcomingEventData"] = json!({
            "startTime": start.to_string(),
            "isReminderSet": false,
            "upcomingEventText": runs(&[words.scheduled, "DATE_PLACEHOLDER"]),
        });
    }
    let number = grouped(video.viewers, words.separator);
    if video.members_only {
        renderer["badges"] = json!([{"metadataBadgeRenderer": {
            "style": "BADGE_STYLE_TYPE_MEMBERS_ONLY", "label": words.members_only, "trackingParams": tracking("badge"),
        }}]);
    } else {
        renderer["viewCountText"] = match video.state {
            VideoState::Live => runs(&[&number, words.watching]),
            VideoState::Upcoming(_) => runs(&[&number, words.waiting]),
            _ => simple(&format!("{number}{}", words.views)),
        };
    }
    renderer
}

fn lockup_model(video: &Video, words: &Words) -> Value {
    let (style, text) = match video.state {
        VideoState::Live => ("THUMBNAIL_OVERLAY_BADGE_STYLE_LIVE", words.live),
        VideoState::Upcoming(_) => ("THUMBNAIL_OVERLAY_BADGE_STYLE_DEFAULT", words.upcoming),
        _ => ("THUMBNAIL_OVERLAY_BADGE_STYLE_DEFAULT", "1:30:00"),
    };
    let number = grouped(video.viewers, words.separator);
    let part = |text: &str| json!({"text": {"content": text}});
    let mut parts = Vec::new();
    let when = match video.state {
        VideoState::Live => {
            parts.extend((!video.members_only).then(|| part(&format!("{number}{}", words.watching))));
            words.started.to_owned()
        }
        VideoState::Upcoming(start) => {
            parts.extend((!video.members_only).then(|| part(&format!("{number}{}", words.waiting))));
            format!("{}{}", words.scheduled, timestamp(start))
        }
        _ => {
            parts.push(part(&format!("{number}{}", words.views)));
            words.streamed.to_owned()
        }
    };
    parts.push(part(&when));
    let mut rows = vec![json!({"metadataParts": parts})];
    if video.members_only {
        rows.push(json!({"badges": [{"badgeViewModel": {
            "badgeText": words.members_only, "badgeStyle": "BADGE_MEMBERS_ONLY", "trackingParams": tracking("badge"),
        }}]}));
    }
    json!({
        "contentImage": {"thumbnailViewModel": {
            "image": {"sources": thumbnails(video)},
            "overlays": [
                {"thumbnailBottomOverlayViewModel": {"badges": [{"thumbnailBadgeViewModel": {
                    "text": text, "badgeStyle": style, "animationActivationTargetId": video.id,
                }}]}},
                {"thumbnailHoverOverlayToggleActionsViewModel": {"buttons": []}},
            ],
        }},
        "metadata": {"lockupMetadataViewModel": {
            "title": {"content": video.title},
            "metadata": {"contentMetadataViewModel": {"metadataRows": rows, "delimiter": " • "}},
        }},
        "contentId": video.id,
        "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
        "rendererContext": {"commandContext": {"onTap": {"innertubeCommand": watch_command(&video.id)}}},
    })
}
