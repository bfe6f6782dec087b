//! `cargo xtask`: sets up, runs, tests and measures Polychat with one command each, on Linux, macOS and Windows.

mod bench;
mod bindings;
mod checks;
mod place;
mod program;
mod run;
mod setup;
mod test;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use setup::Needs;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Sets up, runs, tests and measures Polychat.")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

/// The commands. `tests/repository.rs` reads their names here and looks for them in the documents.
#[derive(Subcommand)]
enum Task {
    /// Set everything up and run Polychat, without a window if there is no screen or with --headless; what follows are its
    /// own arguments, such as --demo
    #[command(disable_help_flag = true)]
    Run {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },
    /// Set everything up and run every check there is
    Test(test::Options),
    /// Measure, in the release profile
    Bench {
        /// What to measure
        #[arg(value_enum, default_value_t = bench::Subject::All)]
        subject: bench::Subject,
        /// Arguments of the benchmark itself
        #[arg(last = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },
    /// Set up what `run` needs, and nothing else
    Setup,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Run { arguments } => run::run(&arguments),
        Task::Test(options) => test::test(&options),
        Task::Bench { subject, arguments } => bench::bench(subject, &arguments),
        Task::Setup => setup::setup(Needs::default()).and_then(|tools| ui::build_if_stale(&tools)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
