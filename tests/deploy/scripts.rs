//! The scripts, against a Docker and an SSH that only note what they are asked for.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Folder, find, root, text};

const SCRIPTS: [&str; 2] = ["deploy/deploy.sh", "deploy/over-ssh.sh"];

const GOOD: &str =
    "DOMAIN=chat.example.org\nTRAEFIK_ACME_EMAIL=me@example.org\nPOLYCHAT_IMAGE=r/polychat-server:2.0.0\n";

/// A server: a folder with the files, and programs that stand in for those of the system.
struct Server {
    folder: Folder,
    bin: PathBuf,
}

impl Server {
    /// With these settings.
    fn new(settings: &str) -> Self {
        static SERVERS: AtomicUsize = AtomicUsize::new(0);
        let folder = Folder::new(&format!("server-{}", SERVERS.fetch_add(1, Ordering::Relaxed)));
        let bin = folder.0.join("bin");
        fs::create_dir_all(folder.0.join("deploy/traefik")).unwrap();
        fs::create_dir_all(&bin).unwrap();
        for name in ["compose.yaml", ".env.example", "deploy/traefik/polychat.yaml"].iter().chain(&SCRIPTS) {
            fs::copy(root().join(name), folder.0.join(name)).unwrap();
        }
        for (name, script) in [("docker", "docker.sh"), ("ssh", "ssh.sh")] {
            fs::copy(root().join("tests/deploy").join(script), bin.join(name)).unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let server = Self { folder, bin };
        server.program("ss", "grep -qx \"${!#}\" \"$(dirname \"$0\")/taken\" 2>/dev/null && echo LISTEN; true");
        server.write(".env", settings);
        server
    }

    fn program(&self, name: &str, script: &str) {
        fs::write(self.bin.join(name), format!("#!/usr/bin/env bash\n{script}\n")).unwrap();
        fs::set_permissions(self.bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.0.join(name), text).unwrap();
    }

    /// What a program that stands in answers with, or has noted.
    fn tell(self, name: &str, text: &str) -> Self {
        fs::write(self.bin.join(name), text).unwrap();
        self
    }

    fn noted(&self, name: &str) -> String {
        fs::read_to_string(self.bin.join(name)).unwrap_or_default()
    }

    fn run(&self, script: &str, environment: &[(&str, &str)]) -> Output {
        let path = format!("{}:{}", self.bin.display(), std::env::var("PATH").unwrap());
        let mut bash = Command::new(self.folder.0.join(script));
        bash.env_clear().env("PATH", path).env("HOME", &self.folder.0).envs(environment.iter().copied());
        bash.current_dir("/").output().unwrap()
    }

    /// Deploys, and tells the line that it ends with.
    fn deploys(&self, environment: &[(&str, &str)]) -> String {
        let output = self.run(SCRIPTS[0], environment);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// Does not, and says why.
    fn refuses(&self, environment: &[(&str, &str)]) -> String {
        let output = self.run(SCRIPTS[0], environment);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    }

    /// With which files, profiles, network and resolver the containers were started.
    fn started(&self) -> String {
        let asked = self.noted("asked");
        let up = asked.lines().rfind(|line| line.contains("|compose up "));
        up.map_or_else(String::new, |line| line.rsplit_once('|').unwrap().0.to_owned())
    }
}

#[test]
fn every_script_is_bash_and_may_be_run() {
    let mut scripts: Vec<PathBuf> = SCRIPTS.iter().map(|script| root().join(script)).collect();
    for script in &scripts {
        assert!(fs::metadata(script).unwrap().permissions().mode() & 0o111 != 0, "{}", script.display());
        let text = fs::read_to_string(script).unwrap();
        assert!(text.contains("\nset -euo pipefail\n"), "{}", script.display());
    }
    scripts.extend([
        root().join(".ci/run"),
        root().join("deploy/try-deb.sh"),
        root().join("tests/deploy/docker.sh"),
        root().join("tests/deploy/ssh.sh"),
    ]);
    for script in &scripts {
        let read = Command::new("bash").arg("-n").arg(script).output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    }
    let Some(shellcheck) = find("shellcheck") else {
        println!("LEFT OUT: shellcheck is not installed");
        return;
    };
    let checked = Command::new(shellcheck).args(&scripts).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn with_nothing_in_front_it_brings_its_own_traefik() {
    let server = Server::new(GOOD);
    let said = server.deploys(&[]);
    assert_eq!(server.started(), "compose.yaml|traefik||");
    assert!(said.ends_with("Polychat is well.\nr/polychat-server:2.0.0 runs at https://chat.example.org.\n"), "{said}");
    let asked = server.noted("asked");
    let steps: Vec<&str> = asked.lines().map(|line| line.rsplit('|').next().unwrap()).collect();
    let at = |step: &str| steps.iter().position(|asked| asked.starts_with(step)).unwrap_or_else(|| panic!("{step}"));
    assert!(at("compose config") < at("compose pull") && at("compose pull") < at("compose up"), "{steps:#?}");
    assert!(steps[at("compose up")].contains(" --wait "), "it waits until all is healthy");
    assert!(!asked.contains("compose build"), "a release is not built");
}

#[test]
fn a_traefik_that_runs_already_is_used() {
    for image in ["traefik:v3.1", "docker.io/library/traefik:v2.11.2", "registry.example:5000/traefik@sha256:0123"] {
        let server = Server::new(GOOD)
            .tell("running", &format!("11 nginx:1.27 web\n22 {image} infra\n33 r/polychat-server:1 polychat\n"))
            .tell("networks", "bridge\nproxy\nother\n")
            .tell("arguments", "--providers.docker\n--certificatesResolvers.le-prod.acme.email=a@b\n");
        let said = server.deploys(&[]);
        assert_eq!(server.started(), "compose.yaml:deploy/compose.shared-traefik.yaml||proxy|le-prod", "{image}");
        assert!(said.contains("network proxy, certificates by le-prod"), "{said}");
        assert!(!server.noted("asked").contains("network create"), "the network is there");
        assert!(server.noted("asked").contains("inspect --format {{range .Args}}{{println .}}{{end}} 22"), "{image}");
    }
}

#[test]
fn what_is_no_traefik_is_not_taken_for_one() {
    let running = "11 traefik/whoami:v1 web\n22 my-traefik-docs:1 web\n33 traefik:v3.7.11 polychat\n";
    let server = Server::new(GOOD).tell("running", running).tell("taken", "sport = :80\nsport = :443\n");
    server.deploys(&[]);
    assert_eq!(server.started(), "compose.yaml|traefik||", "our own has the ports");
}

#[test]
fn the_network_of_a_shared_traefik_is_found_made_or_asked_for() {
    let shared = || Server::new(GOOD).tell("running", "22 traefik:v3.1 infra\n");
    let host = shared().tell("networks", "host\n");
    host.deploys(&[]);
    assert_eq!(host.started(), "compose.yaml:deploy/compose.shared-traefik.yaml||polychat-edge|letsencrypt");
    assert!(host.noted("asked").contains("|network create polychat-edge"));

    let bridge = shared().tell("networks", "bridge\n");
    assert!(bridge.refuses(&[]).contains("TRAEFIK_NETWORK="), "the usual network cannot be joined by name");
    assert_eq!(bridge.started(), "");
    bridge.deploys(&[("TRAEFIK_NETWORK", "web"), ("TRAEFIK_CERT_RESOLVER", "mine")]);
    assert_eq!(bridge.started(), "compose.yaml:deploy/compose.shared-traefik.yaml||web|mine");
}

#[test]
fn ports_of_another_program_are_left_to_it() {
    let server = Server::new(GOOD).tell("taken", "sport = :443\n");
    let said = server.refuses(&[]);
    assert!(said.contains("TRAEFIK=off") && said.contains("docs/reverse-proxy.md"), "{said}");
    assert_eq!(server.started(), "");
    let said = server.deploys(&[("TRAEFIK", "off"), ("PORT", "8000")]);
    assert_eq!(server.started(), "compose.yaml:deploy/compose.port.yaml|||");
    assert!(said.contains("port 8000 of this computer"), "{said}");
    assert!(server.noted("asked").contains("rm --stop --force traefik"), "one of an earlier deployment goes");
}

#[test]
fn a_redis_of_its_own_comes_beside_it_where_that_is_wished_and_goes_where_it_is_not() {
    let server = Server::new(&format!("{GOOD}REDIS=own\n"));
    let said = server.deploys(&[]);
    assert!(said.contains("Redis of its own"), "{said}");
    assert_eq!(server.started(), "compose.yaml|traefik,redis||");
    assert!(!server.noted("asked").contains(" rm --stop"), "nothing is left over");
    assert_eq!(server.noted("redis-url"), "redis://redis:6379\n");
    server.deploys(&[("REDIS", "off"), ("TRAEFIK", "off")]);
    assert_eq!(server.started(), "compose.yaml:deploy/compose.port.yaml|||");
    for service in ["traefik", "redis"] {
        assert!(server.noted("asked").contains(&format!("--profile {service} rm --stop --force {service}")));
    }
    server.deploys(&[("REDIS", "own"), ("TRAEFIK", "off")]);
    assert_eq!(server.started(), "compose.yaml:deploy/compose.port.yaml|redis||");
    assert!(Server::new(GOOD).refuses(&[("REDIS", "redis://x")]).contains("REDIS_URL"));
}

#[test]
fn settings_are_read_as_compose_reads_them() {
    let crlf = GOOD.replace('\n', "\r\n").replace("chat.example.org", "\"chat.example.org\"");
    let server = Server::new(&crlf);
    assert!(server.deploys(&[]).contains("https://chat.example.org."));
    let said = Server::new(GOOD).deploys(&[("DOMAIN", "other.example.org")]);
    assert!(said.contains("https://other.example.org."), "the environment goes before the file: {said}");
    let said = Server::new(&format!("{GOOD}DOMAIN=last.example.org\n")).deploys(&[]);
    assert!(said.contains("https://last.example.org."), "{said}");
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_done() {
    for (settings, word) in [
        ("", "DOMAIN"),
        ("DOMAIN=chat.example.com\n", "example"),
        ("DOMAIN=https://chat.example.org\n", "DOMAIN"),
        ("DOMAIN=Chat.example.org\n", "small letters"),
        ("DOMAIN=a b.example.org\n", "DOMAIN"),
        ("DOMAIN=$(touch ran)\n", "DOMAIN"),
        ("DOMAIN=`touch ran`.example.org\n", "DOMAIN"),
        ("DOMAIN=chat.example.org\n", "TRAEFIK_ACME_EMAIL"),
        ("DOMAIN=chat.example.org\nTRAEFIK=maybe\n", "auto, own, shared or off"),
    ] {
        let server = Server::new(settings);
        let said = server.refuses(&[]);
        assert!(said.contains(word), "{settings}: {said}");
        assert!(server.started().is_empty() && !server.folder.0.join("ran").exists(), "{settings}");
    }
    let server = Server::new(GOOD);
    fs::remove_file(server.folder.0.join(".env")).unwrap();
    assert!(server.refuses(&[]).contains(".env.example"));
    server.program("docker", "exit 1");
    assert!(server.refuses(&[]).contains("compose"), "Docker without its plugin, or not for this user");
}

#[test]
fn a_version_that_does_not_become_healthy_makes_way_for_the_one_before() {
    let server = Server::new(&GOOD.replace("2.0.0", "1.0.0"));
    server.deploys(&[]);
    server.write(".env", GOOD);
    let server = server.tell("sick", "r/polychat-server:2.0.0\n");
    let said = server.refuses(&[]);
    assert!(said.contains("the log") && said.ends_with("r/polychat-server:1.0.0 runs again.\n"), "{said}");
    assert_eq!(server.noted("up"), "r/polychat-server:1.0.0\nr/polychat-server:2.0.0\nr/polychat-server:1.0.0\n");
    assert!(!server.noted("asked").contains("image rm"), "what runs is kept");

    // Once it is mended it stays, and the one before goes.
    let server = server.tell("sick", "");
    server.deploys(&[]);
    assert!(server.noted("asked").contains("|image rm r/polychat-server:1.0.0"));

    let first = Server::new(GOOD).tell("sick", "r/polychat-server:2.0.0\n");
    assert!(first.refuses(&[]).ends_with("did not become healthy.\n"), "there is none before the first");
}

#[test]
fn without_the_name_of_an_image_it_is_built() {
    let server = Server::new(&GOOD.replace("POLYCHAT_IMAGE", "OTHER"));
    server.deploys(&[]);
    assert!(server.noted("asked").contains("|compose build"));
    assert_eq!(server.noted("up"), "polychat-server:local\n");
}

/// Everything that over-ssh.sh needs, for a server at `path`.
fn deployment(path: &Path) -> Vec<(&'static str, String)> {
    [
        ("SSH_HOST", "server.example.org"),
        ("SSH_USER", "deployer"),
        ("SSH_PRIVATE_KEY", "the key\nof two lines"),
        ("SSH_KNOWN_HOSTS", "server.example.org ssh-ed25519 AAAA"),
        ("DEPLOY_PATH", path.to_str().unwrap()),
        ("DOMAIN", "chat.example.org"),
        ("TRAEFIK_ACME_EMAIL", "me@example.org"),
        ("POLYCHAT_IMAGE", "r/polychat-server:2.0.0"),
        ("SETTINGS", "POLYCHAT_LOG=warn\nPOLYCHAT_OBS_PASSWORD=it's $HOME"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

fn over_ssh(server: &Server, environment: &[(&'static str, String)]) -> Output {
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    server.run(SCRIPTS[1], &environment)
}

#[test]
fn a_deployment_by_ssh_brings_files_and_settings_and_starts_them() {
    let here = Server::new("");
    let there = Folder::new("there");
    let path = there.0.join("srv/polychat");
    let mut environment = deployment(&path);
    environment.push(("TMPDIR", here.folder.0.join("tmp").to_str().unwrap().to_owned()));
    fs::create_dir(here.folder.0.join("tmp")).unwrap();
    let output = over_ssh(&here, &environment);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.ends_with("r/polychat-server:2.0.0 runs at https://chat.example.org.\n"), "{said}");
    for name in ["compose.yaml", "deploy/traefik/polychat.yaml", "deploy/deploy.sh"] {
        assert_eq!(fs::read_to_string(path.join(name)).unwrap(), text(name), "{name}");
    }
    let settings = fs::read_to_string(path.join(".env")).unwrap();
    let lines: Vec<&str> = settings.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        lines,
        [
            "DOMAIN=chat.example.org",
            "TRAEFIK_ACME_EMAIL=me@example.org",
            "POLYCHAT_IMAGE=r/polychat-server:2.0.0",
            "POLYCHAT_LOG=warn",
            "POLYCHAT_OBS_PASSWORD=it's $HOME",
        ]
    );
    assert_eq!(fs::metadata(path.join(".env")).unwrap().permissions().mode() & 0o777, 0o600, "for its owner only");
    for (name, value) in
        [("key", "the key\nof two lines\n"), ("key-mode", "600\n"), ("known", "server.example.org ssh-ed25519 AAAA\n")]
    {
        assert_eq!(here.noted(name), value, "{name}");
    }
    let spoken = here.noted("spoken");
    assert_eq!(spoken.lines().count(), 3, "{spoken}");
    for line in spoken.lines() {
        assert!(line.contains(" -o StrictHostKeyChecking=yes ") && line.contains(" -p 22 "), "{line}");
        assert!(line.trim_end().ends_with("deployer@server.example.org"), "{line}");
    }
    assert_eq!(fs::read_dir(here.folder.0.join("tmp")).unwrap().count(), 0, "the key is gone");
}

#[test]
fn a_deployment_by_ssh_names_what_is_missing() {
    let server = Server::new("");
    let path = server.folder.0.join("srv");
    for missing in
        ["SSH_HOST", "SSH_USER", "SSH_PRIVATE_KEY", "SSH_KNOWN_HOSTS", "DEPLOY_PATH", "DOMAIN", "POLYCHAT_IMAGE"]
    {
        let environment: Vec<_> = deployment(&path).into_iter().filter(|(name, _)| *name != missing).collect();
        let output = over_ssh(&server, &environment);
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{missing} is not set.\n"));
        assert_eq!(output.status.code(), Some(1));
    }
    for path in ["srv/polychat", "/srv/it's", "/srv/a b", "/srv/$(touch ran)", "/srv\n/x"] {
        let mut environment = deployment(Path::new(path));
        environment.push(("SSH_PORT", "2222".to_owned()));
        let output = over_ssh(&server, &environment);
        assert!(String::from_utf8_lossy(&output.stderr).contains("DEPLOY_PATH"), "{path}");
    }
    assert_eq!(server.noted("spoken"), "", "nobody was spoken to");
}

/// The first block of a section of the page, as it stands there.
fn block(section: &str) -> String {
    let page = text("docs/operators.md");
    let (_, rest) = page.split_once(&format!("\n## {section}\n")).unwrap_or_else(|| panic!("no section {section}"));
    let (_, rest) = rest.split_once("\n```\n").unwrap();
    rest.split("```").next().unwrap().to_owned()
}

/// Runs lines of the page, as somebody who types them in this folder.
fn typed(server: &Server, lines: &str, environment: &[(&str, &str)]) -> Output {
    let path = format!("{}:{}", server.bin.display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", lines]).current_dir(&server.folder.0).env_clear();
    bash.env("PATH", path).env("HOME", &server.folder.0).envs(environment.iter().copied());
    bash.output().unwrap()
}

#[test]
fn the_three_lines_of_the_page_bring_it_up() {
    let server = Server::new("");
    fs::remove_file(server.folder.0.join(".env")).unwrap();
    // Somebody who fills in what the comment names.
    server.program(
        "nano",
        "sed -i 's/^DOMAIN=.*/DOMAIN=chat.example.org/; s/^TRAEFIK_ACME_EMAIL=.*/TRAEFIK_ACME_EMAIL=me@example.org/' \"$1\"",
    );
    let lines = block("In a container");
    assert_eq!(lines.lines().count(), 3, "{lines}");
    let output = typed(&server, &lines, &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.ends_with("Polychat is well.\npolychat-server:local runs at https://chat.example.org.\n"), "{said}");
    assert_eq!(server.started(), "compose.yaml|traefik||");
}

/// Stands in for systemd: does with the service file what it would do, below another root.
const SYSTEMCTL: &str = r#"
[ "$*" = "enable --now polychat" ] || exit 64
unit=$ROOT/etc/systemd/system/polychat.service
said() { sed -n "s/^$1=//p" "$unit"; }
set -a
settings=$(said EnvironmentFile)
. "$ROOT${settings#-}"
eval "$(said Environment)"
PORT=$FREE_PORT POLYCHAT_DATA_DIR=$ROOT$POLYCHAT_DATA_DIR
"$ROOT$(said ExecStart)" >"$ROOT/log" 2>&1 &
echo $! >"$ROOT/pid"
until grep -q 'runs at' "$ROOT/log"; do kill -0 $! || exit 1; sleep 0.1; done
"#;

#[test]
fn the_lines_for_a_service_install_one() {
    let server = Server::new("");
    server.program("sudo", "exec \"$@\"");
    server.program("systemctl", SYSTEMCTL);
    let root = server.folder.0.join("root");
    for folder in ["usr/local/bin", "etc/systemd/system", "var/lib"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_polychat-server"), server.folder.0.join("polychat-server")).unwrap();
    fs::copy(super::root().join("deploy/polychat.service"), server.folder.0.join("deploy/polychat.service")).unwrap();

    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let (root, free) = (root.to_str().unwrap(), port.as_str());
    // The same lines, below the other root.
    let below = |lines: &str| {
        ["/usr/", "/etc/", "/var/"]
            .iter()
            .fold(lines.to_owned(), |lines, at| lines.replace(&format!(" {at}"), &format!(" {root}{at}")))
    };
    let environment = [("ROOT", root), ("FREE_PORT", free), ("PORT", free)];
    let installed = format!("PATH=\"$PATH:{root}/usr/local/bin\"\n{}", below(&block("As a service")));
    let output = typed(&server, &installed, &environment);
    let pid = fs::read_to_string(format!("{root}/pid")).unwrap_or_default();
    let settings = fs::read_to_string(format!("/proc/{}/environ", pid.trim()));
    let key = typed(&server, &below("sudo cat /var/lib/polychat/access-key"), &environment);
    _ = Command::new("kill").arg(pid.trim()).status();

    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.ends_with(&format!("runs at http://127.0.0.1:{port}: 0 channels, 0 clients.\n")), "{said}");
    assert!(settings.unwrap().contains("POLYCHAT_ALLOWED_ORIGINS=https://chat.example.com\0"));
    assert!(text("docs/operators.md").contains("\nsudo cat /var/lib/polychat/access-key\n"));
    assert!(key.status.success() && key.stdout.len() > 16, "{}", String::from_utf8_lossy(&key.stderr));
    let mode = |file: &str| fs::metadata(format!("{root}/{file}")).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("usr/local/bin/polychat-server"), mode("etc/systemd/system/polychat.service")), (0o755, 0o644));
}
