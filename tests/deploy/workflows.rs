//! The workflows: what they use is pinned, what they call is there, what they ask for is explained.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::{names_after, root, text, yaml};

/// Their names below the root.
fn workflows() -> Vec<String> {
    let folder = root().join(".github/workflows");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.map(|name| format!(".github/workflows/{name}")).collect();
    names.sort();
    assert!(names.len() >= 2, "{names:?}");
    names
}

/// The jobs of a workflow, and the steps of each.
fn jobs(workflow: &Value) -> Vec<(&String, &Value, Vec<&Value>)> {
    let jobs = workflow["jobs"].as_object().unwrap();
    jobs.iter().map(|(name, job)| (name, job, job["steps"].as_array().unwrap().iter().collect())).collect()
}

#[test]
fn every_action_is_one_version_and_nobody_can_change_it() {
    let mut seen = BTreeSet::new();
    for name in workflows() {
        for line in text(&name).lines().filter_map(|line| line.split_once("uses: ").map(|(_, action)| action)) {
            let (action, version) =
                line.split_once(" # v").unwrap_or_else(|| panic!("{name}: {line} names no version"));
            let (_, commit) = action.split_once('@').unwrap();
            assert!(commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()), "{name}: {line}");
            assert_eq!(version.split('.').count(), 3, "{name}: {line}");
            seen.insert(line.to_owned());
        }
    }
    let actions: BTreeSet<&str> = seen.iter().map(|line| line.split('@').next().unwrap()).collect();
    assert_eq!(actions.len(), seen.len(), "an action has one version everywhere: {seen:#?}");
    assert!(actions.iter().all(|action| action.starts_with("actions/")), "only GitHub's own: {actions:?}");
}

#[test]
fn every_job_has_an_end_a_pinned_system_and_no_more_rights_than_it_needs() {
    for name in workflows() {
        let workflow = yaml(&name);
        assert_eq!(
            workflow["permissions"],
            serde_json::json!({"contents": "read"}),
            "{name}: more only where it is needed"
        );
        assert!(workflow["on"].is_object(), "{name}");
        for (job, about, steps) in jobs(&workflow) {
            assert!(about["timeout-minutes"].is_u64(), "{name}: {job} has no end");
            assert!(!about["runs-on"].as_str().unwrap().ends_with("-latest"), "{name}: {job}");
            let all = about.to_string();
            assert!(!all.contains("-latest\""), "{name}: {job} runs on whatever is new");
            for step in steps {
                if step["uses"].as_str().is_some_and(|action| action.starts_with("actions/checkout@")) {
                    assert_eq!(
                        step["with"]["persist-credentials"], false,
                        "{name}: {job} leaves its token lying about"
                    );
                }
            }
        }
    }
}

/// Words that people outside can choose are never part of a script: they come by the environment.
#[test]
fn no_script_has_somebody_elses_words_in_it() {
    for name in workflows() {
        let workflow = yaml(&name);
        for (job, _, steps) in jobs(&workflow) {
            for script in steps.iter().filter_map(|step| step["run"].as_str()) {
                assert!(!script.contains("${{"), "{name}: {job}: {script}");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn the_scripts_of_the_workflows_are_bash() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    for name in workflows() {
        let workflow = yaml(&name);
        for (job, _, steps) in jobs(&workflow) {
            for script in steps.iter().filter_map(|step| step["run"].as_str()) {
                let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
                bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
                assert!(bash.wait().unwrap().success(), "{name}: {job}: {script}");
            }
        }
    }
}

#[test]
fn what_the_workflows_call_is_there() {
    let xtask = text("xtask/src/main.rs");
    for name in workflows() {
        let text = text(&name);
        for (at, found) in text.match_indices("cargo xtask ") {
            let task: String = text[at + found.len()..].chars().take_while(char::is_ascii_lowercase).collect();
            let variant = format!("    {}{}", task[..1].to_uppercase(), &task[1..]);
            assert!(xtask.lines().any(|line| line.starts_with(&variant)), "{name}: cargo xtask {task}");
        }
        for (at, _) in text.match_indices("./deploy/") {
            let script: String = text[at..].chars().take_while(|c| !c.is_whitespace()).collect();
            assert!(root().join(&script).is_file(), "{name}: {script}");
        }
    }
}

/// The workflow that packs, whose secrets sign packages. Those of all others reach servers.
const RELEASE: &str = ".github/workflows/release.yml";

/// The secrets and variables that a workflow asks for, besides the token that every run has by itself.
fn asked_for(workflow: &str) -> BTreeSet<String> {
    let text = text(workflow);
    let mut names: BTreeSet<String> = names_after(&text, "secrets.").into_iter().collect();
    names.extend(names_after(&text, "vars."));
    names.remove("GITHUB_TOKEN");
    names
}

/// The secrets and variables of the tables below a heading of a page.
fn explained(page: &str, heading: &str) -> BTreeSet<String> {
    let page = text(page);
    let (_, section) = page.split_once(heading).unwrap();
    let tables = section.split("\n\n").filter(|part| part.starts_with("| secret") || part.starts_with("| variable"));
    let cells = tables.flat_map(|table| table.lines().skip(2)).filter_map(|row| row.split('|').nth(1));
    cells.flat_map(|cell| names_after(cell, "`")).collect()
}

#[test]
fn licences_are_judged_by_the_same_version_everywhere() {
    let suite = text("xtask/src/test.rs");
    let (_, version) = suite.split_once("const CARGO_DENY: &str = \"").unwrap();
    let version = version.split('"').next().unwrap();
    let workflow = text(".github/workflows/test.yml");
    for needed in [format!("cargo install --locked cargo-deny@{version}"), format!("key: cargo-deny-{version}")] {
        assert!(workflow.contains(&needed), "{needed}");
    }
}

#[test]
fn every_secret_and_variable_is_explained_and_used() {
    let others = workflows().into_iter().filter(|name| name != RELEASE);
    let used: BTreeSet<String> = others.flat_map(|name| asked_for(&name)).collect();
    assert!(used.contains("SSH_KNOWN_HOSTS") && used.len() >= 9, "{used:?}");
    assert_eq!(explained("docs/operators.md", "### By SSH"), used, "docs/operators.md explains those, and no others");
    // And each reaches the script.
    let script = text("deploy/over-ssh.sh");
    for name in &used {
        assert!(script.contains(name.as_str()), "deploy/over-ssh.sh does not know {name}");
    }
}

#[test]
fn what_signs_packages_is_explained_and_reaches_the_packager() {
    let used = asked_for(RELEASE);
    assert!(used.contains("TAURI_SIGNING_PRIVATE_KEY"), "{used:?}");
    assert_eq!(
        explained("docs/releasing.md", "## Newer versions"),
        used,
        "docs/releasing.md explains those, and no others"
    );
    let packager = text("xtask/src/renewal.rs");
    for name in &used {
        assert!(packager.contains(&format!("\"{name}\"")), "xtask/src/renewal.rs does not read {name}");
    }
    // Where the signed packages are told of has to be in the release that is made.
    let steps = jobs(&yaml(RELEASE)).into_iter().find(|(name, ..)| *name == "draft").map(|(_, job, _)| job.to_string());
    let steps = steps.unwrap();
    let (told, uploaded) = (steps.find("cargo xtask latest").unwrap(), steps.find("gh release create").unwrap());
    assert!(told < uploaded, "latest.json is made before it is uploaded");
}
