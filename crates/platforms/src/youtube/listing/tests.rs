use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::youtube::mutate::each_mutation;

const CHANNEL: &str = "UCabcdefghij-_ABCDEFGH12";
const NOW_MS: i64 = 1_767_225_600_000;
const HOUR_MS: i64 = 3_600_000;

fn id(letter: char) -> String {
    letter.to_string().repeat(11)
}

fn tab(items: &[Value]) -> Value {
    let items: Vec<Value> = items.iter().map(|item| json!({"richItemRenderer": {"content": item}})).collect();
    let url = |tab: &str| json!({"commandMetadata": {"webCommandMetadata": {"url": format!("/@somebody/{tab}")}}});
    json!({"contents": {"twoColumnBrowseResultsRenderer": {"tabs": [
        {"tabRenderer": {"endpoint": url("featured")}},
        {"tabRenderer": {
            "endpoint": url("streams"), "selected": true,
            "content": {"richGridRenderer": {"contents": items}},
        }},
        {"expandableTabRenderer": {"endpoint": url("search")}},
    ]}}})
}

/// The older layout.
fn renderer(letter: char, style: &str) -> Value {
    json!({"videoRenderer": {
        "videoId": id(letter),
        "title": {"runs": [{"text": "Title "}, {"text": letter}]},
        "viewCountText": {"runs": [{"text": "4.536"}, {"text": " Zuschauer"}]},
        "thumbnailOverlays": [
            {"thumbnailOverlayToggleButtonRenderer": {}},
            {"thumbnailOverlayTimeStatusRenderer": {"style": style}},
        ],
        "navigationEndpoint": {"watchEndpoint": {"videoId": id(letter)}},
    }})
}

/// The newer layout.
fn lockup(letter: char, style: &str, badge: &str) -> Value {
    let style = format!("THUMBNAIL_OVERLAY_BADGE_STYLE_{style}");
    json!({"lockupViewModel": {
        "contentId": id(letter),
        "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
        "contentImage": {"thumbnailViewModel": {"overlays": [
            {"thumbnailHoverOverlayToggleActionsViewModel": {}},
            {"thumbnailBottomOverlayViewModel": {"badges": [
                {"thumbnailBadgeViewModel": {"text": badge, "badgeStyle": style}},
            ]}},
        ]}},
        "metadata": {"lockupMetadataViewModel": {
            "title": {"content": format!("Title {letter}")},
            "metadata": {"contentMetadataViewModel": {"metadataRows": [
                {"metadataParts": [{"text": {"content": "4.536 Zuschauer"}}, {"text": {"content": "31.08.27, 07:00"}}]},
            ]}},
        }},
    }})
}

fn listings(items: &[Value]) -> Vec<Listing> {
    from_browse(tab(items).to_string().as_bytes()).unwrap().listings
}

fn told(listing: &Listing) -> (ListingState, bool, Option<u64>, Option<i64>) {
    (listing.state, listing.members_only, listing.viewers, listing.starts_at_ms)
}

#[test]
fn the_older_layout_is_read() {
    let mut soon = renderer('b', "UPCOMING");
    soon["videoRenderer"]["upcomingEventData"] = json!({"startTime": "1767225600"});
    let mut members = renderer('c', "LIVE");
    members["videoRenderer"]["badges"] = json!([{"metadataBadgeRenderer": {"style": "BADGE_STYLE_TYPE_MEMBERS_ONLY"}}]);
    members["videoRenderer"].as_object_mut().unwrap().remove("viewCountText");
    let list = listings(&[renderer('a', "LIVE"), soon, members, renderer('d', "DEFAULT"), json!({"other": 1})]);
    let told: Vec<_> = list.iter().map(told).collect();
    let expected = [
        (ListingState::Live, false, Some(4_536), None),
        (ListingState::Upcoming, false, Some(4_536), Some(NOW_MS)),
        (ListingState::Live, true, None, None),
        (ListingState::Archive, false, None, None),
    ];
    assert_eq!(told, expected);
    assert_eq!((&*list[0].video_id, &*list[0].title, list[0].vertical), ("aaaaaaaaaaa", "Title a", Some(false)));
}

#[test]
fn the_newer_layout_is_read() {
    let mut members = lockup('c', "DEFAULT", "1:28:08");
    members["lockupViewModel"]["metadata"]["lockupMetadataViewModel"]["metadata"]["contentMetadataViewModel"]["metadataRows"] =
        json!([{"badges": [{"badgeViewModel": {"badgeStyle": "BADGE_MEMBERS_ONLY"}}]}]);
    let mut list = lockup('e', "DEFAULT", "3 videos");
    list["lockupViewModel"]["contentType"] = json!("LOCKUP_CONTENT_TYPE_PLAYLIST");
    let list = listings(&[lockup('a', "LIVE", "LIVE"), lockup('b', "DEFAULT", "Anstehend"), members, list]);
    let told: Vec<_> = list.iter().map(told).collect();
    let expected = [
        (ListingState::Live, false, Some(4_536), None),
        (ListingState::Upcoming, false, Some(4_536), None),
        (ListingState::Archive, true, None, None),
    ];
    assert_eq!(told, expected);
    assert_eq!(undated(&list).map(|l| &*l.video_id).collect::<Vec<_>>(), ["bbbbbbbbbbb"]);
}

#[test]
fn a_vertical_stream_is_known_by_the_player_it_opens() {
    let mut vertical = renderer('a', "LIVE");
    vertical["videoRenderer"]["navigationEndpoint"] = json!({"reelWatchEndpoint": {"videoId": id('a')}});
    assert_eq!(listings(&[vertical])[0].vertical, Some(true));
}

#[test]
fn whose_tab_it_is_is_told_with_a_picture_that_is_safe() {
    let owner = |metadata: Value| {
        let mut answer = tab(&[]);
        answer["metadata"] = json!({"channelMetadataRenderer": metadata});
        from_browse(answer.to_string().as_bytes()).unwrap().owner
    };
    let sizes = json!({"thumbnails": [{"url": "https://a.example/s900", "width": 900, "height": 900}]});
    let told = owner(json!({"title": "Some Body", "avatar": sizes}));
    assert_eq!(told.display_name.as_deref(), Some("Some Body"));
    assert_eq!(told.avatar_url.as_deref(), Some("https://a.example/s900"));
    for odd in [json!({}), json!([]), json!({"title": 7, "avatar": {"thumbnails": [{"url": "javascript:alert(1)"}]}})] {
        assert_eq!(owner(odd.clone()), Owner::default(), "{odd}");
    }
}

#[test]
fn another_tab_is_not_taken_for_the_streams() {
    let tabs = "/contents/twoColumnBrowseResultsRenderer/tabs";
    let mut home = tab(&[renderer('a', "LIVE")]);
    home.pointer_mut(tabs).unwrap()[1]["tabRenderer"]["endpoint"]["commandMetadata"]["webCommandMetadata"]["url"] =
        json!("/@streams/featured");
    assert_eq!(from_browse(home.to_string().as_bytes()), None);
    home["metadata"] = json!({"channelMetadataRenderer": {"title": "Somebody"}});
    assert_eq!(owner_from_browse(home.to_string().as_bytes()).display_name.as_deref(), Some("Somebody"));
    assert_eq!(owner_from_browse(b"<html>"), Owner::default());
    let mut none = tab(&[renderer('a', "LIVE")]);
    none.pointer_mut(tabs).unwrap()[1]["tabRenderer"]["selected"] = json!(false);
    assert_eq!(from_browse(none.to_string().as_bytes()), None);
    assert_eq!(from_browse(b"<html>"), None);
    assert_eq!(listings(&[]), []);
    let page = format!("<script>var ytInitialData = {};</script>", tab(&[renderer('a', "LIVE")]));
    assert_eq!(from_page(&Page::new(page.as_bytes())).unwrap().listings.len(), 1, "a page holds the same");
}

#[test]
fn no_spoilt_tab_turns_anything_into_a_live_stream() {
    let items = [
        renderer('a', "UPCOMING"),
        renderer('b', "DEFAULT"),
        lockup('c', "DEFAULT", "1:02"),
        lockup('d', "DEFAULT", "Soon"),
    ];
    each_mutation(&tab(&items), |spoilt| {
        let list = from_browse(spoilt.to_string().as_bytes()).unwrap_or_default().listings;
        assert!(list.iter().all(|listing| listing.state != ListingState::Live), "{spoilt}");
    });
}

fn listing(letter: char, state: ListingState, viewers: u64) -> Listing {
    Listing {
        video_id: id(letter),
        title: format!("Title {letter}"),
        state,
        viewers: Some(viewers),
        ..Listing::default()
    }
}

fn chosen<'a>(choice: &Choice<'a>) -> Option<&'a str> {
    match choice {
        Choice::Live(listing) | Choice::Upcoming(listing) => Some(&listing.video_id[..1]),
        Choice::Nothing { .. } => None,
    }
}

#[test]
fn most_viewers_win_and_ties_go_by_order() {
    use ListingState::{Archive, Live};
    let list = [listing('a', Archive, 99), listing('b', Live, 5), listing('c', Live, 7), listing('d', Live, 7)];
    assert_eq!(choose(&list, NOW_MS), Choice::Live(&list[2]));
}

#[test]
fn members_streams_are_chosen_only_if_they_can_be_read_and_nothing_else_runs() {
    let members = Listing { members_only: true, ..listing('a', ListingState::Live, 9) };
    let with_login = Preferences { members: true, ..Preferences::default() };
    let alone = [members.clone()];
    assert_eq!(chosen(&choose(&alone, NOW_MS)), None);
    assert_eq!(chosen(&choose_by(&alone, NOW_MS, &with_login)), Some("a"));
    let both = [members, listing('b', ListingState::Live, 1)];
    assert_eq!(chosen(&choose_by(&both, NOW_MS, &with_login)), Some("b"));
}

#[test]
fn a_wished_title_wins_and_an_ignored_one_is_left_out() {
    let list =
        [listing('a', ListingState::Live, 9), listing('b', ListingState::Live, 1), listing('c', ListingState::Live, 0)];
    let wish = Preferences { title: Some("TITLE B".into()), ..Preferences::default() };
    assert_eq!(chosen(&choose_by(&list, NOW_MS, &wish)), Some("b"));
    let ignore = Preferences { ignored_titles: vec!["title a".into()], ..Preferences::default() };
    assert_eq!(chosen(&choose_by(&list, NOW_MS, &ignore)), Some("b"));
    let nothing_matches = Preferences { title: Some("other".into()), ..Preferences::default() };
    assert_eq!(chosen(&choose_by(&list, NOW_MS, &nothing_matches)), Some("a"), "a wish, not a condition");
}

#[test]
fn an_upcoming_stream_is_chosen_only_soon_before_it_begins_and_never_instead_of_a_live_one() {
    let at = |letter, starts_at_ms| Listing { starts_at_ms, ..listing(letter, ListingState::Upcoming, 50) };
    let placeholder = at('a', Some(NOW_MS + 310 * 24 * HOUR_MS));
    let undated = at('b', None);
    let only = [placeholder.clone(), undated.clone()];
    assert_eq!(choose(&only, NOW_MS), Choice::Nothing { next_start_ms: placeholder.starts_at_ms });
    let list = [placeholder, undated, at('c', Some(NOW_MS + 5 * HOUR_MS)), at('d', Some(NOW_MS + HOUR_MS))];
    assert_eq!(chosen(&choose(&list, NOW_MS)), Some("d"), "the next one");
    let late = [at('a', Some(NOW_MS - HOUR_MS))];
    assert_eq!(chosen(&choose(&late, NOW_MS)), Some("a"), "a late start is still awaited");
    let stale = [at('a', Some(NOW_MS - 30 * 24 * HOUR_MS)), at('b', Some(i64::MIN)), at('c', Some(i64::MAX))];
    assert_eq!(chosen(&choose(&stale, NOW_MS)), None);
    let live = [list[3].clone(), listing('e', ListingState::Live, 0)];
    assert_eq!(chosen(&choose(&live, NOW_MS)), Some("e"));
}

fn url(address: &str) -> Url {
    Url::parse(address).unwrap()
}

fn canonical(address: &str) -> String {
    format!("<link rel=\"canonical\" href=\"https://www.youtube.com/{address}\">")
}

#[test]
fn a_live_page_shows_a_video_or_the_channel() {
    let here = url("https://www.youtube.com/@somebody/live");
    let watch = LivePage::Watch { video_id: id('a') };
    let show = |page: &str, url: &Url| live_page(&Page::new(page.as_bytes()), url);
    assert_eq!(show("", &url("https://www.youtube.com/watch?v=aaaaaaaaaaa")), watch);
    assert_eq!(show(&canonical("watch?v=aaaaaaaaaaa"), &here), watch);
    let current = json!({"currentVideoEndpoint": {"watchEndpoint": {"videoId": id('a')}}});
    assert_eq!(show(&format!("ytInitialData = {current};"), &here), watch);
    let player = json!({"videoDetails": {"videoId": id('a')}});
    assert_eq!(show(&format!("ytInitialPlayerResponse = {player};"), &here), watch);
    assert_eq!(show("<html>", &here), LivePage::Unknown);
}

#[test]
fn old_videos_on_a_channels_page_are_not_taken_for_its_live_one() {
    let here = url("https://www.youtube.com/@somebody/live");
    let metadata = json!({"channelMetadataRenderer": {
        "externalId": CHANNEL, "vanityChannelUrl": "http://www.youtube.com/@SomeBody", "title": "Somebody",
    }});
    let data = json!({"contents": {"videoId": id('a')}, "metadata": metadata});
    let page = format!("{}ytInitialData = {data};", canonical(&format!("channel/{CHANNEL}")));
    let LivePage::Channel(channel) = live_page(&Page::new(page.as_bytes()), &here) else { panic!("no channel") };
    assert_eq!((&*channel.id, channel.username.as_deref()), (CHANNEL, Some("somebody")));
    let bare = canonical(&format!("channel/{CHANNEL}"));
    assert!(
        matches!(live_page(&Page::new(bare.as_bytes()), &here), LivePage::Channel(channel) if channel.id == CHANNEL)
    );
    assert_eq!(from_live_page(&Page::new(page.as_bytes()), &here), None);
}

#[test]
fn what_a_live_page_shows_is_an_entry_like_those_of_a_list() {
    let here = url("https://www.youtube.com/@somebody/live");
    let page = |details: Value| {
        let player = json!({"playabilityStatus": {"status": "OK"}, "videoDetails": details});
        format!("{}ytInitialPlayerResponse = {player};", canonical("watch?v=aaaaaaaaaaa"))
    };
    let live = page(json!({"videoId": id('a'), "title": "Title a", "isLive": true}));
    let entry = from_live_page(&Page::new(live.as_bytes()), &here).unwrap();
    assert_eq!((&*entry.title, entry.state), ("Title a", ListingState::Live));
    let ended = page(json!({"videoId": id('a'), "isLiveContent": true}));
    assert_eq!(from_live_page(&Page::new(ended.as_bytes()), &here), None);
}
