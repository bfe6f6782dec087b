//! `cargo xtask`: sets up, runs, tests, measures and packs Polychat with one command each, on Linux, macOS and Windows.

mod bench;
mod bindings;
mod checks;
mod latest;
mod licences;
mod notes;
mod package;
mod place;
mod program;
mod renewal;
mod run;
mod setup;
mod test;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use setup::Needs;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Sets up, runs, tests, measures and packs Polychat.")]
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
    /// Build what people install, in the release profile
    Package(package::Options),
    /// List whose work a program is made of, with the terms
    Licences(licences::Options),
    /// Print what the changelog says of a version
    Notes {
        /// The version, which has to be that of Cargo.toml
        version: String,
    },
    /// Print what a release tells the programs that look for a newer version
    Latest(latest::Options),
    /// Set up what `run` needs, and nothing else
    Setup,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Run { arguments } => run::run(&arguments),
        Task::Test(options) => test::test(&options),
        Task::Bench { subject, arguments } => bench::bench(subject, &arguments),
        Task::Package(options) => package::package(&options),
        Task::Licences(options) => licences::licences(&options),
        Task::Notes { version } => notes::notes(&version),
        Task::Latest(options) => latest::latest(&options),
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
