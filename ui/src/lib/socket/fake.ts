/** A WebSocket for tests: opens, speaks and breaks when told. */

import type { Surroundings } from "./connection";

export class FakeSocket {
	readyState = 0;
	onopen: (() => void) | null = null;
	onmessage: ((message: { data: unknown }) => void) | null = null;
	onclose: (() => void) | null = null;
	/** Texts that the page sent. */
	readonly sent: string[] = [];

	send(text: string): void {
		this.sent.push(text);
	}
	close(): void {
		this.readyState = 3;
	}

	/** The server accepts. */
	accept(): void {
		this.readyState = 1;
		this.onopen?.();
	}
	/** The server says something. */
	say(...frames: object[]): void {
		for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
	}
	/** The network breaks. */
	break(): void {
		this.readyState = 3;
		this.onclose?.();
	}
	/** What the page asked for. */
	asked(): Record<string, unknown>[] {
		return this.sent.map((text) => JSON.parse(text) as Record<string, unknown>);
	}
}

/** Surroundings that hand out fake sockets; time is the test's. */
export function fakeAround(): Surroundings & { sockets: FakeSocket[] } {
	const sockets: FakeSocket[] = [];
	return {
		sockets,
		open: () => {
			const socket = new FakeSocket();
			sockets.push(socket);
			return socket as unknown as WebSocket;
		},
		random: () => 1,
		now: Date.now,
	};
}
