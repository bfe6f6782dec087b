//! What holds for every file of the repository: no place of one computer in it, no registry but the public ones, no link
//! into nothing, no command that does not exist, and no sentence that the program does not say.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Every file that is or would be tracked, by its name below the root; without Git, every file that is not built.
fn files() -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let mut files = match git.output() {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).split_terminator('\0').map(str::to_owned).collect()
        }
        _ => walk(&root(), ""),
    };
    // A file that was deleted but is still in the index.
    files.retain(|name| root().join(name).is_file());
    assert!(files.len() > 100, "only {} files were found", files.len());
    files
}

fn walk(folder: &Path, prefix: &str) -> Vec<String> {
    const BUILT: [&str; 6] = [".git", "target", "node_modules", "dist", "test-results", "gen"];
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            if !BUILT.contains(&name.as_str()) {
                files.extend(walk(&entry.path(), &format!("{prefix}{name}/")));
            }
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    files
}

/// The text of a file, or nothing for pictures.
fn text(name: &str) -> Option<String> {
    fs::read_to_string(root().join(name)).ok()
}

/// Places that exist on one computer only: home folders and the like, at the beginning of a path.
fn machine_paths(text: &str) -> Vec<&str> {
    // Not the words themselves, so that this file passes.
    let folders = ["work", "root", "home", "Users", "tmp"].map(|folder| format!("/{folder}/"));
    let starts =
        |at: usize| text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "\"'`(=:,<>".contains(c));
    let mut found: Vec<&str> = Vec::new();
    for folder in &folders {
        for (at, _) in text.match_indices(folder.as_str()).filter(|(at, _)| starts(*at)) {
            found.push(text[at..].split(char::is_whitespace).next().unwrap_or_default());
        }
    }
    for (at, _) in text.match_indices(":\\Users\\") {
        found.push(text[at..].split(char::is_whitespace).next().unwrap_or_default());
    }
    found
}

#[test]
fn no_file_names_a_place_of_one_computer() {
    let found: Vec<_> = files()
        .into_iter()
        .filter_map(|name| {
            let text = text(&name)?;
            let found: Vec<_> = machine_paths(&text).into_iter().map(str::to_owned).collect();
            (!found.is_empty()).then_some((name, found))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_place_of_one_computer_is_seen() {
    let home = format!("/{}/me/polychat", "home");
    assert_eq!(machine_paths(&format!("read \"{home} now")), [home.as_str()]);
    assert_eq!(machine_paths(&home), [home.as_str()]);
    assert_eq!(machine_paths(&format!("https://example.com{home} ui{home} ..{home}")), [""; 0]);
}

#[test]
fn everything_comes_from_the_public_registries() {
    let cargo: Vec<_> = files().into_iter().filter(|name| name.ends_with("Cargo.lock")).collect();
    assert!(!cargo.is_empty());
    for name in cargo {
        let text = text(&name).unwrap();
        let sources: BTreeSet<_> = text.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
        let public = BTreeSet::from(["\"registry+https://github.com/rust-lang/crates.io-index\""]);
        assert_eq!(sources, public, "{name}");
    }
    let npm = text("ui/package-lock.json").unwrap();
    for line in npm.lines().map(str::trim).filter(|line| line.starts_with("\"resolved\"")) {
        assert!(line.starts_with("\"resolved\": \"https://registry.npmjs.org/"), "ui/package-lock.json: {line}");
    }
}

/// The documents, with their texts.
fn documents() -> Vec<(String, String)> {
    let documents = files().into_iter().filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "md"));
    documents.map(|name| (name.clone(), text(&name).unwrap())).collect()
}

/// The targets of Markdown links and pictures that are files: no addresses, no places on the same page.
fn links(text: &str) -> Vec<&str> {
    let targets = text.match_indices("](").filter_map(|(at, _)| text[at + 2..].split([')', ' ', '\n']).next());
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with('#') && !target.is_empty());
    files.map(|target| target.split('#').next().unwrap_or_default()).collect()
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut dead = Vec::new();
    let mut seen = 0;
    for (name, text) in documents() {
        let folder = root().join(&name).parent().unwrap().to_owned();
        for link in links(&text) {
            seen += 1;
            if !folder.join(link).exists() {
                dead.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(seen > 10, "links were found");
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn links_are_found_in_their_text() {
    let text = "[a](docs/A.md) ![b](b.png) [`c`](../c#part) [d](https://d.example) [e](#here)";
    assert_eq!(links(text), ["docs/A.md", "b.png", "../c"]);
}

/// The words after `cargo xtask` in a text.
fn commands(text: &str) -> BTreeSet<&str> {
    let after = text.match_indices("cargo xtask ").map(|(at, found)| &text[at + found.len()..]);
    let words = after.map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default());
    words.filter(|word| !word.is_empty()).collect()
}

/// The commands that xtask has: the variants of its `Task`.
fn tasks() -> BTreeSet<String> {
    let main = text("xtask/src/main.rs").unwrap();
    let (_, variants) = main.split_once("enum Task {").expect("xtask has its commands in `enum Task`");
    let variants = variants.split("\n}").next().unwrap_or_default();
    let names = variants.lines().filter_map(|line| line.strip_prefix("    "));
    let names = names.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase()).collect()
}

#[test]
fn every_command_of_the_documents_exists() {
    let tasks = tasks();
    for needed in ["run", "test", "bench"] {
        assert!(tasks.contains(needed), "xtask has {tasks:?}");
    }
    let readme = text("README.md").unwrap();
    assert!(commands(&readme).is_superset(&BTreeSet::from(["run", "test"])), "README.md tells how to run and test");
    for (name, text) in documents() {
        for command in commands(&text) {
            assert!(tasks.contains(command), "{name} says `cargo xtask {command}`, but xtask has {tasks:?}");
        }
    }
}

/// What stands in “…” in a document, the outermost where some stand in others, each in one line.
fn quotes(text: &str) -> Vec<String> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, sign) in text.char_indices() {
        match sign {
            '“' => {
                if depth == 0 {
                    start = at + sign.len_utf8();
                }
                depth += 1;
            }
            '”' => {
                assert!(depth > 0, "a ” too much before {:?}", text[at..].chars().take(60).collect::<String>());
                depth -= 1;
                if depth == 0 {
                    found.push(text[start..at].split_whitespace().collect::<Vec<_>>().join(" "));
                }
            }
            _ => {}
        }
    }
    assert_eq!(depth, 0, "a “ without a ”");
    found
}

/// Stands for what a sentence is filled with: a name, a number.
const FILLED: char = '\0';

/// Everything between two signs is [`FILLED`].
fn filled(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        whole.push(FILLED);
        whole.push_str(part.split_once(close).map_or(part, |(_, rest)| rest));
    }
    whole
}

/// What the program can say: the words of its windows and pages, and every text in its code, tests left out.
fn said() -> Vec<String> {
    fn values(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => into.push(filled(text, "{{", "}}")),
            serde_json::Value::Object(fields) => fields.values().for_each(|value| values(value, into)),
            _ => {}
        }
    }
    let mut said = Vec::new();
    for name in ["src-tauri/languages/en.json", "ui/languages/en/pages.json", "ui/languages/en/overlay.json"] {
        values(&serde_json::from_str(&text(name).unwrap()).unwrap(), &mut said);
    }
    for name in files() {
        let is_code = (name.starts_with("crates/") && name.contains("/src/")) || name.starts_with("src-tauri/");
        if !is_code
            || Path::new(&name).extension().is_none_or(|kind| kind != "rs")
            || name.contains("tests")
            || name.contains("testkit")
        {
            continue;
        }
        let code = text(&name).unwrap();
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        let code: Vec<_> = code.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).collect();
        let code = code.join("\n").replace("\\\n", "").replace("\\\"", "\u{1}");
        said.extend(code.split('"').map(|text| filled(&text.replace('\u{1}', "\""), "{", "}")));
    }
    said
}

/// Whether a sentence of the program is what is quoted; … stands for what it is filled with, at the end for the rest, too.
fn is_quote_of(quote: &str, sentence: &str) -> bool {
    let mut pieces = quote.split('…');
    let first = pieces.next().unwrap_or_default();
    let rest: Vec<_> = pieces.collect();
    // It begins where a sentence does.
    let begins = |at: usize| {
        let before = &sentence[..at];
        at == 0
            || (!first.starts_with(char::is_lowercase) && [". ", "? ", "\0 "].iter().any(|end| before.ends_with(end)))
    };
    let begun =
        sentence.match_indices(first).filter(|(at, _)| begins(*at)).map(|(at, _)| &sentence[at + first.len()..]);
    begun.into_iter().any(|mut after| {
        for (n, piece) in rest.iter().enumerate() {
            if n + 1 == rest.len() && piece.is_empty() {
                return true;
            }
            match after.strip_prefix(FILLED).and_then(|after| after.strip_prefix(piece)) {
                Some(next) => after = next,
                None => return false,
            }
        }
        after.is_empty() || (quote.ends_with(['.', '?', '!']) && after.starts_with([' ', FILLED]))
    })
}

#[test]
fn what_the_page_about_trouble_quotes_is_what_the_program_says() {
    let page = text("docs/trouble.md").unwrap();
    let said = said();
    let quotes: Vec<_> = quotes(&page).into_iter().filter(|quote| quote != "…").collect();
    assert!(quotes.len() > 60, "only {} quotes were found", quotes.len());
    let rotten: Vec<_> = quotes.iter().filter(|quote| !said.iter().any(|said| is_quote_of(quote, said))).collect();
    assert!(rotten.is_empty(), "docs/trouble.md quotes what Polychat does not say: {rotten:#?}");
}

#[test]
fn a_quote_is_a_whole_sentence_of_the_program() {
    let said = "\0 is not live on YouTube. Waiting for “\0”.";
    for quote in
        ["… is not live on YouTube.", "Waiting for “…”.", "… is not live …", "… is not live on YouTube. Waiting for …"]
    {
        assert!(is_quote_of(quote, said), "{quote}");
    }
    for quote in ["is not live on YouTube.", "… is not live on TikTok.", "… is not live", "… is live on YouTube."]
    {
        assert!(!is_quote_of(quote, said), "{quote}");
    }
    assert_eq!(quotes("a “b “c” d” e “f\n  g”"), ["b “c” d", "f g"]);
    assert_eq!(filled("a {b} c {d}", "{", "}"), "a \0 c \0");
}
