//! New versions: one is found, downloaded, put in the place of this one, and everything is as it was. What goes wrong changes
//! nothing, and is told. The file in the place of the `AppImage` is one of the test's own.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use polychat_testkit::releases::{NewestFault, PackageFault, Signed, SimReleases};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::driver::{Driver, eventually};
use super::process::{self, PROGRAM};
use super::world::World;

/// The title of the main overlay's window.
const OVERLAY: &str = "Polychat overlay: main";

/// What stands in the place of the `AppImage` before.
const OLD: &[u8] = b"the version that runs";

const NOT_OURS: &str = "This file is not from us; nothing was changed.";

/// Where everything about a new version stands in the page.
const FOUND: &str = ".found";
const LOOK: &str = ".line button.small";
const INSTALL: &str = ".found button.first";

/// A page of releases, and the file that is replaced.
struct Trial {
    releases: SimReleases,
    file: PathBuf,
}

impl Trial {
    /// Has the program believe that it was packed as `package`. It looks for a new version by itself after `first_ms`.
    async fn new(world: &mut World, package: &str, first_ms: u64) -> Self {
        let releases = SimReleases::start().await;
        let folder = world.screen.folder().join("programs");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("Polychat.AppImage");
        std::fs::write(&file, OLD).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        let trial = json!({
            "pubkey": releases.public_key(), "address": releases.newest_url(), "package": package, "first_ms": first_ms,
            "largest": 4 * 1024 * 1024,
        });
        world.set("POLYCHAT_TEST_UPDATE", &trial.to_string());
        world.set("APPIMAGE", file.to_str().unwrap());
        world.set("APPDIR", Path::new(PROGRAM).parent().unwrap().to_str().unwrap());
        Self { releases, file }
    }

    /// Nothing was changed, and nothing lies about.
    fn is_untouched(&self) {
        assert_eq!(std::fs::read(&self.file).unwrap(), OLD);
        let beside = std::fs::read_dir(self.file.parent().unwrap()).unwrap();
        assert_eq!(beside.count(), 1, "nothing lies beside it");
    }
}

/// A package: a shell, which runs what `BASH_ENV` names, and more bytes behind it, so that it has some size.
fn package() -> Vec<u8> {
    let mut bytes = std::fs::read("/bin/bash").unwrap();
    bytes.resize(bytes.len() + 300_000, b'.');
    bytes
}

async fn update(driver: &Driver) -> Value {
    driver.native("desktop", json!({})).await["update"].clone()
}

/// How it is once nothing goes on.
async fn settled(driver: &Driver) -> Value {
    let idle = async || Some(update(driver).await).filter(|update| update["step"]["is"] == "idle");
    eventually("nothing goes on", idle).await
}

/// Looks for a new version, as the button does.
async fn looked(driver: &Driver) -> Value {
    driver.native("look_for_update", json!({})).await;
    settled(driver).await
}

async fn installed(driver: &Driver) -> Value {
    driver.native("install_update", json!({})).await;
    settled(driver).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_takes_the_place_of_the_old_one_and_everything_is_as_it_was() {
    let mut world = World::new().await;
    let trial = Trial::new(&mut world, "appimage", 3_600_000).await;
    // The new version is the same program. It says that it was begun, and by which process.
    let (begun, script) = (world.screen.folder().join("begun"), world.screen.folder().join("new-version.sh"));
    std::fs::write(&script, format!("echo $$ >>'{}'\nexec '{PROGRAM}'\n", begun.display())).unwrap();
    world.set("BASH_ENV", script.to_str().unwrap());
    let driver = world.drive().await;
    let old = world.driven();
    driver.call("add_channel", json!({"platform": "twitch", "identifier": "luna"})).await;
    driver.call("change_settings", json!({"hotkeys": {"clear": "Ctrl+Alt+F10"}})).await;
    driver.native("show_overlay", json!({"name": "main", "on": true})).await;
    let window = eventually("the overlay's window", async || world.x.find(OVERLAY)).await;
    let stands = (1600 - 400) / 2;
    eventually("it stands in the middle", async || (world.x.area(window).x == stands).then_some(())).await;
    driver.native("center_overlay", json!({"name": "main"})).await;
    eventually("its place is kept", async || {
        let kept = driver.call("saved", json!({})).await["saved"]["overlays"][0]["window"]["places"][0].clone();
        (kept["x"] == stands).then_some(())
    })
    .await;

    driver.click("[data-tab=settings]").await;
    driver.click(LOOK).await;
    driver.text_with("[role=alert]", "No release is there yet").await;
    trial.releases.publish("9.1.0", "<b>New</b> & {{better}}\n\u{202e}• backwards", package(), Signed::ByUs);
    driver.click(LOOK).await;
    driver.text_with("h4", "Polychat 9.1.0 is there").await;
    let notes = driver.text_with(".notes", "<b>New</b> & {{better}}").await;
    assert!(!notes.contains('\u{202e}'), "{notes:?}");
    driver.text_with("footer", "Polychat 9.1.0 is there").await;
    assert_eq!(trial.releases.fetched(), 0, "nothing is downloaded before somebody says so");

    // Pages may not go around all this.
    for command in ["check", "download", "install", "download_and_install"] {
        let arguments = json!({"rid": 1, "updateRid": 1, "bytesRid": 1, "onEvent": 1});
        let refused = driver.invoke_here(&format!("plugin:updater|{command}"), arguments).await.unwrap_err();
        assert!(refused.to_string().contains("not allowed"), "{command}: {refused}");
    }

    trial.releases.fail_package(Some(PackageFault::Halting));
    driver.click(INSTALL).await;
    driver.text_with(FOUND, "0.8 MB of 1.6 MB").await;
    assert!(world.x.find(OVERLAY).is_some() && process::is_alive(old), "everything goes on meanwhile");
    assert_eq!(world.health().await["status"], "ok");
    trial.is_untouched();
    let kept = driver.call("saved", json!({})).await["saved"].clone();
    trial.releases.go_on();

    eventually("the old version has ended", async || (!process::is_alive(old)).then_some(())).await;
    let new = eventually("the new version has begun", async || {
        std::fs::read_to_string(&begun).ok()?.trim().parse::<u32>().ok()
    })
    .await;
    assert_eq!(std::fs::read(&trial.file).unwrap(), package());
    assert_eq!(trial.file.metadata().unwrap().permissions().mode() & 0o777, 0o755);
    let at = async || world.x.find(OVERLAY).filter(|window| world.x.area(*window).x == stands);
    eventually("its overlay is there again, where it stood", at).await;
    assert_eq!(world.health().await["status"], "ok");
    process::signal(new, Signal::TERM);
    eventually("the new version has ended", async || (!process::is_alive(new)).then_some(())).await;
    driver.close().await;

    let driver = world.drive().await;
    assert_eq!(driver.call("saved", json!({})).await["saved"], kept);
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_ours_or_not_whole_changes_nothing_and_is_told() {
    let mut world = World::new().await;
    let trial = Trial::new(&mut world, "appimage", 3_600_000).await;
    let driver = world.drive().await;
    let broke_off = "The download broke off; nothing was changed. Try again.";
    let too_large = "The file is larger than Polychat ever is; nothing was changed.";
    for (signed, fault, told) in [
        (Signed::BySomebody, None, NOT_OURS),
        (Signed::ForAnOlderOne, None, NOT_OURS),
        (Signed::ForNone, None, NOT_OURS),
        (Signed::ByUs, Some(PackageFault::Changed), NOT_OURS),
        (Signed::ByUs, Some(PackageFault::Truncated), NOT_OURS),
        (Signed::ByUs, Some(PackageFault::CutOff), broke_off),
        (Signed::ByUs, Some(PackageFault::NotFound), broke_off),
        (Signed::ByUs, Some(PackageFault::ToFile), broke_off),
        (Signed::ByUs, Some(PackageFault::Endless), too_large),
    ] {
        trial.releases.publish("9.1.0", "", package(), signed);
        trial.releases.fail_package(fault);
        looked(&driver).await;
        let update = installed(&driver).await;
        assert_eq!(update["problem"], told, "{signed:?} {fault:?}: {update}");
        assert_eq!(update["found"]["version"], "9.1.0", "it can be tried again");
        trial.is_untouched();
    }
    // Signed by us, but no program.
    trial.releases.publish("9.1.0", "", "a letter", Signed::ByUs);
    trial.releases.fail_package(None);
    looked(&driver).await;
    assert_eq!(installed(&driver).await["problem"], NOT_OURS);
    trial.is_untouched();
    driver.click("[data-tab=settings]").await;
    driver.text_with("[role=alert]", NOT_OURS).await;
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_releases_that_does_not_answer_well_is_told_and_older_versions_are_none() {
    let mut world = World::new().await;
    let trial = Trial::new(&mut world, "appimage", 3_600_000).await;
    let driver = world.drive().await;
    trial.releases.publish("9.1.0", "", package(), Signed::ByUs);
    let not_understood = "The page of releases answered what Polychat does not understand; nothing was changed.";
    for (fault, told) in [
        (NewestFault::NotFound, "No release is there yet."),
        (NewestFault::Broken, not_understood),
        (NewestFault::Nonsense, not_understood),
        (NewestFault::Endless, not_understood),
        (NewestFault::ToFile, not_understood),
    ] {
        trial.releases.fail_newest(Some(fault));
        let update = looked(&driver).await;
        assert_eq!((&update["problem"], &update["found"]), (&json!(told), &Value::Null), "{fault:?}");
    }
    trial.releases.fail_newest(None);
    for version in [env!("CARGO_PKG_VERSION"), "0.0.9", "0.1.0-beta.1"] {
        trial.releases.publish(version, "", package(), Signed::ByUs);
        let update = looked(&driver).await;
        assert_eq!((&update["problem"], &update["found"]), (&Value::Null, &Value::Null), "{version}");
        let refused = driver.try_native("install_update", json!({})).await.unwrap_err();
        assert_eq!(refused["code"], "NOT_FOUND", "{refused}");
    }
    for version in ["newest", &format!("9.1.0+{}", "1".repeat(50))] {
        trial.releases.publish(version, "", package(), Signed::ByUs);
        assert_eq!(looked(&driver).await["problem"], not_understood, "{version}");
    }
    let Trial { releases, file } = trial;
    drop(releases);
    let update = looked(&driver).await;
    assert_eq!(update["problem"], "The page of releases cannot be reached. Is this computer online?", "{update}");
    assert_eq!(std::fs::read(file).unwrap(), OLD);
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_is_given_up_changes_nothing_and_can_be_begun_again() {
    let mut world = World::new().await;
    let trial = Trial::new(&mut world, "appimage", 3_600_000).await;
    let driver = world.drive().await;
    trial.releases.publish("9.1.0", "", package(), Signed::ByUs);
    trial.releases.fail_package(Some(PackageFault::Halting));
    looked(&driver).await;
    for fetched in 1..=2 {
        driver.native("install_update", json!({})).await;
        // Looking, or installing twice, does not come in between.
        driver.native("look_for_update", json!({})).await;
        let refused = driver.try_native("install_update", json!({})).await.unwrap_err();
        assert_eq!(refused["code"], "NOT_FOUND", "{refused}");
        eventually("half of it is there", async || {
            (update(&driver).await["step"]["bytes"].as_u64()? > 700_000).then_some(())
        })
        .await;
        driver.native("cancel_update", json!({})).await;
        assert_eq!(settled(&driver).await["problem"], Value::Null, "who gives up knows it");
        assert_eq!((trial.releases.asked(), trial.releases.fetched()), (1, fetched));
        trial.is_untouched();
    }
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_looks_by_itself_once_and_does_no_more_unless_that_is_turned_off() {
    let mut world = World::new().await;
    let trial = Trial::new(&mut world, "appimage", 0).await;
    trial.releases.publish("9.1.0", "", package(), Signed::ByUs);
    let driver = world.drive().await;
    driver.text_with("footer", "Polychat 9.1.0 is there").await;
    assert_eq!((trial.releases.asked(), trial.releases.fetched()), (1, 0));
    trial.is_untouched();
    driver.call("change_settings", json!({"lookForUpdates": false})).await;
    world.quit(driver).await;

    let driver = world.drive().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(trial.releases.asked(), 1, "it was turned off");
    assert_eq!(update(&driver).await["found"], Value::Null);
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_package_manager_has_installed_looks_for_nothing_and_replaces_nothing() {
    let mut world = World::new().await;
    // An AppImage of somebody else has started it, and its environment is inherited.
    let trial = Trial::new(&mut world, "deb", 0).await;
    trial.releases.publish("9.1.0", "", package(), Signed::ByUs);
    let driver = world.drive().await;
    driver.click("[data-tab=settings]").await;
    driver.text_with(".said", "Your system renews Polychat").await;
    assert_eq!(driver.script("return document.querySelectorAll('.found, .daily').length").await, Ok(json!(0)));
    for command in ["look_for_update", "install_update"] {
        let refused = driver.try_native(command, json!({})).await.unwrap_err();
        assert_eq!(refused["code"], "FORBIDDEN", "{refused}");
    }
    assert_eq!(trial.releases.asked(), 0);
    trial.is_untouched();
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_without_a_key_knows_its_version_and_nothing_else() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    let update = update(&driver).await;
    assert_eq!((&update["renewal"], &update["host"]), (&json!("nobody"), &Value::Null), "{update}");
    driver.click("[data-tab=settings]").await;
    driver.text_with(".now", concat!("Polychat ", env!("CARGO_PKG_VERSION"))).await;
    assert_eq!(
        driver.script("return document.querySelectorAll('.found, .daily, .line > .now + button').length").await,
        Ok(json!(0))
    );
    let refused = driver.try_native("look_for_update", json!({})).await.unwrap_err();
    assert_eq!(refused["code"], "FORBIDDEN", "{refused}");
    world.quit(driver).await;
}

/// The folder of the file that is replaced is a disk of its own: too small for two of them, or not to be written to.
fn other_disk(file: &Path, read_only: bool) -> String {
    let (file, folder) = (file.display(), file.parent().unwrap().display());
    let mut script = format!(
        "#!/bin/sh\nexec unshare --user --map-root-user --mount sh -c '\n\
         mount -t tmpfs -o size=1m tmpfs \"{folder}\" || exit 9\n\
         printf \"the version that runs\" >\"{file}\"\n"
    );
    if read_only {
        let _ = writeln!(script, "mount -o remount,ro \"{folder}\" || exit 9");
    }
    let _ = writeln!(script, "exec \"$0\"' '{PROGRAM}'");
    script
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_and_one_that_cannot_be_written_to_keep_the_old_version_and_are_told() {
    for (read_only, told, fetched) in [(false, "The disk is full", 1), (true, "may not be replaced", 0)] {
        let mut world = World::new().await;
        let trial = Trial::new(&mut world, "appimage", 3_600_000).await;
        trial.releases.publish("9.1.0", "", package(), Signed::ByUs);
        let file = world.screen.folder().join("on-another-disk");
        std::fs::write(&file, other_disk(&trial.file, read_only)).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        let driver = world.drive_through(file.to_str().unwrap()).await;
        looked(&driver).await;
        let update = installed(&driver).await;
        assert!(update["problem"].as_str().is_some_and(|problem| problem.contains(told)), "{update}");
        assert_eq!(trial.releases.fetched(), fetched, "nobody waits for a download in vain");
        let seen = format!("/proc/{}/root{}", world.driven(), trial.file.display());
        assert_eq!(std::fs::read(seen).unwrap(), OLD);
        world.quit(driver).await;
    }
}
