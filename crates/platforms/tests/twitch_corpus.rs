//! The pure part of the Twitch platform over recorded lines, held against what other programs and reference parsers made
//! of the same lines.
//!
//! The recordings are not part of the repository: `POLYCHAT_CORPUS` says where they are. Without them each test says so
//! and passes.

#![expect(clippy::unwrap_used, reason = "a recording that cannot be read is a failed test")]

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use polychat_model::{BadgeType, Body, ChatEvent, Content, Element};
use polychat_platforms::twitch::catalog::{BadgeArt, BadgeTable, Lookups};
use polychat_platforms::twitch::irc::Line;
use polychat_platforms::twitch::{GiftBundles, Read, Room, read};
use serde_json::Value;

fn corpus() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let twitch = root.join("twitch");
    if twitch.is_dir() {
        return Some(twitch);
    }
    eprintln!("skipped: no recordings at POLYCHAT_CORPUS");
    None
}

/// All recorded lines by file; the first line of a file is line 1 of the tables.
fn lines(corpus: &Path) -> BTreeMap<String, Vec<String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(corpus.join("irc")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.insert(name, text.split_terminator('\n').map(str::to_owned).collect());
    }
    assert!(files.len() >= 10, "{} files", files.len());
    files
}

fn read_line(line: &Line<'_>, lookups: &Lookups) -> Read {
    read(line, &Room { login: "recorded", room_id: None, lookups, now_ms: 1_700_000_000_000 })
}

fn event_of(read: Read) -> Option<ChatEvent> {
    match read {
        Read::Event(event) => Some(event),
        Read::Gift(gift) => Some(gift.event),
        _ => None,
    }
}

fn content(event: &ChatEvent) -> Option<&Content> {
    match &event.body {
        Body::Chat(chat) => Some(&chat.data.content),
        Body::Event(data) => data.message.as_ref(),
        _ => None,
    }
}

/// Ids and words of Twitch's own emotes in a content.
fn twitch_emotes(content: &Content) -> Vec<(String, String)> {
    let id = |url: &str| {
        let rest = url.strip_prefix("https://static-cdn.jtvnw.net/emoticons/v2/")?;
        rest.strip_suffix("/default/dark/2.0").map(str::to_owned)
    };
    let emotes = content.elements().iter().filter_map(|element| match element {
        Element::Emote { value, metadata, .. } => Some((id(&metadata.url)?, value.clone())),
        _ => None,
    });
    emotes.collect()
}

#[test]
fn every_recorded_line_is_an_event_or_a_named_nothing() {
    let Some(corpus) = corpus() else { return };
    let lookups = Lookups::default();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (file, lines) in lines(&corpus) {
        for (number, text) in lines.iter().enumerate() {
            let place = format!("{file}:{}", number + 1);
            let line = Line::parse(text).expect(&place);
            let kind = match read_line(&line, &lookups) {
                Read::Event(event) => {
                    assert!(event.id.starts_with("tw:") && event.id.len() > 4, "{place}");
                    assert!(!event.room_id.is_empty() && event.sent_at_ms > 0, "{place}");
                    if let Body::Event(data) = &event.body {
                        assert!(!data.text.trim().is_empty(), "{place}");
                    }
                    "event"
                }
                Read::Gift(_) => "gift",
                Read::RoomState(_) => "room state",
                Read::Suspended { .. } => "suspended",
                Read::Refused { .. } => "refused",
                Read::Notice { .. } => "notice",
                Read::Ignored(why) => why,
                Read::Unknown(command) => panic!("{place}: {command}"),
            };
            *counts.entry(kind).or_default() += 1;
        }
    }
    eprintln!("{counts:#?}");
    assert!(counts["event"] > 4_000, "{counts:?}");
    for kind in ["gift", "room state", "suspended", "refused", "notice"] {
        assert!(counts.contains_key(kind), "{kind}: {counts:?}");
    }
}

#[test]
fn no_text_of_a_user_is_lost() {
    let Some(corpus) = corpus() else { return };
    let lookups = Lookups::default();
    let mut checked = 0;
    for (file, lines) in lines(&corpus) {
        for (number, text) in lines.iter().enumerate() {
            let line = Line::parse(text).unwrap();
            let said = line.text().unwrap_or_default();
            if !matches!(line.command, "PRIVMSG" | "USERNOTICE") || said.is_empty() {
                continue;
            }
            let place = format!("{file}:{}", number + 1);
            let found = match read_line(&line, &lookups) {
                Read::Ignored("deleted before it was read") => continue,
                Read::Ignored(why) => panic!("{place}: {why}"),
                other => event_of(other).expect(&place),
            };
            let content = content(&found).expect(&place);
            let joined: String = content.elements().iter().map(Element::value).collect();
            assert_eq!(joined, content.raw(), "{place}");
            // What may go: the marks of /me, invisible characters at the end, the name in front of a reply.
            let said = said.strip_prefix("\u{1}ACTION ").filter(|_| line.command == "PRIVMSG").unwrap_or(said);
            let said = said.replace('\u{1}', "").replace('\u{e0002}', "\u{200d}");
            let said = said.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '\u{34f}' | '\u{e0000}'));
            let whole = content.raw().replace('\u{1}', "") == said;
            let reply = line.tag("reply-parent-msg-id").is_some()
                && said.starts_with('@')
                && said.split_once(' ').is_some_and(|(_, rest)| rest.trim_start() == content.raw());
            assert!(whole || reply, "{place}: {said:?} became {:?}", content.raw());
            checked += 1;
        }
    }
    assert!(checked > 4_000, "{checked}");
}

#[test]
fn lines_come_apart_as_the_reference_parser_takes_them() {
    let Some(corpus) = corpus() else { return };
    let files = lines(&corpus);
    let mut checked = 0;
    for row in fs::read_to_string(corpus.join("derived/parse.ndjson")).unwrap().lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        let (file, number) = (row["file"].as_str().unwrap(), row["line"].as_u64().unwrap() as usize);
        let line = Line::parse(&files[file][number - 1]).unwrap();
        let place = format!("{file}:{number}");
        assert_eq!(line.command, row["command"].as_str().unwrap(), "{place}");
        assert_eq!(line.prefix(), row["prefix"].as_str(), "{place}");
        let params: Vec<Value> = line.params().map(Value::from).collect();
        assert_eq!(Value::from(params), row["params"], "{place}");
        let expected = row["tags"].as_object().unwrap();
        for (key, value) in expected {
            let found = line.tag(key).unwrap_or_default();
            assert_eq!(found, value.as_str().unwrap_or_default(), "{place} {key}");
        }
        assert!(line.raw_tags().all(|(key, _)| expected.contains_key(key)), "{place}: a tag too many");
        checked += 1;
    }
    assert!(checked > 500, "{checked}");
}

/// By file and line: first position, emote id, and the word; none where the table has none.
type Slices = HashMap<(String, usize), Vec<(usize, String, Option<String>)>>;

fn slices(path: PathBuf, word_column: usize) -> Slices {
    let mut rows = Slices::new();
    for row in fs::read_to_string(path).unwrap().lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        let word = cells.get(word_column).filter(|word| !word.is_empty()).map(|word| (*word).to_owned());
        let Ok(number) = cells[1].parse() else { continue };
        let found = rows.entry((cells[0].to_owned(), number)).or_default();
        found.push((cells[3].parse().unwrap(), cells[2].to_owned(), word));
    }
    for found in rows.values_mut() {
        found.sort_by_key(|(start, ..)| *start);
    }
    rows
}

#[test]
fn emotes_are_the_words_that_the_tables_say() {
    let Some(corpus) = corpus() else { return };
    let files = lines(&corpus);
    let raw = slices(corpus.join("derived/emote-slices.tsv"), 5);
    let recovered = slices(corpus.join("derived/emote-recovery.tsv"), 6);
    assert!(raw.len() > 600 && recovered.len() >= 15, "{} {}", raw.len(), recovered.len());
    let lookups = Lookups::default();
    let (mut checked, mut moved, mut hidden) = (0, 0, 0);
    let unbroken = raw.iter().filter(|(place, _)| !recovered.contains_key(*place));
    for ((file, number), expected) in unbroken.chain(&recovered) {
        let line = Line::parse(&files[file][number - 1]).unwrap();
        // The tables also cut lines that are not shown.
        let Some(event) = event_of(read_line(&line, &lookups)) else {
            hidden += 1;
            continue;
        };
        let found = content(&event).map(twitch_emotes).unwrap_or_default();
        let expected: Vec<(String, String)> =
            expected.iter().filter_map(|(_, id, word)| Some((id.clone(), word.clone()?))).collect();
        assert_eq!(found, expected, "{file}:{number}");
        checked += found.len();
        moved += usize::from(recovered.contains_key(&(file.clone(), *number)));
    }
    eprintln!("{checked} emotes, {moved} broken lines, {hidden} lines not shown");
    assert!(checked > 1_500 && moved >= 15, "{checked} {moved}");
}

/// Vectors that encode another library's choices: empty parameters for doubled spaces (4), the backslash of an unknown
/// escape (1), line ends cut out of tag values (3).
const OTHER_CHOICES: [&str; 8] = [
    "@a=b\\\\and\\nk;c=72\\s45;d=gh\\:764 foo",
    ":src AWAY ",
    "@foo=\\\\\\\\\\:\\\\s\\s\\r\\n COMMAND",
    ":gravel.mozilla.org 432  #momo :Erroneous Nickname: Illegal characters",
    ":gravel.mozilla.org MODE #tckk +n ",
    ":services.esper.net MODE #foo-bar +o foobar  ",
    "@tag1=value\\\\ntest COMMAND",
    "@tag1=value\\1 COMMAND",
];

#[test]
fn lines_of_any_irc_come_apart_as_another_library_takes_them() {
    let Some(corpus) = corpus() else { return };
    let text = fs::read_to_string(corpus.join("parser-vectors/go-twitch-irc-irctests.json")).unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    let mut checked = 0;
    for vector in vectors["tests"].as_array().unwrap() {
        let (input, expected) = (vector["Input"].as_str().unwrap(), &vector["Expected"]);
        if OTHER_CHOICES.contains(&input) {
            continue;
        }
        let line = Line::parse(input).expect(input);
        assert_eq!(line.command, expected["command"].as_str().unwrap(), "{input}");
        let params: Vec<Value> = line.params().map(Value::from).collect();
        assert_eq!(&params, expected["params"].as_array().unwrap_or(&Vec::new()), "{input}");
        for (key, value) in expected["tags"].as_object().into_iter().flatten() {
            assert_eq!(line.tag(key).unwrap_or_default(), value.as_str().unwrap_or_default(), "{input}");
        }
        let source = &expected["source"];
        assert_eq!(line.nick(), source["nickname"].as_str(), "{input}");
        let host = line.prefix().map(|prefix| prefix.rsplit('@').next().unwrap());
        assert_eq!(host, source["host"].as_str(), "{input}");
        checked += 1;
    }
    assert_eq!(checked, 24);
}

fn global_badges(corpus: &Path) -> BadgeTable {
    let text = fs::read_to_string(corpus.join("badges/twitch-badges.json")).unwrap();
    let table: HashMap<String, Vec<Value>> = serde_json::from_str(&text).unwrap();
    BadgeTable::new(table.into_iter().flat_map(|(set, versions)| {
        versions.into_iter().map(move |version| {
            let text = |key: &str| version[key].as_str().unwrap_or_default().to_owned();
            let url = format!("{}2", text("image"));
            (set.clone(), text("id"), BadgeArt { label: text("title").into(), image_url: url.into() })
        })
    }))
}

/// Lines that we read otherwise than Chatterino: an emote that cuts a word is text here (2), deleted messages are not
/// shown (1), FFZ's picture for moderators is not ours (1).
const OTHERWISE: [&str; 4] = ["custom-mod.json", "emotes4.json", "emotes5.json", "rm-deleted.json"];

#[test]
fn messages_read_as_chatterino_reads_them() {
    let Some(corpus) = corpus() else { return };
    let lookups = Lookups { global_badges: Arc::new(global_badges(&corpus)), ..Lookups::default() };
    let (mut checked, mut emotes, mut badges) = (0, 0, 0);
    for entry in fs::read_dir(corpus.join("snapshots")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let snapshot: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let line = Line::parse(snapshot["input"].as_str().unwrap()).expect(&name);
        // What a person has set there changes what is shown.
        let is_set = !snapshot["settings"].is_null() || !snapshot["userData"].is_null();
        if line.command != "PRIVMSG" || is_set || OTHERWISE.contains(&name.as_str()) {
            continue;
        }
        let Some(output) = snapshot["output"].as_array().and_then(|all| all.last()) else { continue };
        let event = event_of(read_line(&line, &lookups)).expect(&name);
        let Body::Chat(chat) = event.body else { panic!("{name}") };
        let author = &chat.data.author;
        let text = |key: &str| output[key].as_str().unwrap_or_default();
        assert_eq!((author.username.as_str(), author.id.as_str()), (text("loginName"), text("userID")), "{name}");
        let shown = if text("localizedName").is_empty() { text("displayName") } else { text("localizedName") };
        assert!(shown.is_empty() || author.display_name == shown, "{name}");
        assert!(text("id").is_empty() || chat.message_id == text("id"), "{name}");
        assert_eq!(chat.data.content.raw(), text("messageText"), "{name}");
        let elements = output["elements"].as_array().unwrap();
        let urls = |kind: &str, flags: &str, size: &str| -> Vec<&str> {
            let of_kind = elements.iter().filter(|e| e["type"] == kind && e["flags"].as_str().unwrap().contains(flags));
            of_kind.filter_map(|e| e["emote"]["images"][size].as_str()).collect()
        };
        let theirs: Vec<&str> = urls("EmoteElement", "EmoteImage", "1x")
            .into_iter()
            .filter_map(|url| {
                let id = url.strip_prefix("https://static-cdn.jtvnw.net/emoticons/v2/")?;
                id.strip_suffix("/default/dark/1.0")
            })
            .collect();
        let ours: Vec<String> = twitch_emotes(&chat.data.content).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ours, theirs, "{name}");
        emotes += ours.len();
        let theirs = urls("BadgeElement", "Badge", "2x");
        // Subscribers have other pictures in each channel. Of a shared chat we show the badges of the source, Chatterino
        // a mixture of both channels'.
        let mirrored = chat.data.source_channel.is_some();
        let ours = author.badges.iter().filter(|badge| badge.kind != BadgeType::Subscriber && !mirrored);
        for url in ours.filter_map(|badge| badge.image_url.as_deref()) {
            assert!(theirs.contains(&url), "{name}: {url} not in {theirs:?}");
            badges += 1;
        }
        checked += 1;
    }
    eprintln!("{checked} messages, {emotes} emotes, {badges} badges");
    assert!(checked >= 25 && emotes >= 10 && badges >= 15, "{checked} {emotes} {badges}");
}

#[test]
fn recorded_gifts_pass_through_bundles() {
    let Some(corpus) = corpus() else { return };
    let lookups = Lookups::default();
    let (mut bundles, now) = (GiftBundles::default(), Instant::now());
    // Several files hold the same line, which is one gift.
    let mut receivers: HashMap<Arc<str>, usize> = HashMap::new();
    let mut last: HashMap<Arc<str>, ChatEvent> = HashMap::new();
    for text in lines(&corpus).into_values().flatten() {
        let line = Line::parse(&text).unwrap();
        let Read::Gift(gift) = read_line(&line, &lookups) else { continue };
        let named = usize::from(line.tag("msg-param-recipient-id").is_some());
        if !receivers.contains_key(&gift.event.id) {
            receivers.insert(gift.event.id.clone(), named);
            for event in bundles.push(gift, now) {
                last.insert(event.id.clone(), event);
            }
        }
    }
    for event in bundles.close(now) {
        last.insert(event.id.clone(), event);
    }
    let named = last.values().map(|event| match &event.body {
        Body::Event(data) => data.recipients.len(),
        _ => panic!("{}", event.id),
    });
    assert!(receivers.len() > 15, "{}", receivers.len());
    assert_eq!(named.sum::<usize>(), receivers.values().sum::<usize>(), "every receiver is named once");
}
