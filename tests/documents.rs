//! Every command that a document tells people to type is run: here, by a test that is named here, or by the suite itself. What
//! no test can do says why. A command that is nowhere in this list fails, and so does a line of the list that no document needs.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

#[cfg(unix)]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// By what a command is run.
enum By {
    /// A test, in a file below `tests/`.
    Test(&'static str, &'static str),
    /// `cargo xtask test` as a whole, or the same command with more than what is asked for.
    Suite(&'static str),
    /// Nothing, for this reason.
    Nobody(&'static str),
}

use By::{Nobody, Suite, Test};

const MINUTES: By =
    Nobody("measures for minutes, in the release profile; the lints compile it, and `bench --help` is asked for it");

const COMMANDS: &[(&str, By)] = &[
    ("cargo xtask", Suite("every command of it; without one it prints them")),
    ("cargo xtask run", Test("documents.rs", "the_command_of_the_readme_runs_polychat")),
    ("cargo xtask run --demo", Test("documents.rs", "the_command_of_the_readme_runs_polychat")),
    ("cargo xtask run --port 8000", Test("documents.rs", "the_command_of_the_readme_runs_polychat")),
    (
        "sudo apt install build-essential",
        Nobody("changes the system; `.ci/run` installs the same where there is no compiler"),
    ),
    ("cargo xtask test", Suite("is the suite")),
    ("cargo xtask test --quick", Suite("a part of it")),
    ("cargo xtask bench", MINUTES),
    ("cargo xtask bench parse", MINUTES),
    ("cargo xtask bench fanout", MINUTES),
    ("cargo xtask bench latency", MINUTES),
    ("cargo xtask bench cluster", MINUTES),
    ("cargo xtask bench history", MINUTES),
    ("cargo xtask bench follow", MINUTES),
    ("cargo xtask bench desktop", MINUTES),
    ("cargo bench -p polychat-platforms --bench youtube_pages", MINUTES),
    ("npm run measure", MINUTES),
    (
        "cargo xtask package",
        Nobody("builds everything anew in the release profile; the release workflow runs it on three systems"),
    ),
    (
        "docker run --rm --volume \"$PWD:/polychat:ro\" debian:12.15-slim bash -c '/polychat/deploy/try-deb.sh /polychat/target/packages/*.deb'",
        Nobody("needs Docker and a package; the release workflow runs it"),
    ),
    ("cargo xtask licences", Test("documents.rs", "what_tells_something_tells_it")),
    ("cargo xtask notes 0.2.0", Test("documents.rs", "what_tells_something_tells_it")),
    ("cargo xtask latest", Test("documents.rs", "what_tells_something_tells_it")),
    (
        "npx tauri signer generate --write-keys ~/polychat-update.key",
        Nobody("asks for a password; `xtask/src/renewal.rs` reads what it once wrote"),
    ),
    ("cargo run -p polychat-testkit -- --help", Test("documents.rs", "what_tells_something_tells_it")),
    ("cargo test -p polychat-platforms twitch", Suite("a part of it")),
    ("cargo test -p polychat-model", Suite("a part of it")),
    ("cargo test -p polychat --test desktop", Suite("a part of it")),
    ("cargo test --bin polychat words", Suite("a part of it")),
    (
        "cargo nextest run -p polychat-server --test obs_real",
        Suite("the same test; it is left out where OBS is not installed"),
    ),
    ("cargo check", Suite("the lints do more")),
    (
        "cargo build --release --package polychat-server",
        Nobody("builds everything anew; `cargo xtask package` does it"),
    ),
    ("npm ci", Suite("sets up the pages with it")),
    ("npm run build", Suite("builds the pages with it")),
    ("npm test", Suite("runs it")),
    ("npm run check", Suite("runs it")),
    ("npm run dev", Test("documents.rs", "pages_are_served_while_they_are_written")),
    ("npm run e2e", Suite("runs it")),
    ("npm run e2e -- overlay-look", Suite("a part of it")),
    ("git tag v0.2.0 && git push origin main v0.2.0", Nobody("makes a release")),
    ("gh attestation verify FILE --repo OWNER/REPOSITORY", Nobody("asks GitHub about a release")),
    ("apt install obs-studio xvfb", Nobody("installs OBS, which is large; `obs_real` says what it tried")),
    ("cp .env.example .env", Test("deploy/scripts.rs", "the_three_lines_of_the_page_bring_it_up")),
    ("nano .env", Test("deploy/scripts.rs", "the_three_lines_of_the_page_bring_it_up")),
    ("./deploy/deploy.sh", Test("deploy/scripts.rs", "the_three_lines_of_the_page_bring_it_up")),
    (
        "./deploy/over-ssh.sh",
        Test("deploy/scripts.rs", "a_deployment_by_ssh_brings_files_and_settings_and_starts_them"),
    ),
    (
        "docker build --tag polychat-server:local .",
        Test("deploy/files.rs", "what_docker_is_asked_for_in_the_documents_is_there"),
    ),
    (
        "docker run --read-only --publish 127.0.0.1:7117:7117 polychat-server:local --demo",
        Test("deploy/files.rs", "what_docker_is_asked_for_in_the_documents_is_there"),
    ),
    ("docker compose stop polychat", Test("deploy/files.rs", "what_docker_is_asked_for_in_the_documents_is_there")),
    (
        "docker run --rm --volume polychat_data:/data:ro --volume \"$PWD:/copy\" debian:12.15-slim tar -czf /copy/polychat-data.tar.gz -C /data .",
        Test("deploy/files.rs", "what_docker_is_asked_for_in_the_documents_is_there"),
    ),
    (
        "docker run --rm --volume polychat_data:/data --volume \"$PWD:/copy:ro\" debian:12.15-slim tar -xzf /copy/polychat-data.tar.gz -C /data",
        Test("deploy/files.rs", "what_docker_is_asked_for_in_the_documents_is_there"),
    ),
    (
        "docker compose exec polychat cat /data/access-key",
        Test("deploy/files.rs", "what_docker_is_asked_for_in_the_documents_is_there"),
    ),
    ("docker compose logs polychat", Test("deploy/files.rs", "what_docker_is_asked_for_in_the_documents_is_there")),
    (
        "sudo install -m 0755 polychat-server /usr/local/bin/",
        Test("deploy/scripts.rs", "the_lines_for_a_service_install_one"),
    ),
    (
        "sudo install -m 0644 deploy/polychat.service /etc/systemd/system/",
        Test("deploy/scripts.rs", "the_lines_for_a_service_install_one"),
    ),
    (
        "echo POLYCHAT_ALLOWED_ORIGINS=https://chat.example.com | sudo tee /etc/polychat.env",
        Test("deploy/scripts.rs", "the_lines_for_a_service_install_one"),
    ),
    ("sudo systemctl enable --now polychat", Test("deploy/scripts.rs", "the_lines_for_a_service_install_one")),
    ("polychat-server health", Test("deploy/scripts.rs", "the_lines_for_a_service_install_one")),
    ("sudo cat /var/lib/polychat/access-key", Test("deploy/scripts.rs", "the_lines_for_a_service_install_one")),
    ("sudo chmod 600 /etc/polychat.env", Nobody("chmod does what it does; systemd reads the file as root")),
    ("sudo systemctl restart polychat", Nobody("needs a running systemd")),
    ("journalctl --unit polychat", Nobody("needs a running systemd")),
    ("node docs/examples/read-chat.mjs twitch some_channel", Suite("runs it in `ui/e2e/examples.spec.ts`")),
    ("cargo install cargo-fuzz", Nobody("installs a tool; the suite compiles the fuzz targets")),
    (
        "cargo +nightly fuzz run twitch_line",
        Nobody("runs until it finds something; the suite compiles the fuzz targets"),
    ),
    (
        "RUSTC_BOOTSTRAP=1 cargo fuzz run twitch_line -- -max_total_time=300",
        Nobody("takes minutes; the suite compiles the fuzz targets"),
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The documents, by their names below the root.
fn documents() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "docs/", "docs/adr/", "docs/examples/", "deploy/", "fuzz/", "ui/"] {
        let Ok(entries) = fs::read_dir(root().join(folder)) else { continue };
        let files =
            entries.map(|entry| entry.unwrap().path()).filter(|file| file.extension().is_some_and(|kind| kind == "md"));
        found.extend(files.map(|file| format!("{folder}{}", file.file_name().unwrap().to_string_lossy())));
    }
    assert!(found.len() > 10, "{found:?}");
    found
}

/// The words with which a command begins.
const PROGRAMS: [&str; 19] = [
    "apt",
    "cargo",
    "cp",
    "curl",
    "docker",
    "echo",
    "gh",
    "git",
    "journalctl",
    "nano",
    "node",
    "npm",
    "npx",
    "polychat-server",
    "python3",
    "sha256sum",
    "ssh",
    "sudo",
    "systemctl",
];

/// Whether it is something to type: a program with arguments, or a script of ours.
fn is_command(line: &str) -> bool {
    let mut words =
        line.split(' ').skip_while(|word| word.contains('=') && word.starts_with(|c: char| c.is_ascii_uppercase()));
    let first = words.next().unwrap_or_default();
    first.starts_with("./") || (PROGRAMS.contains(&first) && words.next().is_some_and(|word| !word.is_empty()))
}

/// The commands of a document: lines of blocks without a language or of the shell, and code within sentences.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut sentences = String::new();
    let mut block: Option<&str> = None;
    for line in text.lines().map(str::trim) {
        if let Some(language) = line.strip_prefix("```") {
            block = if block.is_some() { None } else { Some(language) };
        } else if let Some(language) = block {
            let line = line.split(" # ").next().unwrap_or_default().trim();
            if ["", "sh", "bash"].contains(&language) && is_command(line) {
                found.push(line.to_owned());
            }
        } else {
            // Code may go on in the next line.
            sentences.push_str(line);
            sentences.push(' ');
        }
    }
    found.extend(sentences.split('`').skip(1).step_by(2).filter(|code| is_command(code)).map(str::to_owned));
    found
}

#[test]
fn commands_are_found_where_they_stand() {
    let text = "Run `cargo xtask run`, not `cargo` or `docker`.\n```\ncp a b   # why\nhttp://a.example\n```\n```js\ncp x y\n```\nthen `./a.sh` and `A=1 npm\n  ci`\n";
    assert_eq!(commands(text), ["cp a b", "cargo xtask run", "./a.sh", "A=1 npm ci"]);
}

#[test]
fn every_command_of_the_documents_is_run_or_says_why_not() {
    let known: BTreeMap<&str, &By> = COMMANDS.iter().map(|(command, by)| (*command, by)).collect();
    assert_eq!(known.len(), COMMANDS.len(), "each once");
    let mut seen = BTreeSet::new();
    for name in documents() {
        // What once was, in the words of then.
        if name == "CHANGELOG.md" {
            continue;
        }
        for command in commands(&text(&name)) {
            assert!(known.contains_key(command.as_str()), "{name} says `{command}`, which nothing runs");
            seen.insert(command);
        }
    }
    let unused: Vec<_> = known.keys().filter(|command| !seen.contains(**command)).collect();
    assert!(unused.is_empty(), "no document says {unused:#?}");
    for (command, by) in COMMANDS {
        match by {
            Test(file, test) => {
                let tests = text(&format!("tests/{file}"));
                assert!(tests.contains(&format!("fn {test}()")), "{command}: tests/{file} has no {test}");
            }
            Suite(why) | Nobody(why) => assert!(!why.is_empty(), "{command}"),
        }
    }
    let nobody = COMMANDS.iter().filter(|(_, by)| matches!(by, Nobody(_))).map(|(command, _)| command);
    println!("run by nobody here: {:#?}", nobody.collect::<Vec<_>>());
}

#[cfg(unix)]
mod run {
    use std::fs;
    use std::io::{BufRead as _, BufReader};
    use std::os::unix::process::CommandExt as _;
    use std::path::PathBuf;
    use std::process::{Child, Command, Output, Stdio};

    use serde_json::{Value, json};

    use super::support::Client;
    use super::{commands, documents, root, text};

    /// A command of the documents, in the root, as somebody would type it.
    fn typed(command: &str) -> Command {
        let mut words = command.split(' ');
        let mut typed = Command::new(words.next().unwrap());
        typed.args(words).current_dir(root()).stdin(Stdio::null());
        // What Cargo says about this test to this test is nothing for the Cargo that is called.
        for (name, _) in
            std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_BIN_"))
        {
            typed.env_remove(name);
        }
        typed
    }

    fn output(command: &str) -> Output {
        typed(command).output().unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// A Polychat that somebody started by a command, and a folder that is its own. Both go with this value.
    struct Started {
        child: Child,
        folder: PathBuf,
    }

    impl Drop for Started {
        fn drop(&mut self) {
            _ = self.child.kill();
            _ = self.child.wait();
            _ = fs::remove_dir_all(&self.folder);
        }
    }

    /// The first command of the README, without a window, as there need not be a screen: it sets up, builds, and there is chat of
    /// three platforms. The desktop program has tests of its own.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_command_of_the_readme_runs_polychat() {
        let readme = text("README.md");
        let command = commands(&readme).into_iter().next().unwrap();
        assert_eq!(command, "cargo xtask run --demo", "the first thing that the README says");
        let folder = std::env::temp_dir().join(format!("polychat-readme-{}", std::process::id()));
        let mut typed = typed(&command);
        typed.args(["--headless", "--port", "0", "--data-dir"]).arg(&folder);
        // Nobody outside is asked for the demo.
        for name in ["7TV", "7TV_EVENTS", "BTTV", "FFZ"] {
            typed.env(format!("POLYCHAT_{name}_URL"), "off");
        }
        let mut started = Started { child: typed.stdout(Stdio::piped()).spawn().unwrap(), folder };
        let mut lines = BufReader::new(started.child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("runs at")).expect("it says where it listens");
        std::thread::spawn(move || lines.for_each(drop));
        let (_, address) = line.rsplit_once("http://").unwrap();
        let mut client = Client::connect_to(address.trim()).await;
        for platform in ["youtube", "tiktok", "twitch"] {
            client.send(json!({"type": "subscribe", "platform": platform, "identifier": "polychat-demo"})).await;
            loop {
                let frame: Value = client.next().await;
                if frame["type"] == "chat" && frame["platform"] == platform {
                    assert!(!frame["data"]["content"]["raw"].as_str().unwrap().is_empty(), "{frame}");
                    break;
                }
            }
        }
        assert!(Command::new("kill").arg(started.child.id().to_string()).status().unwrap().success());
        assert!(started.child.wait().unwrap().success(), "it stops in its order");
    }

    #[test]
    fn what_tells_something_tells_it() {
        let licences = output("cargo xtask licences");
        let said = String::from_utf8_lossy(&licences.stdout);
        assert!(licences.status.success() && said.contains("tokio") && said.contains("MIT"), "{said}");

        // Either the notes of a version that is finished, or what is missing to them.
        let notes = output("cargo xtask notes 0.2.0");
        let why = String::from_utf8_lossy(&notes.stderr);
        assert!(
            notes.status.success()
                || why.contains("change `version` in Cargo.toml")
                || why.contains("CHANGELOG.md has no section"),
            "{why}"
        );

        let latest = output("cargo xtask latest");
        let why = String::from_utf8_lossy(&latest.stderr);
        assert!(!latest.status.success() && why.contains("<VERSION> <FOLDER> <REPOSITORY>"), "{why}");

        let testkit = output("cargo run -p polychat-testkit -- --help");
        let said = String::from_utf8_lossy(&testkit.stdout);
        assert!(testkit.status.success() && said.contains("Usage:"), "{said}");

        let bench = output("cargo xtask bench --help");
        let said = String::from_utf8_lossy(&bench.stdout);
        for command in documents().iter().flat_map(|name| commands(&text(name))) {
            let Some(subject) = command.strip_prefix("cargo xtask bench ") else { continue };
            assert!(said.contains(&format!("- {subject}:")), "{command}: {said}");
        }
        for command in documents().iter().flat_map(|name| commands(&text(name))) {
            let Some(script) = command.strip_prefix("npm run ").and_then(|rest| rest.split(' ').next()) else {
                continue;
            };
            let package: Value = serde_json::from_str(&text("ui/package.json")).unwrap();
            assert!(package["scripts"][script].is_string(), "{command}");
        }
        assert!(root().join("ui/package-lock.json").is_file(), "npm ci needs it");
    }

    #[tokio::test]
    async fn pages_are_served_while_they_are_written() {
        _ = rustls::crypto::ring::default_provider().install_default();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut npm = typed("npm run dev -- --strictPort --host 127.0.0.1 --port");
        // A group, as npm starts what starts the server.
        npm.arg(port.to_string()).current_dir(root().join("ui")).stdout(Stdio::null()).process_group(0);
        let Ok(mut child) = npm.spawn() else {
            println!("LEFT OUT: npm is not on the path");
            return;
        };
        let page = async {
            loop {
                let answer = reqwest::get(format!("http://127.0.0.1:{port}/overlay.html")).await;
                if let Ok(answer) = answer {
                    return answer.text().await.unwrap();
                }
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        };
        let page = tokio::time::timeout(super::support::PATIENCE * 3, page).await;
        _ = Command::new("kill").args(["--", &format!("-{}", child.id())]).status();
        _ = child.wait();
        assert!(page.expect("it serves").contains("/@vite/client"));
    }
}
