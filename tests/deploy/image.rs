//! What the last stage of the Dockerfile says, done without a container engine: in an empty root that holds what is copied into
//! it and the libraries of the program, which cannot be written to, as its user.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::files::{Stage, stages, words};
use super::{Folder, find};

/// Mounts of its own: the root as it is, without writing, and the folder that a volume would be. It must really be so.
const ENTER: &str = r#"
set -eu
root=$1 data=$2 folder=$3 user=$4
shift 4
mount --bind "$root" "$root"
mount --bind "$data" "$root$folder"
mount -o remount,bind,ro "$root"
if touch "$root/written" 2>/dev/null; then exit 97; fi
exec chroot --userspec="$user" --groups= "$root" "$@"
"#;

/// The libraries that a program is linked with, the loader among them.
fn libraries(program: &Path) -> Vec<PathBuf> {
    let said = Command::new("ldd").arg(program).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let words = said.split_whitespace().filter(|word| word.starts_with('/'));
    words.map(PathBuf::from).collect()
}

fn copy(from: &Path, root: &Path, to: &str) {
    let to = root.join(to.trim_start_matches('/'));
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, &to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
}

/// Everything below a folder.
fn all_below(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { all_below(&path) } else { BTreeSet::from([path]) }).collect()
}

struct Image {
    root: Folder,
    data: Folder,
    stage: Stage,
    port: u16,
}

impl Image {
    fn new() -> Self {
        let stage = stages().pop().unwrap();
        let (root, data) = (Folder::new("image-root"), Folder::new("image-data"));
        let program = Path::new(env!("CARGO_BIN_EXE_polychat-server"));
        for copied in stage.all("COPY") {
            let to = copied.rsplit(' ').next().unwrap();
            match to.rsplit('/').next().unwrap() {
                "polychat-server" => copy(program, &root.0, to),
                "ca-certificates.crt" if Path::new(to).exists() => copy(Path::new(to), &root.0, to),
                // Terms to be read, and certificates of a system that has none: nobody outside is asked here.
                "" | "ca-certificates.crt" => {}
                other => panic!("{other} is copied into the image, and not into this one"),
            }
        }
        for library in libraries(program) {
            copy(&library, &root.0, library.to_str().unwrap());
        }
        let folder = stage.environment()["POLYCHAT_DATA_DIR"];
        fs::create_dir_all(root.0.join(folder.trim_start_matches('/'))).unwrap();
        let user: u32 = stage.one("USER").split(':').next().unwrap().parse().unwrap();
        std::os::unix::fs::chown(&data.0, Some(user), Some(user)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { root, data, stage, port }
    }

    /// A command in it, with its environment; only the port is another one, as more than one runs on this computer.
    fn command(&self, command: &[String]) -> Command {
        let environment = self.stage.environment();
        let mut enter = Command::new("unshare");
        enter
            .args(["--mount", "--propagation", "private", "bash", "-c", ENTER, "bash"])
            .arg(&self.root.0)
            .arg(&self.data.0);
        enter.args([environment["POLYCHAT_DATA_DIR"], self.stage.one("USER")]).args(command);
        enter.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").envs(environment);
        enter.env("PORT", self.port.to_string());
        enter
    }
}

#[test]
fn the_image_runs_as_its_user_with_nothing_but_its_folder_to_write_to() {
    let may = find("unshare").is_some_and(|unshare| {
        let try_it = Command::new(unshare).args(["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
        try_it.is_ok_and(|output| output.status.success())
    });
    if !may {
        println!("LEFT OUT: this user may not mount");
        return;
    }
    let image = Image::new();
    let before = all_below(&image.root.0);
    let mut child = image.command(&words(image.stage.one("ENTRYPOINT"))).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let said = lines.find(|line| line.contains("runs at")).expect("it starts");
    assert!(said.ends_with(&format!("http://127.0.0.1:{}", image.port)), "{said}");

    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let user = image.stage.one("USER").split(':').next().unwrap();
    let of = |what: &str| status.lines().find_map(|line| line.strip_prefix(what)).unwrap().trim().to_owned();
    assert_eq!(of("Uid:"), [user; 4].join("\t"));
    assert_eq!((of("CapEff:"), of("CapPrm:")), ("0".repeat(16), "0".repeat(16)), "without rights");

    let (_, health) = image.stage.one("HEALTHCHECK").split_once("CMD ").unwrap();
    let healthy = image.command(&words(health)).output().unwrap();
    let well = String::from_utf8_lossy(&healthy.stdout).into_owned();
    assert!(healthy.status.success(), "{well}{}", String::from_utf8_lossy(&healthy.stderr));
    assert!(well.starts_with("Polychat "), "{well}");

    let key = fs::metadata(image.data.0.join("access-key")).unwrap();
    assert_eq!((key.uid().to_string().as_str(), key.mode() & 0o777), (user, 0o600));
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success(), "it stops in its order");
    assert_eq!(all_below(&image.root.0), before, "nothing was written into the image");
    let ill = image.command(&words(health)).output().unwrap();
    assert_eq!(ill.status.code(), Some(1), "what has stopped is not healthy");
}
