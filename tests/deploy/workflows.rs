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
    let page = text("docs/operators.md");
    let mut used = BTreeSet::new();
    for name in workflows() {
        let text = text(&name);
        used.extend(names_after(&text, "secrets."));
        used.extend(names_after(&text, "vars."));
    }
    assert!(used.contains("SSH_KNOWN_HOSTS"), "{used:?}");
    for name in &used {
        // The token that every run has by itself.
        assert!(
            name == "GITHUB_TOKEN" || page.contains(&format!("`{name}`")),
            "docs/operators.md does not explain {name}"
        );
    }
    let (_, section) = page.split_once("### By SSH").unwrap();
    let tables = section.split("\n\n").filter(|part| part.starts_with("| secret") || part.starts_with("| variable"));
    let explained = tables.flat_map(|table| table.lines().skip(2)).filter_map(|row| row.split('|').nth(1));
    let explained: BTreeSet<String> = explained.flat_map(|cell| names_after(cell, "`")).collect();
    assert!(explained.len() >= 9, "{explained:?}");
    let unused: Vec<_> = explained.difference(&used).collect();
    assert!(unused.is_empty(), "no workflow uses {unused:?}");
    // And each reaches the script.
    let script = text("deploy/over-ssh.sh");
    for name in used.iter().filter(|name| *name != "GITHUB_TOKEN") {
        assert!(script.contains(name.as_str()), "deploy/over-ssh.sh does not know {name}");
    }
}
