import { expect, test } from "vitest";
import { bare, examine, fitting, isYoutubeCss } from "./examine";
import { fontsOf } from "./fonts";

const KNOWN: ReadonlySet<string> = new Set(["color", "background", "margin"]);
const browser = {
	declaration: (name: string, value: string) => KNOWN.has(name) && value !== "" && value !== "nonsense",
	selector: (selector: string) => !selector.includes("!!"),
	finds: (selector: string) => !selector.includes("lost"),
};
const look = (css: string) => examine(css, browser);
const told = (css: string) => look(css).problems.map(({ kind, line, text }) => `${line} ${kind} ${text}`);

test("what is understood is counted and not told", () => {
	const css = `@charset "utf-8";
@import url(https://fonts.example/css);
@layer a, b;
:root { --x: { odd; }; --y:; color: red !important }
@media (min-width: 1px) { @supports (color: red) { a, b:hover > c::before { color: red; margin: 0 } } }
@keyframes in { from { opacity: 0 } to { odd: 1 } }
@font-face { font-family: "A"; src: url(x) }
a { color: red; &:hover { color: red } b { color: red } @media print { color: red } }
a { -webkit-odd: 1; *zoom: 1; filter: progid:x(); color: red; }
<!-- a {} -->`;
	expect(told(css)).toEqual([]);
	expect(look(css).rules).toBe(9);
	expect(look("")).toEqual({ rules: 0, problems: [], lost: [], refused: [], isYoutube: false });
});

test("what does nothing is told with its line", () => {
	const css = `a { colr: red; color: nonsense }
a!! { color: red }
@madeup { a { color: red } }
color: red;
} b { color: red }
c { just words; color: red }
d { color: red`;
	expect(told(css)).toEqual([
		"1 declaration colr: red", "1 declaration color: nonsense", "2 selector a!!", "3 rule @madeup", "4 rule color: red", "5 stray }",
		"6 declaration just words", "7 unclosed d",
	]);
});

test("selectors that find nothing are told once each", () => {
	const report = look("#lost, #there { color: red }\n@media print { #lost:hover::after { color: red } }\n#lost { color: red }\n:is(#a, #b), #c { color: red }");
	expect(report.lost).toEqual([{ line: 1, text: "#lost" }, { line: 2, text: "#lost:hover::after" }]);
	expect(report.problems).toEqual([]);
});

test("a selector is asked for without what depends on a moment", () => {
	for (const [selector, expected] of [
		["#a:hover::before", "#a"], ["::-webkit-scrollbar", " *"], ["a > ::after", "a > *"], ["a:not(.b):nth-child(2n + 1):first-child", "a:not(.b)"],
		["a:first-child-of-mine", "a:first-child-of-mine"], [":host", ":host"], ["#a::part(b)", "#a"],
	] as const) expect(bare(selector), selector).toBe(expected);
});

test("what is told has a bound, and so has what is taken", () => {
	const report = look(`${"a { odd: 1 }\n".repeat(3_000)}${Array.from({ length: 300 }, (_, n) => `#lost${n} { color: red }`).join("\n")}`);
	expect([report.problems.length, report.lost.length, report.rules]).toEqual([50, 50, 3_300]);
	expect(look(`a { ${"x".repeat(500)} }`).problems[0]?.text).toHaveLength(80);
	expect(look("{".repeat(20_000)).problems.length).toBeLessThanOrEqual(50);
	expect(fitting("字".repeat(30_000))).toHaveLength(Math.floor((64 * 1024) / 3));
	expect(fitting("a")).toBe("a");
});

test("CSS for YouTube's chat is recognised by its elements", () => {
	expect(isYoutubeCss("yt-live-chat-text-message-renderer #message { color: red }")).toBe(true);
	expect(isYoutubeCss('/* yt-live-chat-app */ #message::before { content: "yt-live-chat-app" }')).toBe(false);
});

test("families are read from an address for fonts", () => {
	expect(fontsOf("https://fonts.googleapis.com/css?family=Roboto+Slab:400,700|Lato&subset=latin")).toEqual(["Roboto Slab", "Lato"]);
	expect(fontsOf("https://fonts.googleapis.com/css2?family=M+PLUS+1:wght@400&family=Noto+Sans+JP&display=swap")).toEqual(["M PLUS 1", "Noto Sans JP"]);
	for (const odd of ["https://a.example/x.css", "//", "http://[", "?family=<b>"]) expect(fontsOf(odd), odd).toEqual([]);
});
