/** A simulated OBS, started for one test: the testkit's own program, which lies beside the server. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "@playwright/test";
import { BINARY } from "./real-server";

const PROGRAM = join(dirname(BINARY), `polychat-testkit${process.platform === "win32" ? ".exe" : ""}`);

export class SimObs {
	/** What was changed in it, a line each. */
	readonly done: string[] = [];
	address = "";

	private constructor(private readonly child: ChildProcess) {
		let rest = "";
		child.stdout?.on("data", (data: Buffer) => {
			const lines = (rest + String(data)).split("\n");
			rest = lines.pop() ?? "";
			for (const line of lines) {
				this.address ||= /^OBS listens at ws:\/\/(\S+)$/.exec(line)?.[1] ?? "";
				this.done.push(line);
			}
		});
	}

	static async start(...flags: string[]): Promise<SimObs> {
		if (!existsSync(PROGRAM)) throw new Error(`No simulated OBS at ${PROGRAM}. Build it with \`cargo build -p polychat-testkit\`.`);
		const sim = new SimObs(spawn(PROGRAM, ["obs", "--port", "0", ...flags], { stdio: ["pipe", "pipe", "inherit"] }));
		await expect.poll(() => sim.address).not.toBe("");
		return sim;
	}

	/** A person does something in it. */
	do(what: string): void {
		this.child.stdin?.write(`${what}\n`);
	}

	async stop(): Promise<void> {
		if (this.child.exitCode !== null) return;
		const gone = new Promise((done) => this.child.once("exit", done));
		this.child.kill("SIGKILL");
		await gone;
	}
}
