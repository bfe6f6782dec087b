import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../backend/fake";
import type { Rehearse } from "../bindings/Rehearse";
import { EVENT_NAMES, MESSAGE_NAMES } from "../overlay/made-up/samples";
import { GROUPS } from "./studio-groups";
import { Studio } from "./studio.svelte";

describe("the test studio", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("has one button for everything that can be made up", () => {
		const names = GROUPS.flatMap(({ samples }) => samples).map((s) => ("of" in s ? `${s.kind} ${s.of}` : s.kind));
		expect(names.toSorted()).toEqual([...MESSAGE_NAMES.map((n) => `said ${n}`), ...EVENT_NAMES.map((n) => `event ${n}`)].toSorted());
	});

	it("clears the overlay that it has shown something on, also when it is about another one by then", async () => {
		const backend = new FakeBackend();
		let overlay = "main";
		const studio = new Studio(backend, () => overlay, () => undefined);
		studio.setReal(true);
		studio.play({ kind: "event", of: "raid" });
		await vi.advanceTimersByTimeAsync(0);
		studio.play({ kind: "next" });
		overlay = "side";
		studio.setReal(false);
		studio.setReal(true);
		studio.play({ kind: "event", of: "follow" });
		await vi.advanceTimersByTimeAsync(2_000);
		const asked = backend.asked.filter(([command]) => command === "rehearse").map(([, request]) => request as Rehearse);
		expect(asked).toEqual([
			{ overlay: "main", samples: [{ kind: "event", of: "raid" }] },
			{ overlay: "main", samples: [{ kind: "over" }] },
			{ overlay: "side", samples: [{ kind: "event", of: "follow" }] },
		]);
	});
});
