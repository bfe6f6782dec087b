import { expect, test, vi } from "vitest";
import page from "../../../../../docs/overlay.md?raw";
import { readLook, readQuery } from "../query";
import { loadLook } from "./builtin";
import { SIZES } from "./look";
import { LOOKS } from "./names";
import { type Control, DEFAULTS, GROUPS, SCHEMA } from "./schema";
import cases from "../../../../../crates/model/tests/golden/look-values.json";
import { exact, fromFile, fromSaved, readValue } from "./values";
import { builtInName, groupName, helpOf, labelOf, lookAbout, optionsOf } from "./words";

const controls: readonly Control[] = SCHEMA;
const names = controls.flatMap((c) => c.query.map((a) => a.name));
const looks = () => Promise.all(LOOKS.map(async (id) => (await loadLook(id))!));
const settings = async (search: string) => readQuery({ search, hash: "" }, await loadLook(readLook({ search }) ?? "classic")).settings;

test("every setting has one control, and every name in an address means one of them", () => {
	expect(new Set(controls.map((c) => c.id)).size).toBe(controls.length);
	expect(new Set(names.map((n) => n.toLowerCase())).size).toBe(names.length);
	expect(Object.keys(DEFAULTS).length).toBe(controls.length);
	for (const group of GROUPS) expect(groupName(group)).toMatch(/^[A-Z][^.]*$/);
	for (const c of controls) {
		expect(GROUPS).toContain(c.group);
		expect(labelOf(c), c.id).toMatch(/^[A-Z[]/);
		expect(helpOf(c), c.id).toMatch(/^(?:|[A-Z0].*\.)$/);
		if (c.type === "select") for (const { label } of optionsOf(c)) expect(label, c.id).toMatch(/^[A-Z][^.]*$/);
		if (c.showIf) expect(controls.map((o) => o.id)).toContain(c.showIf.id);
	}
});

test("a default is a value that could be chosen", () => {
	for (const c of controls) {
		if (c.type === "number" || c.type === "slider") expect(readValue(c, String(c.default)), c.id).toBe(c.default);
		if (c.type === "select") expect(readValue(c, c.default), c.id).toBe(c.default);
		if (c.type === "switch") expect(readValue(c, String(c.default)), c.id).toBe(c.default);
	}
});

test("the page about the address names everything that an address may say, and nothing else", () => {
	const table = page.slice(page.indexOf("What may follow in the address"));
	const told = new Set([...table.matchAll(/`([a-zA-Z0-9]+)(?:=[^`]*)?`/g)].map(([, name]) => name));
	expect([...names, "look", "demo", "backlog"].filter((name) => !told.has(name))).toEqual([]);
	const first = table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([a-zA-Z0-9]+)[`=]/g)].map(([, name]) => name!));
	expect(first.length).toBeGreaterThan(30);
	expect(first.filter((name) => ![...names, "look", "demo", "backlog"].includes(name))).toEqual([]);
});

test("the files of looks are those that are offered, and each is whole", async () => {
	expect(Object.keys(import.meta.glob("./builtin/*")).sort()).toEqual(LOOKS.map((id) => `./builtin/${id}.json`).sort());
	for (const look of await looks()) {
		expect(LOOKS).toContain(look.id);
		expect(builtInName(look.id)).toMatch(/^[A-Z][^.]*$/);
		expect(lookAbout(look)).toMatch(/^[A-Z].{20,140}\.$/);
		expect(Object.keys(SIZES)).toContain(look.shape);
		expect(Object.keys(fromFile(look.values)).sort(), look.id).toEqual(Object.keys(look.values).sort());
		for (const [id, value] of Object.entries(look.values)) {
			const control = controls.find((c) => c.id === id)!;
			if (control.type === "switch") expect(typeof value, `${look.id} ${id}`).toBe("boolean");
			if (control.type === "slider" || control.type === "number") expect(fromFile({ [id]: value }), `${look.id} ${id}`).toEqual({ [id]: value });
		}
	}
	expect((await looks()).map((l) => JSON.stringify([l.values, l.css])).filter((l, i, all) => all.indexOf(l) !== i)).toEqual([]);
});

test("rules of looks stay in the theme's layer, and ask nobody for anything", async () => {
	for (const { id, css = [] } of await looks()) {
		const text = css.join("\n");
		expect(text, id).not.toMatch(/!important|@import|@layer|url\(|<\//);
		// What closes the layer would end it.
		let depth = 0;
		for (const sign of text) {
			depth += sign === "{" ? 1 : sign === "}" ? -1 : 0;
			expect(depth, id).toBeGreaterThanOrEqual(0);
		}
		expect(depth, id).toBe(0);
	}
});

test("an address chooses a look, and what it says itself goes before it", async () => {
	expect(readLook({ search: "?twitch=luna&LOOK=Neon" })).toBe("neon");
	expect(readLook({ search: "?look=" })).toBeNull();
	expect(await settings("?look=sidebar")).toMatchObject({ compact: true, mark: "bar", fontSize: 16, plate: "#12151cf5" });
	expect(await settings("?look=sidebar&compact=0&source=icon&fontSize=24&background=none")).toMatchObject({ compact: false, mark: "icon", fontSize: 24, plate: null });
	expect(await settings("?look=events&onlytype=raids")).toMatchObject({ onlyKinds: new Set(["raid"]), limit: 3 });
	expect(await settings("?look=classic")).toEqual(DEFAULTS);
});

test.each(cases as [string, unknown, boolean, unknown][])("%s %j: what the server takes, and what is written in its place", (id, value, fits, written) => {
	const kept = exact(controls.find((c) => c.id === id)!, value);
	expect(kept ?? null).toEqual(written);
	// The server takes some texts in other words, too; whatever is written here it takes (the same file, in Rust).
	if (!fits) expect(kept).not.toBe(value);
});

test("what is saved asks nobody for anything, and is rules of no other place", () => {
	const css = (css: string) => fromSaved({ css }).css;
	expect(css("#message { background: url(https://evil.example/?x) }")).toBe('#message { background: url("data:,") }');
	for (const address of ["https://evil.example/a.css", "//evil.example/a.css", "/\\evil.example/a.css"]) expect(css(address), address).toBeNull();
	expect(css("/mine.css")).toBe("/mine.css");
});

test("an own look is the look that it was made of, with other values and more rules", async () => {
	const own = { id: "mine", name: "Mine", base: "neon", values: { fontSize: 30, surface: "#000000" }, css: "a {}" };
	const [mine, neon] = [(await loadLook("mine", [own]))!, (await loadLook("neon"))!];
	expect(mine).toEqual({ ...neon, id: "mine", values: { surface: "#000000", fontSize: 30 }, own });
	expect(readQuery({ search: "?scale=2", hash: "" }, mine, { fontSize: 40 }).settings).toMatchObject({ fontSize: 40, surface: "#000000", scale: 2 });
	const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
	expect(await loadLook("mine", [{ ...own, base: "../x" }])).toBeNull();
	warn.mockRestore();
});

test("what a file says in another form changes nothing", () => {
	expect(fromFile({ fontSize: "large", compact: "perhaps", plate: "red", mark: "none", limit: null, nothing: 1, badges: [], css: "" })).toEqual({});
	expect(fromFile(JSON.parse('{ "__proto__": { "compact": true } }') as Record<string, unknown>)).toEqual({});
	expect(fromFile({ fontSize: 1_000, limit: 2.4 })).toEqual({ fontSize: 96, limit: 2 });
});

test("a name that no look has is none", async () => {
	const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
	for (const name of ["neonn", "", "__proto__", "../../secret", "constructor"]) expect(await loadLook(name), name).toBeNull();
	expect(warn).toHaveBeenCalledTimes(5);
	warn.mockRestore();
});
