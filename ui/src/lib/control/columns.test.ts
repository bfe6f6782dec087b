// @vitest-environment jsdom
import { beforeEach, expect, it } from "vitest";
import { Columns, MAX_COLUMNS, siftFromQuery, siftOf, siftQuery, written } from "./columns.svelte";
import { EVERYTHING, isEverything } from "./sift";

beforeEach(() => localStorage.clear());

it("keeps what each column shows for the next time, and no more of them than may be", () => {
	const columns = new Columns();
	for (let i = 0; i < 5; i++) columns.add();
	expect(columns.more).toHaveLength(MAX_COLUMNS - 1);
	expect(columns.full).toBe(true);
	const [first, second] = columns.more;
	expect(written(first!.sift)).toEqual({ platforms: [], kinds: ["paid", "events"] });
	columns.change(second!.id, { ...EVERYTHING, platforms: new Set(["twitch"] as const), words: ["gone with the page"] });
	columns.remove(first!.id);
	expect(new Columns().more.map((c) => written(c.sift))).toEqual([{ platforms: ["twitch"], kinds: [] }]);
});

it("bears whatever is kept or stands in an address", () => {
	for (const odd of [null, 7, "x", { platforms: "twitch", kinds: [{}] }, { kinds: ["<b>"] }]) expect(isEverything(siftOf(odd))).toBe(true);
	localStorage.setItem("polychat columns", '[{"kinds":["paid","nonsense"]},3,4,5]');
	expect(new Columns().more.map((c) => written(c.sift))).toEqual([{ platforms: [], kinds: ["paid"] }, { platforms: [], kinds: [] }]);
	const sift = siftOf({ platforms: ["tiktok", "youtube"], kinds: ["first"] });
	expect(siftQuery(sift)).toBe("platforms=youtube%2Ctiktok&kinds=first");
	expect(written(siftFromQuery(`?${siftQuery(sift)}`))).toEqual(written(sift));
	expect(isEverything(siftFromQuery("?kinds=%00&platforms=myspace"))).toBe(true);
});
