//! Which copies of the program may replace themselves: those that are one file, or one folder, of the person's own. What a
//! package manager has installed is renewed by it.

use std::path::{Path, PathBuf};

use polychat_model::update::Renewal;
use tauri::utils::config::BundleType;

/// What is known of this copy.
#[derive(Debug, Clone)]
pub(super) struct Copy {
    /// The kind of package, which the packager writes into the program itself. Unknown where nobody has packed it, and in the
    /// zip that needs no installation.
    pub(super) package: Option<BundleType>,
    /// The program that runs.
    pub(super) program: PathBuf,
    /// The `AppImage` file, as its own beginning tells it.
    pub(super) appimage: Option<PathBuf>,
    /// Where that has unpacked or mounted itself.
    pub(super) appdir: Option<PathBuf>,
}

impl Copy {
    /// The one that runs.
    pub(super) fn this() -> Self {
        let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            package: tauri::utils::platform::bundle_type(),
            program: std::env::current_exe().unwrap_or_default(),
            appimage: folder("APPIMAGE"),
            appdir: folder("APPDIR"),
        }
    }

    /// Who renews it. `knows` says that a key and an address are built in.
    pub(super) fn renewal(&self, knows: bool) -> Renewal {
        match self.package {
            Some(BundleType::Deb | BundleType::Rpm) => Renewal::System,
            _ if !knows => Renewal::Nobody,
            Some(BundleType::AppImage) if self.is_appimage() => Renewal::Itself,
            Some(BundleType::Nsis) if self.is_installed() => Renewal::Itself,
            Some(BundleType::App) if self.is_app() => Renewal::Itself,
            _ => Renewal::Person,
        }
    }

    /// Whether the environment speaks of us. A program inherits these two from an `AppImage` that has started it: then they
    /// name somebody else's file.
    fn is_appimage(&self) -> bool {
        let (Some(appimage), Some(appdir)) = (&self.appimage, &self.appdir) else { return false };
        let real = |path: &Path| path.canonicalize().ok();
        let (Some(program), Some(appdir)) = (real(&self.program), real(appdir)) else { return false };
        appimage.is_absolute() && appimage.is_file() && appdir.parent().is_some() && program.starts_with(appdir)
    }

    /// Our installer lays its counterpart beside the program.
    fn is_installed(&self) -> bool {
        self.program.with_file_name("uninstall.exe").is_file()
    }

    /// Whether it lies in a folder as macOS starts it: not in the disk image, and not where macOS shows a copy of what was
    /// never moved out of the downloads.
    fn is_app(&self) -> bool {
        let mut above = self.program.ancestors().skip(1).filter_map(Path::file_name);
        let is_bundle = above.next().is_some_and(|name| name == "MacOS")
            && above.next().is_some_and(|name| name == "Contents")
            && above.next().is_some_and(|name| Path::new(name).extension().is_some_and(|end| end == "app"));
        let elsewhere = self.program.components().any(|part| part.as_os_str() == "AppTranslocation");
        is_bundle && !elsewhere && !self.program.starts_with("/Volumes")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn copy(package: Option<BundleType>, program: &Path) -> Copy {
        Copy { package, program: program.to_owned(), appimage: None, appdir: None }
    }

    #[test]
    fn what_the_system_has_installed_it_renews_whoever_started_it() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("Other.AppImage");
        fs::write(&other, "somebody else's").unwrap();
        for package in [BundleType::Deb, BundleType::Rpm] {
            let mut copy = copy(Some(package), Path::new("/usr/bin/polychat"));
            copy.appimage = Some(other.clone());
            copy.appdir = Some("/usr".into());
            assert_eq!((copy.renewal(true), copy.renewal(false)), (Renewal::System, Renewal::System));
        }
    }

    #[test]
    fn an_appimage_replaces_its_own_file_only() {
        let folder = tempfile::tempdir().unwrap();
        let appimage = folder.path().join("Polychat.AppImage");
        let mount = folder.path().join("mount");
        let program = mount.join("usr/bin/polychat");
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, "").unwrap();
        fs::write(&appimage, "").unwrap();
        let mut copy = copy(Some(BundleType::AppImage), &program);
        assert_eq!(copy.renewal(true), Renewal::Person, "unpacked by hand");
        copy.appimage = Some(appimage.clone());
        assert_eq!(copy.renewal(true), Renewal::Person);
        copy.appdir = Some(folder.path().join("elsewhere"));
        assert_eq!(copy.renewal(true), Renewal::Person, "no such folder");
        fs::create_dir(folder.path().join("elsewhere")).unwrap();
        assert_eq!(copy.renewal(true), Renewal::Person, "another AppImage has started it");
        copy.appdir = Some("/".into());
        assert_eq!(copy.renewal(true), Renewal::Person, "everything lies below that");
        copy.appdir = Some(mount);
        assert_eq!(copy.renewal(true), Renewal::Itself);
        assert_eq!(copy.renewal(false), Renewal::Nobody, "without a key");
        copy.appimage = Some("Polychat.AppImage".into());
        assert_eq!(copy.renewal(true), Renewal::Person, "no whole path");
        copy.appimage = Some(appimage.clone());
        fs::remove_file(&appimage).unwrap();
        assert_eq!(copy.renewal(true), Renewal::Person, "it is not there any more");
    }

    #[test]
    fn on_windows_only_what_the_installer_has_laid_out_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("polychat.exe");
        assert_eq!(copy(Some(BundleType::Nsis), &program).renewal(true), Renewal::Person, "carried somewhere else");
        fs::write(folder.path().join("uninstall.exe"), "").unwrap();
        assert_eq!(copy(Some(BundleType::Nsis), &program).renewal(true), Renewal::Itself);
        assert_eq!(copy(Some(BundleType::Nsis), &program).renewal(false), Renewal::Nobody);
        assert_eq!(copy(None, &program).renewal(true), Renewal::Person, "the zip without an installation");
    }

    #[test]
    fn on_macos_only_what_lies_where_it_was_moved_to_is_replaced() {
        let app = |program: &str| copy(Some(BundleType::App), Path::new(program)).renewal(true);
        assert_eq!(app("/Applications/Polychat.app/Contents/MacOS/polychat"), Renewal::Itself);
        assert_eq!(app("/opt/apps/Polychat.app/Contents/MacOS/polychat"), Renewal::Itself);
        for elsewhere in [
            "/Volumes/Polychat/Polychat.app/Contents/MacOS/polychat",
            "/private/var/folders/x/AppTranslocation/1/d/Polychat.app/Contents/MacOS/polychat",
            "/src/polychat/target/release/polychat",
            "polychat",
        ] {
            assert_eq!(app(elsewhere), Renewal::Person, "{elsewhere}");
        }
    }

    #[test]
    fn what_nobody_has_packed_is_left_alone() {
        let copy = copy(None, Path::new("/src/polychat/target/debug/polychat"));
        assert_eq!((copy.renewal(true), copy.renewal(false)), (Renewal::Person, Renewal::Nobody));
    }
}
