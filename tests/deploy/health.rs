//! `polychat-server health`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output};

use super::Program;

fn ask(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_polychat-server"));
    program.env_remove("PORT").envs(environment.iter().copied()).args(arguments).output().unwrap()
}

/// What it says and how it ends, when nothing is wrong.
fn is_well(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let answer = ask(arguments, environment);
    let said = String::from_utf8(answer.stdout).unwrap();
    assert_eq!(answer.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&answer.stderr));
    assert!(answer.stderr.is_empty() && said.lines().count() == 1, "one sentence: {said}");
    said
}

/// The same when something is.
fn is_not_well(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let answer = ask(arguments, environment);
    let said = String::from_utf8(answer.stderr).unwrap();
    assert_eq!(answer.status.code(), Some(1), "{said}");
    assert!(answer.stdout.is_empty() && said.lines().count() == 1, "one sentence: {said}");
    said
}

#[test]
fn a_running_polychat_is_well_wherever_its_port_is_named() {
    let folder = std::env::temp_dir().join(format!("polychat-health-{}", std::process::id()));
    let program = Program::start(&folder, &["--bind", "0.0.0.0"]);
    let port = program.port.to_string();
    for (arguments, environment) in [
        (&["health", "--port", &port][..], &[][..]),
        (&["--port", &port, "health"], &[]),
        (&["health"], &[("PORT", port.as_str())]),
        (&["health"], &[("PORT", port.as_str()), ("POLYCHAT_BIND", "0.0.0.0")]),
        (&["health", "--bind", "127.0.0.1"], &[("PORT", port.as_str()), ("POLYCHAT_BIND", "127.0.0.2")]),
    ] {
        let said = is_well(arguments, environment);
        let sentence = format!("runs at http://127.0.0.1:{port}: 0 channels, 0 clients.");
        assert!(said.trim_end().ends_with(&sentence), "{arguments:?}: {said}");
    }
    drop(program);
    let said = is_not_well(&["health", "--port", &port], &[]);
    assert!(said.contains(&format!("No Polychat answers at http://127.0.0.1:{port}")), "{said}");
    _ = std::fs::remove_dir_all(folder);
}

/// Another program, which answers every request with the same.
fn other(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if answer.is_empty() {
                // Listens and says nothing, until whoever asked has gone.
                _ = stream.read_to_end(&mut Vec::new());
            } else {
                _ = stream.read(&mut [0; 1024]);
                _ = stream.write_all(answer.as_bytes());
            }
        }
    });
    port
}

#[test]
fn another_program_on_the_port_is_no_polychat() {
    let ok = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    let report = r#"{"status":"bad","version":"1","activeStreams":0,"clients":0}"#;
    for (answer, reason) in [
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(), "it says 404 Not Found"),
        (format!("{ok}<html>"), "it says something else"),
        (format!("{ok}{report}"), "it says \"bad\""),
        (format!("{ok}{}", "x".repeat(2_000_000)), "limit"),
        ("SSH-2.0-OpenSSH_9\r\n".to_owned(), "invalid"),
        (String::new(), "did not answer within 3 seconds"),
    ] {
        let port = other(answer.clone().leak()).to_string();
        let said = is_not_well(&["health"], &[("PORT", port.as_str())]);
        assert!(said.contains(reason), "{answer:.60}: {said}");
    }
}

#[test]
fn any_port_is_no_port_to_ask_at() {
    let said = is_not_well(&["health", "--port", "0"], &[]);
    assert!(said.contains("--port"), "{said}");
}

#[test]
fn a_log_that_is_no_terminal_has_no_colours() {
    use std::io::{BufRead as _, BufReader};
    let folder = std::env::temp_dir().join(format!("polychat-log-{}", std::process::id()));
    let mut program = Command::new(env!("CARGO_BIN_EXE_polychat-server"));
    program.args(["--port", "0", "--data-dir"]).arg(&folder).env_remove("NO_COLOR");
    let mut child = program.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("listening"));
    child.kill().unwrap();
    child.wait().unwrap();
    _ = std::fs::remove_dir_all(folder);
    let line = line.expect("it says that it listens");
    assert!(line.contains("listening address=127.0.0.1:") && !line.contains('\u{1b}'), "{line:?}");
}
