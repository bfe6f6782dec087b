/** The real server with its demo, started for one test file. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const BINARY =
	process.env.POLYCHAT_SERVER_BIN ??
	fileURLToPath(new URL(`../../target/debug/polychat-server${process.platform === "win32" ? ".exe" : ""}`, import.meta.url));
/** The tests ask nobody outside of this machine. */
const ALONE = { POLYCHAT_7TV_URL: "off", POLYCHAT_7TV_EVENTS_URL: "off", POLYCHAT_BTTV_URL: "off", POLYCHAT_FFZ_URL: "off" };
/** A server that has said nothing by then will not. */
const START_TIMEOUT_MS = 30_000;

export class RealServer {
	private constructor(
		readonly origin: string,
		/** What changes something; only looked up of a server that listens on more than this computer. */
		readonly token: string | undefined,
		private readonly child: ChildProcess,
		private readonly folder: string,
		private readonly flags: readonly string[],
	) {}

	/** Starts it with a folder of its own, on a free port unless one is named. */
	static async start(port = "0", flags: readonly string[] = []): Promise<RealServer> {
		return RealServer.#start(port, flags, await mkdtemp(join(tmpdir(), "polychat-e2e-")));
	}

	/** Ends it and starts it again, in the same place and with the same files. */
	async again(): Promise<RealServer> {
		await this.#end();
		return RealServer.#start(new URL(this.origin).port, this.flags, this.folder);
	}

	static async #start(port: string, flags: readonly string[], folder: string): Promise<RealServer> {
		if (!existsSync(BINARY)) throw new Error(`No server at ${BINARY}. Build it with \`cargo build -p polychat-server\`, or name one in POLYCHAT_SERVER_BIN.`);
		const child = spawn(BINARY, ["--demo", "--port", port, "--data-dir", folder, ...flags], {
			env: { ...ALONE, ...process.env },
			stdio: ["ignore", "pipe", "pipe"],
		});
		let said = "";
		const origin = await new Promise<string>((done, fail) => {
			const timer = setTimeout(() => fail(new Error(`The server named no address: ${said}`)), START_TIMEOUT_MS);
			const hear = (data: Buffer) => {
				said = (said + String(data)).slice(-10_000);
				const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
				// The last line that it prints when it starts.
				if (!address || !said.includes(flags.includes("--bind") ? " to change something" : " in a browser")) return;
				clearTimeout(timer);
				done(address);
			};
			child.stdout.on("data", hear);
			// Read, too, or a server that logs much would wait for us.
			child.stderr.on("data", (data) => (said = (said + String(data)).slice(-10_000)));
			child.once("exit", (code) => fail(new Error(`The server ended with ${code}: ${said}`)));
			child.once("error", fail);
		}).catch((error: unknown) => {
			child.kill("SIGKILL");
			throw error;
		});
		const token = flags.includes("--bind") ? (await readFile(join(folder, "access-key"), "utf8")).trim() : undefined;
		return new RealServer(origin, token, child, folder, flags);
	}

	async stop(): Promise<void> {
		await this.#end();
		await rm(this.folder, { recursive: true, force: true });
	}

	async #end(): Promise<void> {
		const gone = new Promise((done) => this.child.once("exit", done));
		if (this.child.exitCode === null) {
			this.child.kill();
			await gone;
		}
	}
}
