// Reads a chat and writes it to the console, until it is stopped:
//
//     node read-chat.mjs twitch some_channel
//
// Node 22 or newer, and nothing else (Node 20 needs --experimental-websocket). POLYCHAT names a server elsewhere.

const SERVER = process.env.POLYCHAT ?? "ws://127.0.0.1:7117/ws";
const [platform, identifier] = process.argv.slice(2);
if (!identifier) {
	console.error("Say whose chat: node read-chat.mjs twitch some_channel");
	process.exit(2);
}

let seq;
let pause = 500;
// Viewers write what they like; a console obeys some signs.
const plain = (text) => text.replace(/\p{Cc}/gu, " ");
const say = (text) => console.log(plain(text));

function connect() {
	const socket = new WebSocket(SERVER);
	socket.onopen = () => {
		const from = seq ? { since: seq } : { backlog: 20 };
		socket.send(JSON.stringify({ type: "subscribe", platform, identifier, include: ["events", "moderation"], wait: true, ...from }));
	};
	socket.onmessage = ({ data }) => take(JSON.parse(data));
	// Whichever comes first: when nobody answers, some versions of Node tell only one of them.
	socket.onclose = socket.onerror = () => {
		socket.onclose = socket.onerror = null;
		console.error(`No connection to ${SERVER}. Trying again in ${pause / 1000} s.`);
		setTimeout(connect, pause);
		pause = Math.min(pause * 2, 10_000);
	};
}

function take(frame) {
	if (frame.seq) seq = Math.max(seq ?? 0, frame.seq);
	const { data } = frame;
	switch (frame.type) {
		case "status":
			pause = 500;
			console.error(frame.message ?? frame.status);
			break;
		case "error":
			console.error(frame.error);
			break;
		case "chat":
			say(`${data.author.display_name}: ${data.content.raw}`);
			break;
		case "event":
			say(`* ${data.text}`);
			break;
		case "moderation":
			say(`- ${data.action} ${data.message_id ?? data.user_id ?? ""}`);
			break;
		case "gap":
			say(`- some messages are missing (${frame.missed ?? "too many to count"})`);
	}
}

connect();
