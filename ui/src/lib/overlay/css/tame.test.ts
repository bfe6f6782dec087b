import { expect, test } from "vitest";
import { tame } from "./tame";
import { tokens } from "./tokens";

const HERE = 'url("data:,")';

test("what is no address stays letter by letter", () => {
	const css = `/* url(https://a.example) */ #message::after { content: "url(https://a.example) \\201C </style>"; color: #fff }\n@media (min-width: 10px) { a[href^="https://a"] { background: url( 'data:image/png;base64,AA==' ) } } b { filter: url(#f); c: url(data:x) }`;
	expect(tame(css)).toEqual({ css, refused: [] });
});

test.each([
	["a { b: url(https://evil.example/x) }", `a { b: ${HERE} }`],
	["a { b: URL( 'https://evil.example/x' ) }", `a { b: URL( "data:," ) }`],
	["a { b: url(\thttps://evil.example/x\n) }", `a { b: ${HERE} }`],
	["a { b: u\\72l(https://evil.example/x) }", `a { b: ${HERE} }`],
	["a { b: \\000075 r\\6C ('https://evil.example') }", `a { b: \\000075 r\\6C ("data:,") }`],
	["a { --b: url(//evil.example/x) }", `a { --b: ${HERE} }`],
	["a { b: url(/api/saved) }", `a { b: ${HERE} }`],
	["a { b: url(\\68ttps://evil.example) }", `a { b: ${HERE} }`],
	["a { b: url(https://evil.example/x", `a { b: ${HERE}`],
	["a { b: url(\"https://evil.example/x", `a { b: url("data:,"`],
	["a { b: url(/**/'https://evil.example') }", "a { b: url(/**/'https://evil.example') }"],
	["a { b: url('da\\\nta:x,', 'https://x') }", "a { b: url('da\\\nta:x,', 'https://x') }"],
	["a { b: image-set('https://evil.example/x' 1x) }", "a { b: refused('https://evil.example/x' 1x) }"],
	["a { b: -webkit-image-set(var(--x) 1x) }", "a { b: refused(var(--x) 1x) }"],
	["a { b: src(var(--x)) }", "a { b: refused(var(--x)) }"],
	["@font-face { src: url(https://evil.example/f.woff2) }", `@font-face { src: ${HERE} }`],
	["@import 'https://evil.example/a.css';", "@refused 'https://evil.example/a.css';"],
	["@IMP\\4fRT url(https://evil.example/a.css) layer(x); a {}", `@refused ${HERE} layer(x); a {}`],
	["<!-- @import url('https://evil.example'); -->", `<!-- @refused url("data:,"); -->`],
	["a { b: 1url(https://evil.example) }", "a { b: 1url(https://evil.example) }"],
])("%s", (css, expected) => {
	expect(tame(css).css).toBe(expected);
});

test("what was taken out is told once, with its place and its address", () => {
	const css = "@import url('https://fonts.example/css?family=A');\na { b: url(https://evil.example); c: image-set('x') }";
	expect(tame(css).refused).toEqual([
		{ kind: "import", start: 0, text: "https://fonts.example/css?family=A" },
		{ kind: "address", start: 58, text: "https://evil.example" },
		{ kind: "function", start: 88, text: "image-set" },
	]);
	expect(tame("a { b: url(x) } ".repeat(5_000)).refused).toHaveLength(100);
});

test("tokens together are the text, whatever is in it", () => {
	const odd = ["", "\\", "a\\", "\"a\nb", "'", "url(a b)", "url(a\"b)", "url( a )", "@", "#", "-", "--", "--x", "-\\", "/*", "/* a", "<!--", "-->", "1e3", "+.5px", "1.", ".", "\u0000", "字{}", "\\110000 ", "\\d800", "a\r\nb\fc", "😀: url(😀)"];
	for (const css of [...odd, odd.join(" "), odd.join("")]) {
		const all = [...tokens(css)];
		expect(all.map(({ start, end }) => css.slice(start, end)).join("")).toBe(css);
		for (const { start, end } of all) expect(end).toBeGreaterThan(start);
	}
});

test("a hostile text takes no longer than a long one", () => {
	for (const piece of ["url(", "\\", "\"", "/*", "@import ", "((((", "-", "url(a b ", "\\41 "]) {
		const css = piece.repeat(60_000 / piece.length);
		const begun = performance.now();
		tame(css);
		// Linear takes milliseconds; quadratic would take minutes.
		expect(performance.now() - begun, piece).toBeLessThan(5_000);
	}
});
