//! What brings Polychat to a server: container, compose files, scripts, service, workflows. They agree with each other, with
//! the documents and with the program, and do what they say, as far as that can be seen without a server.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod deploy {
    mod files;
    mod health;
    #[cfg(target_os = "linux")]
    mod image;
    #[cfg(unix)]
    mod proxies;
    #[cfg(target_os = "linux")]
    mod scripts;
    mod workflows;

    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use clap::CommandFactory;
    use polychat_server::Config;
    use serde_json::Value;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
    }

    fn text(name: &str) -> String {
        fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn yaml(name: &str) -> Value {
        serde_saphyr::from_str(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of all settings of the program in the environment.
    fn settings() -> BTreeSet<String> {
        let names = Config::command();
        let names = names.get_arguments().filter_map(|argument| argument.get_env());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    /// The port where none is set, as --help says.
    fn default_port() -> u16 {
        let command = Config::command();
        let port = command.get_arguments().find(|argument| argument.get_long() == Some("port")).unwrap();
        let help = port.get_help().unwrap().to_string();
        let (_, number) = help.split_once("[default: ").unwrap();
        number.split(',').next().unwrap().parse().unwrap()
    }

    fn is_name(c: char) -> bool {
        c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
    }

    /// The names that follow each `before` in a text.
    fn names_after(text: &str, before: &str) -> BTreeSet<String> {
        let found = text.match_indices(before).map(|(at, _)| &text[at + before.len()..]);
        let names = found.map(|rest| rest.chars().take_while(|c| is_name(*c)).collect::<String>());
        names.filter(|name| !name.is_empty()).collect()
    }

    /// A program of the system, if it is installed.
    #[cfg(unix)]
    fn find(name: &str) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
        folders.map(|folder: PathBuf| folder.join(name)).find(|file| file.is_file())
    }

    /// A folder that goes away with its value.
    #[cfg(unix)]
    struct Folder(PathBuf);

    #[cfg(unix)]
    impl Folder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("polychat-{name}-{}", std::process::id()));
            _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }
    }

    #[cfg(unix)]
    impl Drop for Folder {
        fn drop(&mut self) {
            _ = fs::remove_dir_all(&self.0);
        }
    }

    /// A running `polychat-server` on a free port of this computer, which ends with its value.
    struct Program {
        child: std::process::Child,
        port: u16,
    }

    impl Program {
        fn start(data_dir: &Path, arguments: &[&str]) -> Self {
            use std::io::{BufRead as _, BufReader};
            let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_polychat-server"));
            program.args(["--port", "0", "--data-dir"]).arg(data_dir).args(arguments);
            // Nobody outside is asked.
            for name in ["7TV", "7TV_EVENTS", "BTTV", "FFZ"] {
                program.env(format!("POLYCHAT_{name}_URL"), "off");
            }
            program.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
            let mut child = program.spawn().unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            let line = lines.find(|line| line.contains("runs at")).expect("it says where it listens");
            // Goes on reading, or the program would wait for us.
            std::thread::spawn(move || lines.for_each(drop));
            Self { child, port: line.rsplit(':').next().unwrap().trim().parse().unwrap() }
        }
    }

    impl Drop for Program {
        fn drop(&mut self) {
            _ = self.child.kill();
            _ = self.child.wait();
        }
    }
}
