//! Packages of Debian and its relatives.

use std::process::Command;

use crate::program;

pub(super) struct Apt {
    /// Words before `apt-get`, or `None` where we may not install.
    before: Option<&'static [&'static str]>,
    updated: bool,
}

impl Apt {
    pub(super) fn new() -> Self {
        let before: Option<&[&str]> = if program::find(&["apt-get"]).is_none() {
            None
        } else if program::output(program::command("id").arg("-u")).as_deref() == Some("0") {
            Some(&[])
        } else if program::output(program::command("sudo").args(["-n", "true"])).is_some() {
            Some(&["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"])
        } else {
            None
        };
        Self { before, updated: false }
    }

    /// Tries to install packages. Whether it helped is for the caller to look at.
    pub(super) fn install(&mut self, packages: &[&str]) {
        let Some(before) = self.before else { return };
        if !self.updated {
            self.updated = true;
            tell(program::run(apt_get(before).args(["update", "--quiet"])));
        }
        let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
        tell(program::run(apt_get(before).args(install).args(packages)));
    }

    /// Whether packages are managed by dpkg here, and this one is not there.
    pub(super) fn lacks(package: &str) -> bool {
        program::find(&["dpkg-query"]).is_some()
            && program::output(program::command("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]))
                .is_none_or(|status| status != "installed")
    }

    /// Whether we may install at all.
    pub(super) fn may_install(&self) -> bool {
        self.before.is_some()
    }
}

fn apt_get(before: &[&str]) -> Command {
    let Some((first, rest)) = before.split_first() else { return program::command("apt-get") };
    let mut command = program::command(first);
    command.args(rest).arg("apt-get");
    command
}

/// A failure is not the end: the sentence about what is missing follows.
fn tell(result: anyhow::Result<()>) {
    if let Err(error) = result {
        eprintln!("{error:#}");
    }
}
