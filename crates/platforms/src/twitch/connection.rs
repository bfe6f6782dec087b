//! One connection to Twitch chat: says hello, keeps itself alive, and hands every line to the channel that it is for.
//!
//! It makes no decisions beyond its own socket: what it learns goes to the pool as a [`Report`].

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use metrics::counter;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;
use tracing::{debug, trace};

use super::frames::Lines;
use super::irc::Line;
use super::socket::{Loss, Socket, open};
use super::timings::Timings;

/// Lines that wait for the reader of one channel. The busiest chats send some 100 lines a second and the reader needs
/// microseconds for each, so this fills only when the hub does not take what was read.
pub(super) const LINES_PER_CHANNEL: usize = 256;

/// A line without an end is taken as whole when nothing follows for so long.
const REST: Duration = Duration::from_millis(50);

/// Twitch welcomes us within milliseconds. A server that does not is asked to join all the same after this time.
const NO_WELCOME: Duration = Duration::from_secs(2);

/// For the closing handshake. The other side may be gone.
const GOODBYE: Duration = Duration::from_millis(500);

/// How much of Twitch's own words is passed on to people.
const NOTICE_CHARS: usize = 200;

/// What a connection has to do.
#[derive(Debug)]
pub(super) enum Command {
    /// Join these with one JOIN; their lines go there.
    Join(Vec<(Arc<str>, mpsc::Sender<Box<str>>)>),
    /// Leave these.
    Part(Vec<Arc<str>>),
}

/// What a connection learned.
#[derive(Debug, PartialEq)]
pub(super) enum Report {
    /// Twitch has welcomed us, or never will.
    Ready,
    /// Twitch has repeated our JOIN. Where the state of the room does not follow, that has to do.
    Echoed(Arc<str>),
    /// The channel is joined. The room's id, if the line that proves it had one.
    Joined(Arc<str>, Option<Arc<str>>),
    /// Twitch does not let anybody, or us, into the channel; what it says.
    Refused(Arc<str>, String),
    /// Twitch put us out of the channel: it was renamed or closed.
    PutOut(Arc<str>),
    /// Twitch is about to close this connection and asks for another one.
    Retire,
    /// It is over.
    Lost(Loss),
}

/// Where reports go: the number of the connection and what it learned.
pub(super) type Reports = mpsc::Sender<(u64, Report)>;

/// Runs connection `number` until it is lost or `cancel` fires.
pub(super) async fn run(
    number: u64,
    address: String,
    timings: Timings,
    mut commands: mpsc::Receiver<Command>,
    reports: Reports,
    cancel: CancellationToken,
) {
    let nick = format!("justinfan{}", rand::random_range(1_000..1_000_000));
    let opened = tokio::select! {
        biased;
        () = cancel.cancelled() => return,
        opened = Box::pin(open(&address, timings.connect)) => opened,
    };
    let loss = match opened {
        Ok(socket) => {
            let mut connection = Connection {
                number,
                nick,
                socket,
                timings,
                reports: reports.clone(),
                routes: HashMap::new(),
                parting: HashMap::new(),
                ready: false,
                welcome: false,
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => {
                    // Politely, but nobody waits for an answer.
                    let _ = tokio::time::timeout(GOODBYE, connection.socket.close(None)).await;
                    return;
                }
                loss = connection.converse(&mut commands) => loss,
            }
        }
        Err(loss) => loss,
    };
    debug!(connection = number, cause = loss.cause, "lost a connection to Twitch chat");
    // An error means that the pool has ended meanwhile.
    let _ = reports.send((number, Report::Lost(loss))).await;
}

/// Where the lines of a channel go.
struct Route {
    lines: mpsc::Sender<Box<str>>,
    joined: bool,
    /// The reader did not take a line in time: nothing waits for it until it takes one again.
    stalled: bool,
}

struct Connection {
    number: u64,
    nick: String,
    socket: Socket,
    timings: Timings,
    reports: Reports,
    routes: HashMap<Arc<str>, Route>,
    /// Channels that we have left and whose echo has not come yet.
    parting: HashMap<Arc<str>, u32>,
    /// Commands are carried out.
    ready: bool,
    /// The server has said something that shows it is one.
    welcome: bool,
}

impl Connection {
    /// Talks until the connection is lost. Gives why.
    async fn converse(&mut self, commands: &mut mpsc::Receiver<Command>) -> Loss {
        let hello = format!("CAP REQ :twitch.tv/tags twitch.tv/commands\r\nNICK {}\r\n", self.nick);
        if let Err(loss) = self.write(hello).await {
            return loss;
        }
        let (mut lines, mut cut) = (Lines::default(), Vec::new());
        let begun = Instant::now();
        let (mut heard, mut pinged) = (begun, None::<Instant>);
        loop {
            let deadline = match pinged {
                _ if !self.ready => begun + NO_WELCOME.min(self.timings.welcome),
                _ if !self.welcome => begun + self.timings.welcome,
                Some(pinged) => pinged + self.timings.pong,
                None => heard + self.timings.silence,
            };
            let step = tokio::select! {
                biased;
                command = commands.recv(), if self.ready => match command {
                    Some(command) => self.carry_out(command).await,
                    None => return Loss::unavailable("Reading stopped."),
                },
                frame = self.socket.next() => {
                    (heard, pinged) = (Instant::now(), None);
                    match frame {
                        Some(Ok(frame)) => {
                            let read = read_frame(frame, &mut lines, &mut cut);
                            match read {
                                Ok(()) => self.hear(&mut cut).await,
                                Err(loss) => Err(loss),
                            }
                        }
                        Some(Err(error)) => Err(Loss::of_open_socket(&error)),
                        None => Err(Loss::of_open_socket(&Error::ConnectionClosed)),
                    }
                }
                () = tokio::time::sleep(REST), if lines.has_rest() => {
                    lines.rest(&mut cut);
                    self.hear(&mut cut).await
                }
                () = tokio::time::sleep_until(deadline) => {
                    if !self.ready {
                        self.be_ready().await;
                        Ok(())
                    } else if !self.welcome || pinged.is_some() {
                        return Loss::timeout("Twitch does not answer.");
                    } else {
                        pinged = Some(Instant::now());
                        self.write("PING :polychat\r\n".to_owned()).await
                    }
                }
            };
            if let Err(loss) = step {
                return loss;
            }
        }
    }

    async fn write(&mut self, text: String) -> Result<(), Loss> {
        match tokio::time::timeout(self.timings.write, self.socket.send(Message::text(text))).await {
            Ok(sent) => sent.map_err(|error| Loss::of_open_socket(&error)),
            Err(_) => Err(Loss::timeout("Twitch does not take what is sent to it.")),
        }
    }

    async fn report(&self, report: Report) {
        // Only the end of the pool is an error, and then this task is about to be cancelled.
        let _ = self.reports.send((self.number, report)).await;
    }

    async fn be_ready(&mut self) {
        if !std::mem::replace(&mut self.ready, true) {
            self.report(Report::Ready).await;
        }
    }

    async fn carry_out(&mut self, command: Command) -> Result<(), Loss> {
        match command {
            Command::Join(rooms) => {
                let line = channels("JOIN ", rooms.iter().map(|(login, _)| login));
                for (login, lines) in rooms {
                    self.routes.insert(login, Route { lines, joined: false, stalled: false });
                }
                self.write(line).await
            }
            Command::Part(logins) => {
                for login in &logins {
                    self.routes.remove(login);
                    *self.parting.entry(Arc::clone(login)).or_default() += 1;
                }
                self.write(channels("PART ", logins.iter())).await
            }
        }
    }

    async fn hear(&mut self, lines: &mut Vec<Box<str>>) -> Result<(), Loss> {
        for line in lines.drain(..) {
            self.hear_line(line).await?;
        }
        Ok(())
    }

    /// Acts on one line. Nothing in a line but Twitch's own refusals ends the connection.
    async fn hear_line(&mut self, text: Box<str>) -> Result<(), Loss> {
        // The tags are the larger part of a line, and only the reader of the channel needs them.
        let Some(line) = Line::parse(without_tags(&text)) else {
            counter!("polychat_upstream_broken_total", "platform" => "twitch").increment(1);
            return Ok(());
        };
        match line.command {
            "PRIVMSG" | "USERNOTICE" | "CLEARCHAT" | "CLEARMSG" | "ROOMSTATE" | "USERSTATE" => {
                let Some((login, _)) = line.channel().and_then(|login| self.routes.get_key_value(login)) else {
                    return Ok(());
                };
                let login = Arc::clone(login);
                self.welcome = true;
                let proof = matches!(line.command, "PRIVMSG" | "USERNOTICE");
                self.note_joined(&login, &text, proof).await;
                self.route(&login, text).await;
            }
            "NOTICE" => return self.hear_notice(text).await,
            "PING" => {
                let token = line.param(0).unwrap_or("tmi.twitch.tv").to_owned();
                return self.write(format!("PONG :{token}\r\n")).await;
            }
            "RECONNECT" => self.report(Report::Retire).await,
            "001" => {
                self.welcome = true;
                self.be_ready().await;
            }
            "CAP" if line.param(1) == Some("NAK") => {
                return Err(Loss::unavailable("Twitch refused to send messages with their details."));
            }
            "JOIN" if line.nick() == Some(&self.nick) => {
                // The echoes come in order: whatever we left before this JOIN has been answered.
                if let Some(login) = line.channel() {
                    self.parting.remove(login);
                    self.welcome = true;
                    if let Some((login, _)) = self.routes.get_key_value(login) {
                        let login = Arc::clone(login);
                        self.report(Report::Echoed(login)).await;
                    }
                }
            }
            "PART" if line.nick() == Some(&self.nick) => self.hear_part(line.channel().unwrap_or_default()).await,
            "PONG" | "CAP" | "JOIN" | "PART" | "002" | "003" | "004" | "353" | "366" | "372" | "375" | "376"
            | "MODE" | "WHISPER" | "HOSTTARGET" | "GLOBALUSERSTATE" => {}
            "421" => debug!(connection = self.number, "Twitch does not know a command that was sent"),
            _ => {
                // The command itself is not a label: a hostile server would make endless ones.
                counter!("polychat_upstream_unknown_total", "platform" => "twitch", "kind" => "command").increment(1);
                trace!(connection = self.number, "a line of an unknown kind");
            }
        }
        Ok(())
    }

    async fn hear_notice(&mut self, text: Box<str>) -> Result<(), Loss> {
        let Some(line) = Line::parse(&text) else { return Ok(()) };
        let Some(channel) = line.channel() else {
            // Before the welcome a NOTICE to nobody in particular is a refusal.
            return if self.welcome { Ok(()) } else { Err(Loss::unavailable("Twitch refused the login as a guest.")) };
        };
        let Some((login, _)) = self.routes.get_key_value(channel) else { return Ok(()) };
        let login = Arc::clone(login);
        match line.raw_tag("msg-id") {
            Some("msg_channel_suspended" | "tos_ban" | "msg_banned" | "msg_room_not_found" | "msg_channel_blocked") => {
                let text = line.text().unwrap_or_default().chars().filter(|c| !c.is_control());
                let text = text.take(NOTICE_CHARS).collect();
                if let Some(route) = self.routes.get_mut(&login) {
                    route.joined = false;
                }
                self.report(Report::Refused(login, text)).await;
            }
            _ => self.route(&login, text).await,
        }
        Ok(())
    }

    async fn hear_part(&mut self, channel: &str) {
        if let Some(waiting) = self.parting.get_mut(channel) {
            *waiting -= 1;
            if *waiting == 0 {
                self.parting.remove(channel);
            }
        } else if let Some((login, _)) = self.routes.get_key_value(channel) {
            let login = Arc::clone(login);
            if let Some(route) = self.routes.get_mut(&login) {
                route.joined = false;
            }
            self.report(Report::PutOut(login)).await;
        }
    }

    /// Reports a channel as joined at the first line with the room's id (ROOMSTATE, as a rule), or at the first message
    /// that people wrote: that, too, only comes to those who have joined.
    async fn note_joined(&mut self, login: &Arc<str>, text: &str, proof: bool) {
        let Some(route) = self.routes.get_mut(login) else { return };
        if route.joined {
            return;
        }
        let room_id = Line::parse(text).and_then(|line| line.tag("room-id").map(|id| Arc::from(id.as_ref())));
        if room_id.is_some() || proof {
            route.joined = true;
            self.report(Report::Joined(Arc::clone(login), room_id)).await;
        }
    }

    /// Hands a line to the reader of its channel.
    ///
    /// When [`LINES_PER_CHANNEL`] lines wait there, this waits, too, so that TCP slows Twitch down. All channels of the
    /// connection share that wait: after [`Timings::stall`] the line is dropped and counted, and the channel holds nobody
    /// up again until it has taken a line. Memory stays the same whatever a reader does.
    async fn route(&mut self, login: &str, text: Box<str>) {
        let Some(route) = self.routes.get_mut(login) else { return };
        let text = match route.lines.try_send(text) {
            Ok(()) => {
                route.stalled = false;
                return;
            }
            // The channel has been left; the pool is about to say so.
            Err(mpsc::error::TrySendError::Closed(_)) => return,
            Err(mpsc::error::TrySendError::Full(text)) => text,
        };
        if !route.stalled {
            if let Ok(Ok(()) | Err(_)) = tokio::time::timeout(self.timings.stall, route.lines.send(text)).await {
                return;
            }
            route.stalled = true;
            debug!(connection = self.number, channel = login, "the reader of a channel does not keep up");
        }
        counter!("polychat_upstream_dropped_total", "platform" => "twitch").increment(1);
    }
}

/// Adds the lines of a frame to `cut`.
fn read_frame(frame: Message, lines: &mut Lines, cut: &mut Vec<Box<str>>) -> Result<(), Loss> {
    let too_long = lines.too_long;
    match frame {
        Message::Text(text) => lines.push(&text, cut),
        // Twitch sends text only; what is readable in anything else is read all the same.
        Message::Binary(bytes) => lines.push(&String::from_utf8_lossy(&bytes), cut),
        Message::Close(_) => return Err(Loss::of_open_socket(&Error::ConnectionClosed)),
        Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
    }
    if lines.too_long > too_long {
        counter!("polychat_upstream_broken_total", "platform" => "twitch").increment(lines.too_long - too_long);
    }
    Ok(())
}

fn without_tags(text: &str) -> &str {
    match text.strip_prefix('@') {
        Some(tagged) => memchr::memchr(b' ', tagged.as_bytes()).map_or("", |space| &tagged[space + 1..]),
        None => text,
    }
    .trim_start_matches(' ')
}

fn channels<'a>(command: &str, logins: impl Iterator<Item = &'a Arc<str>>) -> String {
    let mut line = command.to_owned();
    for (index, login) in logins.enumerate() {
        line.push_str(if index == 0 { "#" } else { ",#" });
        line.push_str(login);
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_are_skipped_without_being_split() {
        assert_eq!(without_tags("@a=b;c=d  :x PRIVMSG #y :z"), ":x PRIVMSG #y :z");
        assert_eq!(without_tags("PING"), "PING");
        assert_eq!(without_tags("@a=b"), "");
    }

    #[test]
    fn several_channels_share_one_line() {
        let logins: [Arc<str>; 2] = ["a".into(), "b_1".into()];
        assert_eq!(channels("JOIN ", logins.iter()), "JOIN #a,#b_1\r\n");
    }
}
