//! What is not as it should be on a computer: the program starts all the same, or says in a sentence why not.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::driver::eventually;
use super::process::{PROGRAM, Running};
use super::screen::Furniture;
use super::world::{CONTROL, STOP, World};

/// Where the control window says what a person has to know.
const NOTICE: &str = ".banner";

/// The sentences that the control window shows about what is kept.
fn notices(kept: &Value) -> String {
    let all = kept["notices"].as_array().unwrap().iter().filter_map(Value::as_str);
    all.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_left_to_its_holder_and_links_carry_the_next_free_one() {
    let mut world = World::new().await;
    let holder = TcpListener::bind(("127.0.0.1", world.port)).unwrap();
    let driver = world.drive_through(PROGRAM).await;
    let desktop = driver.native("desktop", json!({})).await;
    let port = u16::try_from(desktop["port"].as_u64().unwrap()).unwrap();
    assert_eq!(desktop["usualPort"], world.port, "{desktop}");
    assert_ne!(port, world.port);
    assert_eq!(world.health_at(port).await["status"], "ok");
    driver.text_with("footer, .moved", &format!("Port {} was taken; links carry {port}", world.port)).await;
    // The port is free again at the next start, and links carry it again.
    world.quit(driver).await;
    drop(holder);
    let driver = world.drive().await;
    let desktop = driver.native("desktop", json!({})).await;
    assert_eq!((&desktop["port"], &desktop["usualPort"]), (&json!(world.port), &Value::Null));
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_settings_file_is_put_aside_and_the_newest_backup_taken() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    driver.call("add_channel", json!({"platform": "twitch", "identifier": "luna"})).await;
    world.quit(driver).await;
    // The backup is made at a start.
    let driver = world.drive().await;
    world.quit(driver).await;

    let file = world.data().join("polychat.sqlite3");
    std::fs::write(&file, "this is no database, however one looks at it. ".repeat(200)).unwrap();
    for beside in ["polychat.sqlite3-wal", "polychat.sqlite3-shm"] {
        let _ = std::fs::remove_file(world.data().join(beside));
    }
    let driver = world.drive().await;
    let kept = driver.call("saved", json!({})).await;
    assert_eq!(kept["saved"]["channels"][0]["identifier"], "luna", "from the backup: {kept}");
    let told = notices(&kept);
    assert!(told.contains("damaged"), "it says so: {told:?}");
    driver.text_with(NOTICE, "damaged").await;
    let names: Vec<String> = std::fs::read_dir(world.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let aside = names.iter().any(|name| name.contains("damaged") && name.contains("polychat"));
    assert!(aside, "the damaged one is still there for whoever can read it: {names:?}");
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_screen_it_says_what_helps() {
    let world = World::new().await;
    for (display, word) in [(None, "needs a screen"), (Some(":9999"), "cannot reach the screen")] {
        let mut command = world.program_command();
        match display {
            Some(display) => command.env("DISPLAY", display),
            None => command.env_remove("DISPLAY"),
        };
        let mut program = Running::start(&mut command);
        assert_eq!(program.ended(Duration::from_secs(10)).await, Some(1));
        let printed = world.printed();
        assert!(printed.contains(word) && printed.contains("polychat-server"), "{printed}");
        assert!(!printed.contains("panicked"), "{printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tray_closing_the_window_ends_the_program() {
    let mut world = World::with(Furniture::default(), false).await;
    world.start().await;
    // Whoever closes it must not leave a program behind that nobody can reach.
    world.x.close(world.x.find(CONTROL).unwrap());
    assert_eq!(world.program().ended(STOP).await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_began_in_the_tray_shows_its_window_if_no_tray_comes() {
    let mut world = World::with(Furniture::default(), false).await;
    world.launch_with(&["--in-tray"]);
    world.health().await;
    assert!(world.x.find(CONTROL).is_none(), "first it waits for the tray of a desktop that has just begun");
    world.is_there().await;
    assert_eq!(world.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_tray_the_program_stays_in_it_if_the_person_says_so() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    driver.call("change_settings", json!({"closeToTray": true})).await;
    world.quit(driver).await;

    world.start().await;
    let tray = world.tray.take().expect("a tray");
    tray.line("Quit").await;
    world.x.close(world.x.find(CONTROL).unwrap());
    eventually("the window is closed", async || world.x.find(CONTROL).is_none().then_some(())).await;
    assert_eq!(world.health().await["status"], "ok", "the program goes on");
    tray.click("Open Polychat").await;
    eventually("the window is there again", async || world.x.find(CONTROL)).await;
    tray.click("Quit").await;
    assert_eq!(world.program().ended(STOP).await, Some(0));
}

/// The folder for files is a disk of its own, of which nothing is left.
const FULL_DISK: &str = "#!/bin/sh
exec unshare --user --map-root-user --mount sh -c '
    mount -t tmpfs -o size=256k tmpfs \"$POLYCHAT_DATA_DIR\" || exit 9
    head -c 1m /dev/zero >\"$POLYCHAT_DATA_DIR/fills-the-disk\" 2>/dev/null
    exec \"$0\"' PROGRAM
";

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_it_runs_and_says_that_nothing_is_kept() {
    let mut world = World::new().await;
    let file = world.screen.folder().join("on-a-full-disk");
    std::fs::write(&file, FULL_DISK.replace("PROGRAM", PROGRAM)).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    world.data();
    let driver = world.drive_through(file.to_str().unwrap()).await;
    assert_eq!(world.health().await["status"], "ok");
    driver.call("add_channel", json!({"platform": "twitch", "identifier": "luna"})).await;
    let mut socket = world.socket().await;
    socket.watch("twitch", "luna").await;
    socket.until("the chat", |frame| frame["status"] == "started").await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let kept = driver.call("saved", json!({})).await;
    assert_eq!(kept["saved"]["channels"][0]["identifier"], "luna", "it is there as long as the program runs");
    let told = notices(&kept);
    assert!(told.contains("full"), "it says so: {told:?}");
    driver.text_with(NOTICE, "full").await;
    world.quit(driver).await;
}
