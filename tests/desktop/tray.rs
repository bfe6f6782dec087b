//! A tray without a panel: it takes the program's icon, reads its menu over the bus, and clicks in it.
#![allow(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::used_underscore_binding,
    reason = "the form of an interface of the bus"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::blocking::{Connection, Proxy, connection};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use super::driver::eventually;

/// Icons that registered: the name of their program on the bus, and their path.
type Icons = Arc<Mutex<Vec<(String, String)>>>;

/// The service that programs with an icon look for.
struct Watcher {
    icons: Icons,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let path = if service.starts_with('/') { service } else { "/StatusNotifierItem" };
        self.icons.lock().unwrap().push((sender, path.to_owned()));
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.icons.lock().unwrap().iter().map(|(sender, path)| format!("{sender}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// A node of a menu: its number, its properties, its children.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// A line of a menu.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    id: i32,
    pub(crate) label: String,
    pub(crate) enabled: bool,
}

/// The tray of one screen. It has to be there before the program starts.
pub(crate) struct Tray {
    bus: Connection,
    icons: Icons,
}

impl Tray {
    pub(crate) fn open(address: &str) -> Self {
        let icons = Icons::default();
        let watcher = Watcher { icons: Arc::clone(&icons) };
        let bus = connection::Builder::address(address)
            .unwrap()
            .serve_at("/StatusNotifierWatcher", watcher)
            .unwrap()
            .name("org.kde.StatusNotifierWatcher")
            .unwrap()
            .build()
            .unwrap();
        Self { bus, icons }
    }

    fn menu(&self) -> Option<Proxy<'static>> {
        let (program, path) = self.icons.lock().unwrap().last().cloned()?;
        let icon = Proxy::new(&self.bus, program.clone(), path, "org.kde.StatusNotifierItem").ok()?;
        let menu: OwnedObjectPath = icon.get_property("Menu").ok()?;
        Proxy::new_owned(self.bus.clone(), program, menu, "com.canonical.dbusmenu").ok()
    }

    /// The lines of the menu as they are now; none while there is no icon.
    fn read(&self) -> Vec<Line> {
        let Some(menu) = self.menu() else { return Vec::new() };
        let layout: zbus::Result<(u32, Node)> = menu.call("GetLayout", &(0_i32, -1_i32, Vec::<String>::new()));
        let mut lines = Vec::new();
        if let Ok((_, root)) = layout {
            gather(root, &mut lines);
        }
        lines
    }

    /// The line whose label begins so, which must come.
    pub(crate) async fn line(&self, label: &str) -> Line {
        eventually(&format!("a line {label:?} in the tray"), async || {
            tokio::task::block_in_place(|| self.read()).into_iter().find(|line| line.label.starts_with(label))
        })
        .await
    }

    /// Clicks the line whose label begins so.
    pub(crate) async fn click(&self, label: &str) {
        let line = self.line(label).await;
        assert!(line.enabled, "{} can be clicked", line.label);
        tokio::task::block_in_place(|| {
            let menu = self.menu().expect("the menu is there");
            // A program that ends over this may not answer.
            let _: zbus::Result<()> = menu.call("Event", &(line.id, "clicked", Value::from(""), 0_u32));
        });
    }
}

fn gather((id, properties, children): Node, lines: &mut Vec<Line>) {
    if let Some(label) = properties.get("label").and_then(|label| label.downcast_ref::<String>().ok()) {
        let enabled = properties.get("enabled").and_then(|is| is.downcast_ref::<bool>().ok()).unwrap_or(true);
        // An underline marks the key for a line.
        lines.push(Line { id, label: label.replace('_', ""), enabled });
    }
    for child in children {
        if let Ok(node) = Node::try_from(child) {
            gather(node, lines);
        }
    }
}
