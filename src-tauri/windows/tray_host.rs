//! Whether anything shows tray icons: asked on the session bus, on a thread of its own, now and whenever it changes.

use std::thread;

use tracing::debug;
use zbus::blocking::Connection;
use zbus::blocking::fdo::DBusProxy;
use zbus::names::BusName;

/// What shows tray icons has this name, on every desktop.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Tells whether there is a tray, now and at every change, for as long as the program runs.
pub(crate) fn watch(tell: impl Fn(bool) + Send + 'static) {
    let begun = thread::Builder::new().name("tray host".to_owned()).spawn(move || {
        if let Err(error) = follow(&tell) {
            debug!(%error, "no session bus, so no tray");
            tell(false);
        }
    });
    if let Err(error) = begun {
        debug!(%error, "the tray is not looked for");
    }
}

fn follow(tell: &impl Fn(bool)) -> zbus::Result<()> {
    let connection = Connection::session()?;
    let bus = DBusProxy::new(&connection)?;
    // First listened, then asked: nothing falls in between.
    let changes = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)])?;
    tell(bus.name_has_owner(BusName::try_from(WATCHER)?)?);
    for change in changes {
        tell(change.args()?.new_owner().is_some());
    }
    Ok(())
}
