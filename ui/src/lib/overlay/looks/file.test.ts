import { expect, test } from "vitest";
import { type ReadLook, readLookFile, writeLook } from "./file";

const MINE = { name: "My neon 字", base: "neon", values: { fontSize: 22, outline: "thick", plate: "none", prefixes: "!, $" }, css: "#message { color: red }\n" };
const read = (file: unknown) => readLookFile(typeof file === "string" ? file : JSON.stringify(file), "Unnamed") as ReadLook;

test("a look comes out of its file as it went in", () => {
	expect(read(writeLook(MINE))).toEqual({ look: MINE, notes: [], noted: 0 });
});

test("what cannot be taken is told, one by one, and the rest is taken", () => {
	const { look, notes } = read(JSON.parse(`{ "polychatLook": 1, "name": "  \\u0000 ", "base": "aurora", "css": 7, "more": 1,
		"values": { "fontSize": 1000, "plate": "red", "glow": [1], "css": "a{}", "__proto__": { "compact": true }, "compact": true, "limit": "30" } }`));
	expect(look).toEqual({ name: "Unnamed", base: "classic", values: { fontSize: 96, compact: true, limit: 30 }, css: "" });
	expect(notes.map((note) => [note.kind, "control" in note ? note.control.id : "name" in note ? note.name : ""])).toEqual([
		["base", "aurora"], ["name", ""], ["changed", "fontSize"], ["value", "plate"], ["setting", "glow"], ["setting", "css"], ["setting", "__proto__"], ["changed", "limit"], ["css", ""],
	]);
	expect(Object.getPrototypeOf(look.values)).toBe(Object.prototype);
});

test("addresses in rules are told before the look is taken", () => {
	const { look, notes } = read({ ...MINE, polychatLook: 1, css: "@import 'https://evil.example/a.css'; #a { background: url(https://evil.example/b) }" });
	expect(notes).toEqual([{ kind: "address", text: "https://evil.example/a.css" }, { kind: "address", text: "https://evil.example/b" }]);
	expect(look.css).toContain("@import");
});

test("what is no look of ours is not read", () => {
	for (const file of ["", "{", "null", "[]", "7", "{}", '{"polychatLook":"1"}', '{"polychatLook":0}', '{"polychat":1,"saved":{}}']) expect(readLookFile(file, "x"), file).toBe("noFile");
	expect(readLookFile('{"polychatLook":2}', "x")).toBe("newer");
	expect(readLookFile(" ".repeat(2_000_000), "x")).toBe("tooLarge");
});

test("a hostile file is bounded", () => {
	const values = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${"k".repeat(70)}${n}`, "v"]));
	const { look, notes, noted } = read({ polychatLook: 1, name: "x".repeat(500), base: "neon", values: { ...values, font: "f".repeat(9_000), hiddenNames: "n".repeat(5_000) }, css: "a".repeat(70_000) });
	expect([notes.length, noted, look.name.length, look.css]).toEqual([20, 5_003, 60, ""]);
	expect(look.values).toEqual({});
});
