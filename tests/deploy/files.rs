//! Files that agree with each other and with the program.

use std::collections::{BTreeMap, BTreeSet};
#[cfg(unix)]
use std::process::Command;

use serde_json::Value;

use super::{default_port, is_name, names_after, root, settings, text, yaml};

const SHARED: &str = "deploy/compose.shared-traefik.yaml";
const PORT: &str = "deploy/compose.port.yaml";

/// One stage of the Dockerfile: its instructions, with their lines joined.
#[derive(Debug, Default)]
pub(super) struct Stage {
    pub(super) base: String,
    pub(super) instructions: Vec<(String, String)>,
}

impl Stage {
    /// What follows an instruction, each time it is given.
    pub(super) fn all(&self, instruction: &str) -> Vec<&str> {
        let found = self.instructions.iter().filter(|(name, _)| name == instruction);
        found.map(|(_, rest)| rest.as_str()).collect()
    }

    /// The same where there is one.
    pub(super) fn one(&self, instruction: &str) -> &str {
        let found = self.all(instruction);
        assert_eq!(found.len(), 1, "{instruction}: {found:?}");
        found[0]
    }

    /// `ENV`.
    pub(super) fn environment(&self) -> BTreeMap<&str, &str> {
        self.all("ENV")
            .iter()
            .flat_map(|line| line.split_whitespace())
            .filter_map(|pair| pair.split_once('='))
            .collect()
    }
}

pub(super) fn stages() -> Vec<Stage> {
    let text = text("Dockerfile");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    let mut stages: Vec<Stage> = Vec::new();
    for line in lines.replace("\\\n", " ").lines().filter(|line| !line.trim().is_empty()) {
        let (name, rest) = line.trim().split_once(' ').unwrap();
        if name == "FROM" {
            stages.push(Stage { base: rest.to_owned(), ..Stage::default() });
        } else {
            stages.last_mut().unwrap().instructions.push((name.to_owned(), rest.trim().to_owned()));
        }
    }
    stages
}

/// The strings of a list in the form of JSON.
pub(super) fn words(list: &str) -> Vec<String> {
    serde_json::from_str(list).unwrap_or_else(|error| panic!("{list}: {error}"))
}

/// An image with a version of at least two numbers.
fn is_pinned(image: &str) -> bool {
    let tag = image.rsplit_once(':').map(|(_, tag)| tag.trim_start_matches('v')).unwrap_or_default();
    tag.split(['-', '@']).next().is_some_and(|version| {
        version.split('.').count() >= 2 && version.split('.').all(|number| number.parse::<u32>().is_ok())
    })
}

#[test]
fn the_image_is_built_from_pinned_versions_that_can_build_it() {
    let stages = stages();
    assert_eq!(stages.len(), 3);
    for stage in &stages {
        let image = stage.base.split(' ').next().unwrap();
        assert!(is_pinned(image), "{image}");
    }
    let numbers = |text: &str| -> Vec<u32> { text.split(['.', '-']).map_while(|number| number.parse().ok()).collect() };
    let version = |stage: &Stage| numbers(stage.base.split([':', ' ']).nth(1).unwrap());
    let package: Value = serde_json::from_str(&text("ui/package.json")).unwrap();
    let engine = package["engines"]["node"].as_str().unwrap().trim_start_matches(">=").to_owned();
    assert!(version(&stages[0]) >= numbers(&engine), "Node {engine}");
    let rust = text("Cargo.toml");
    let rust = rust.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap().trim_matches('"');
    assert!(version(&stages[1]) >= numbers(rust), "Rust {rust}");
    assert!(stages[1].base.contains("bookworm") && version(&stages[2])[0] == 12, "the same C library at both ends");
    assert!(!is_pinned("debian") && !is_pinned("debian:latest") && !is_pinned("a.b:5000/x") && is_pinned("a/b:v1.2.3"));
}

#[test]
fn what_is_copied_into_the_image_is_there_and_secrets_are_not() {
    let ignored = text(".dockerignore");
    let ignored: Vec<&str> = ignored.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    for needed in ["Cargo.toml", "Cargo.lock", ".cargo", "crates", "src-tauri", "xtask", "ui", "icons", "tests"] {
        assert!(root().join(needed).exists() && !ignored.contains(&needed), "{needed}");
    }
    for unwanted in [".env", ".env.*", ".git", "target", "**/node_modules", "ui/dist"] {
        assert!(ignored.contains(&unwanted), "{unwanted}");
    }
    for stage in stages() {
        for copy in stage.all("COPY") {
            let mut words: Vec<&str> = copy.split(' ').collect();
            words.pop();
            if !words[0].starts_with("--from=") {
                for name in words {
                    assert!(root().join(name).exists(), "{name}");
                }
            }
        }
    }
}

#[test]
fn the_image_runs_the_program_as_nobody_with_settings_that_exist() {
    let stages = stages();
    let last = stages.last().unwrap();
    let (user, group) = last.one("USER").split_once(':').unwrap();
    assert!(
        user.parse::<u32>().unwrap() > 1_000 && group == user,
        "a number, so that Kubernetes sees that it is not root"
    );
    let created = last.all("RUN").join(" ");
    assert!(created.contains(&format!("--uid {user} ")), "{created}");
    let environment = last.environment();
    for name in environment.keys() {
        assert!(settings().contains(*name), "{name} is no setting of the program");
    }
    assert_eq!(environment["PORT"], default_port().to_string());
    assert_eq!(last.one("EXPOSE"), environment["PORT"]);
    assert_eq!(words(last.one("VOLUME")), [environment["POLYCHAT_DATA_DIR"]]);
    let program = words(last.one("ENTRYPOINT"));
    let copied: Vec<&str> = last.all("COPY").iter().filter_map(|copy| copy.split(' ').next_back()).collect();
    assert!(copied.contains(&program[0].as_str()), "{program:?} is one of {copied:?}");
    let health = last.one("HEALTHCHECK");
    assert_eq!(words(health.split_once("CMD ").unwrap().1), [program[0].clone(), "health".to_owned()]);
}

/// The services of a compose file.
fn services(file: &str) -> serde_json::Map<String, Value> {
    yaml(file)["services"].as_object().unwrap().clone()
}

#[test]
fn every_container_is_pinned_bounded_and_has_few_rights() {
    let services = services("compose.yaml");
    assert_eq!(services.keys().collect::<Vec<_>>(), ["polychat", "redis", "traefik"]);
    for (name, service) in &services {
        assert_eq!(service["restart"], "unless-stopped", "{name}");
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"], serde_json::json!(["ALL"]), "{name}");
        assert_eq!(service["security_opt"], serde_json::json!(["no-new-privileges:true"]), "{name}");
        assert_eq!(service["logging"]["driver"], "json-file", "{name}");
        for option in ["max-size", "max-file"] {
            assert!(service["logging"]["options"][option].is_string(), "{name}: {option}");
        }
        for limit in ["cpus", "memory", "pids"] {
            assert!(!service["deploy"]["resources"]["limits"][limit].is_null(), "{name}: {limit}");
        }
        assert!(service["privileged"].is_null() && service["network_mode"].is_null(), "{name}");
        let image = service["image"].as_str().unwrap();
        assert!(name == "polychat" || is_pinned(image), "{image}");
    }
    for file in ["compose.yaml", SHARED, PORT, "deploy/deploy.sh", "deploy/over-ssh.sh", "deploy/traefik/polychat.yaml"]
    {
        let text = text(file);
        for fault in ["docker.sock", "StrictHostKeyChecking=no", ":latest", "log.level=DEBUG", "insecure"] {
            assert!(!text.contains(fault), "{file} has {fault}");
        }
    }
}

#[test]
fn compose_agrees_with_the_image() {
    let stages = stages();
    let image = stages.last().unwrap().environment();
    let polychat = &services("compose.yaml")["polychat"];
    let environment = polychat["environment"].as_object().unwrap();
    for (name, value) in environment {
        assert!(settings().contains(name), "{name} is no setting of the program");
        if let Some(same) = image.get(name.as_str()) {
            assert_eq!(value, same, "{name}");
        }
    }
    // What stands in .env reaches the program, so these must be said here.
    for name in image.keys() {
        assert!(environment.contains_key(*name), "{name} could be changed by .env");
    }
    let origins = environment["POLYCHAT_ALLOWED_ORIGINS"].as_str().unwrap();
    assert!(origins.starts_with("https://${DOMAIN:?"), "{origins}");
    assert_eq!(polychat["volumes"], serde_json::json!([format!("data:{}", image["POLYCHAT_DATA_DIR"])]));
    let port = format!("127.0.0.1:${{PORT:-{0}}}:{0}", image["PORT"]);
    assert_eq!(services(PORT)["polychat"]["ports"], serde_json::json!([port]), "this computer only");
    assert!(polychat["ports"].is_null(), "only a proxy reaches it");
}

#[test]
fn both_ways_of_telling_traefik_say_the_same() {
    let compose = yaml("compose.yaml");
    let traefik = &compose["services"]["traefik"];
    let command: Vec<&str> = traefik["command"].as_array().unwrap().iter().map(|flag| flag.as_str().unwrap()).collect();
    let flag = |name: &str| command.iter().find_map(|flag| flag.strip_prefix(&format!("--{name}=")));
    let file = yaml("deploy/traefik/polychat.yaml");
    let router = &file["http"]["routers"]["polychat"];
    assert_eq!(router["entryPoints"], serde_json::json!(["websecure"]));
    assert_eq!(flag("entrypoints.websecure.address"), Some(":443"));
    assert_eq!(flag("entrypoints.web.address"), Some(":80"));
    assert_eq!(flag("entrypoints.web.http.redirections.entrypoint.to"), Some("websecure"));
    assert_eq!(traefik["ports"], serde_json::json!(["80:80", "443:443"]));
    let resolver = router["tls"]["certResolver"].as_str().unwrap();
    let storage = flag(&format!("certificatesresolvers.{resolver}.acme.storage")).unwrap();
    let mounts: Vec<&str> = traefik["volumes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let kept = mounts.iter().find(|mount| mount.starts_with("certificates:")).unwrap();
    assert!(storage.starts_with(kept.split(':').nth(1).unwrap()), "certificates are kept");
    assert!(compose["volumes"].as_object().unwrap().contains_key("certificates"));
    let folder = flag("providers.file.directory").unwrap();
    assert!(mounts.contains(&format!("./deploy/traefik:{folder}:ro").as_str()), "{mounts:?}");
    assert_eq!(traefik["environment"]["DOMAIN"], "${DOMAIN}");

    let shared = services(SHARED);
    let labels = shared["polychat"]["labels"].as_object().unwrap();
    let label = |name: &str| labels[&format!("traefik.http.{name}")].as_str().unwrap();
    let rule = router["rule"].as_str().unwrap().replace("{{ env \"DOMAIN\" }}", "${DOMAIN}");
    assert_eq!(label("routers.polychat.rule"), rule);
    let port = default_port().to_string();
    assert_eq!(label("services.polychat.loadbalancer.server.port"), port);
    let server = &file["http"]["services"]["polychat"]["loadBalancer"]["servers"][0]["url"];
    assert_eq!(server, &format!("http://polychat:{port}"));
    let middlewares: Vec<&str> = router["middlewares"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(label("routers.polychat.middlewares"), middlewares.join(","));
    for (middleware, kinds) in file["http"]["middlewares"].as_object().unwrap() {
        for (kind, options) in kinds.as_object().unwrap() {
            for (option, value) in options.as_object().unwrap() {
                let name = format!("middlewares.{middleware}.{kind}.{option}").to_lowercase();
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                assert_eq!(label(&name), value, "{name}");
            }
        }
    }
    assert_eq!(label("routers.polychat-http.middlewares"), "polychat-https");
}

/// The names that `.env.example` lists, also those that are commented out.
fn listed() -> BTreeSet<String> {
    let example = text(".env.example");
    let lines = example.lines().map(|line| line.trim_start_matches("# "));
    let names = lines.filter_map(|line| line.split_once('=').map(|(name, _)| name));
    names.filter(|name| !name.is_empty() && name.chars().all(is_name)).map(str::to_owned).collect()
}

#[test]
fn the_example_of_settings_lists_what_is_read_and_nothing_else() {
    let mut read = BTreeSet::new();
    for file in ["compose.yaml", SHARED, PORT] {
        read.extend(names_after(&text(file), "${"));
    }
    let script = text("deploy/deploy.sh");
    read.extend(names_after(&script, "$(setting "));
    let listed = listed();
    let missing: Vec<_> = read.difference(&listed).collect();
    assert!(missing.is_empty(), ".env.example does not list {missing:?}");
    let known = &read | &settings();
    let unknown: Vec<_> = listed.difference(&known).collect();
    assert!(unknown.is_empty(), "nothing reads {unknown:?}");
    let page = text("docs/operators.md");
    for name in listed.difference(&settings()).filter(|name| !name.ends_with("_LIMIT")) {
        let explained = ["`", "="].iter().any(|end| page.contains(&format!("`{name}{end}")));
        assert!(explained, "docs/operators.md does not explain {name}");
    }
}

#[test]
fn the_service_names_settings_that_exist_and_the_places_of_the_documents() {
    let unit = text("deploy/polychat.service");
    let all =
        |key: &str| -> Vec<&str> { unit.lines().filter_map(|line| line.strip_prefix(&format!("{key}="))).collect() };
    let environment: BTreeMap<&str, &str> = all("Environment").iter().filter_map(|pair| pair.split_once('=')).collect();
    for name in environment.keys() {
        assert!(settings().contains(*name), "{name} is no setting of the program");
    }
    assert_eq!(environment["PORT"], default_port().to_string());
    assert_eq!(environment["POLYCHAT_DATA_DIR"], format!("/var/lib/{}", all("StateDirectory")[0]));
    let page = text("docs/operators.md");
    for place in [all("EnvironmentFile")[0].trim_start_matches('-'), environment["POLYCHAT_DATA_DIR"]] {
        assert!(page.contains(place), "docs/operators.md names {place}");
    }
    assert_eq!(all("ExecStart"), ["/usr/local/bin/polychat-server"]);
    assert!(page.contains("install -m 0755 polychat-server /usr/local/bin/"));
    for hardening in ["NoNewPrivileges=yes", "DynamicUser=yes", "ProtectSystem=strict", "Restart=always"] {
        assert!(unit.lines().any(|line| line == hardening), "{hardening}");
    }
}

/// Width and height of a PNG.
fn size(picture: &[u8]) -> (u32, u32) {
    assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"), "a PNG");
    let number = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn the_packages_have_icons_of_every_size_that_systems_ask_for() {
    let conf: Value = serde_json::from_str(&text("tauri.conf.json")).unwrap();
    let bundle = &conf["bundle"];
    for target in ["deb", "rpm", "appimage", "nsis", "dmg"] {
        assert!(bundle["targets"].as_array().unwrap().contains(&target.into()), "{target}");
    }
    for file in ["licenseFile", "icon"] {
        let names = bundle[file].as_array().cloned().unwrap_or_else(|| vec![bundle[file].clone()]);
        for name in names {
            assert!(root().join(name.as_str().unwrap()).is_file(), "{name}");
        }
    }
    let read = |name: &str| std::fs::read(root().join("icons").join(name)).unwrap();
    for (name, wanted) in
        [("32x32.png", 32), ("128x128.png", 128), ("128x128@2x.png", 256), ("icon.png", 512), ("tray-template.png", 44)]
    {
        assert_eq!(size(&read(name)), (wanted, wanted), "{name}");
    }
    let ico = read("icon.ico");
    let count = usize::from(u16::from_le_bytes([ico[4], ico[5]]));
    let sizes: BTreeSet<u8> = (0..count).map(|n| ico[6 + 16 * n]).collect();
    // 256 does not fit into its byte and is 0.
    assert!(sizes.is_superset(&BTreeSet::from([16, 24, 32, 48, 0])), "{sizes:?}");
    let icns = read("icon.icns");
    for kind in ["ic07", "ic08", "ic09", "ic10", "ic11", "ic12", "ic13", "ic14"] {
        assert!(icns.windows(4).any(|word| word == kind.as_bytes()), "{kind}");
    }
}

/// systemd reads the unit itself, where it is installed.
#[cfg(target_os = "linux")]
#[test]
fn systemd_understands_the_service() {
    let Some(analyze) = super::find("systemd-analyze") else {
        println!("LEFT OUT: systemd-analyze is not installed");
        return;
    };
    let folder = super::Folder::new("unit");
    // It looks for the program, too.
    let unit = text("deploy/polychat.service")
        .replace("/usr/local/bin/polychat-server", env!("CARGO_BIN_EXE_polychat-server"));
    let file = folder.0.join("polychat.service");
    std::fs::write(&file, unit).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(&analyze).args(arguments).arg(&file).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), said)
    };
    let (well, said) = run(&["verify", "--man=no"]);
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("polychat")).collect();
    assert!(well && ours.is_empty(), "{said}");
    // 0 is nothing to be done, 10 is nothing done.
    let (safe, said) = run(&["security", "--offline=true", "--no-pager", "--threshold=20"]);
    assert!(safe, "{said}");
}

/// No Docker is needed to see that what it is asked for is what these files make.
#[test]
fn what_docker_is_asked_for_in_the_documents_is_there() {
    let page = text("docs/operators.md");
    let lines = page
        .lines()
        .filter(|line| line.starts_with("docker "))
        .chain(page.split('`').filter(|code| code.starts_with("docker ")));
    let asked: BTreeSet<&str> = lines.collect();
    assert!(asked.len() >= 6, "{asked:#?}");
    let compose = yaml("compose.yaml");
    let volumes: BTreeSet<String> =
        compose["volumes"].as_object().unwrap().keys().map(|name| format!("polychat_{name}")).collect();
    assert_eq!(compose["name"], "polychat", "volumes are called after it");
    let stages = stages();
    let image = stages.last().unwrap();
    let folder = image.environment()["POLYCHAT_DATA_DIR"];
    let mut built = BTreeSet::from(["debian:12.15-slim".to_owned()]);
    for line in asked.iter().copied().filter(|line| line.starts_with("docker build ")) {
        let (_, rest) = line.split_once("--tag ").unwrap();
        let (tag, context) = rest.split_once(' ').unwrap();
        assert_eq!(context, ".", "{line}");
        assert_eq!(services("compose.yaml")["polychat"]["image"], format!("${{POLYCHAT_IMAGE:-{tag}}}"));
        built.insert(tag.to_owned());
    }
    for line in asked {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[1] {
            "build" => {}
            "compose" => {
                assert!(["stop", "logs", "exec"].contains(&words[2]), "{line}");
                assert!(services("compose.yaml").contains_key(words[3]), "{line}");
                if words[2] == "exec" {
                    assert_eq!(words[4..], ["cat", &format!("{folder}/access-key")], "{line}");
                }
            }
            "run" => {
                assert!(words.iter().any(|word| built.contains(*word)), "{line}: no image of ours");
                for (flag, value) in words.iter().zip(&words[1..]) {
                    let parts: Vec<&str> = value.split(':').collect();
                    match *flag {
                        "--publish" => {
                            assert_eq!(
                                parts,
                                ["127.0.0.1", &default_port().to_string(), image.one("EXPOSE")],
                                "{line}"
                            );
                        }
                        "--volume" => assert!(value.starts_with('"') || volumes.contains(parts[0]), "{line}"),
                        _ => {}
                    }
                }
            }
            other => panic!("docker {other}: {line}"),
        }
    }
}
