//! When the pages' engine collects what their scripts have left.

/// Settings of `JavaScriptCore`, the engine's part for scripts. By itself it collects what has got old by a clock, which it sets by how
/// much it found the last time. Where it found nothing, as can be on a busy computer, the clock stands still: then a window grew
/// by 60 MiB a minute under twenty messages a second, to 250 MiB more than it needs (`WebKitGTK` 2.50; docs/PERFORMANCE.md). So
/// everything is looked at each time, and with every few MiB it is time. Pages have less than 10 MiB in use: that is soon done.
#[cfg(target_os = "linux")]
const SETTINGS: [(&str, &str); 2] = [("JSC_useGenerationalGC", "0"), ("JSC_largeHeapSize", "8388608")];

/// Lets it collect in time. Before GTK begins; what the person has set goes before.
#[cfg(target_os = "linux")]
pub(crate) fn collect_in_time() {
    for (name, value) in SETTINGS {
        if std::env::var_os(name).is_none()
            && let Err(error) = gtk::glib::setenv(name, value, false)
        {
            // It works without, with more memory.
            eprintln!("{name} cannot be set: {error}");
        }
    }
}

/// Windows and macOS have their own engines, which see to it themselves.
#[cfg(not(target_os = "linux"))]
pub(crate) fn collect_in_time() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_has_set_stays() {
        let [(all, _), (size, _)] = SETTINGS;
        gtk::glib::setenv(size, "33554432", true).unwrap();
        collect_in_time();
        assert_eq!(std::env::var(size).as_deref(), Ok("33554432"));
        assert_eq!(std::env::var(all).as_deref(), Ok("0"));
    }
}
