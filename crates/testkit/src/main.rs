//! `polychat-testkit`: simulated platforms to try Polychat with, by hand and in benchmarks.

mod cli;

use clap::{Parser, Subcommand};

/// Simulated platforms that speak the real protocols and misbehave on request.
#[derive(Parser)]
#[command(version)]
struct Args {
    #[command(subcommand)]
    platform: Platform,
}

#[derive(Subcommand)]
enum Platform {
    /// The emotes of 7TV, BTTV and FrankerFaceZ on 127.0.0.1, with 7TV's live updates.
    Emotes(cli::emotes::Emotes),
    /// OBS's WebSocket server on 127.0.0.1.
    Obs(cli::obs::Obs),
    /// TikTok on 127.0.0.1: channels, the cookie of visitors, and the socket of live rooms.
    Tiktok(cli::tiktok::Tiktok),
    /// A Twitch chat server (IRC over WebSocket) on 127.0.0.1.
    Twitch(cli::twitch::Twitch),
    /// YouTube on 127.0.0.1: channels, streams, live chat and its push channel.
    Youtube(cli::youtube::Youtube),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Args::parse().platform {
        Platform::Emotes(args) => cli::emotes::run(args).await,
        Platform::Obs(args) => cli::obs::run(args).await,
        Platform::Tiktok(args) => cli::tiktok::run(args).await,
        Platform::Twitch(args) => cli::twitch::run(args).await,
        Platform::Youtube(args) => cli::youtube::run(args).await,
    }
}
