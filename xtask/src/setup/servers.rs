//! What the tests of `deploy/` and of the documents about servers try for real: proxies, and a reader of shell scripts. A test that
//! misses one says so.

use super::apt::Apt;
use crate::program;

/// Programs, with the packages that have them.
const PROGRAMS: [(&str, &str); 3] = [("nginx", "nginx-light"), ("caddy", "caddy"), ("shellcheck", "shellcheck")];

/// Installs them on machines of a CI only: these packages start servers, which nobody wants on a computer for work.
pub(super) fn set_up(apt: &mut Apt) {
    if !cfg!(target_os = "linux") || std::env::var_os("CI").is_none() || !apt.may_install() {
        return;
    }
    for (name, package) in PROGRAMS {
        if program::find(&[name]).is_none() && Apt::lacks(package) {
            apt.install(&[package]);
        }
    }
}
