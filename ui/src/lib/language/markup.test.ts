/** Words that people read come from `ui/languages`: none stands in the code itself, none is missing there, none is left over. */

import { parse } from "svelte/compiler";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const sources = import.meta.glob<string>(["../../**/*.{svelte,ts}", "!../../**/*.test.ts", "!../../lib/bindings/**"], { query: "?raw", import: "default", eager: true });
const languages = import.meta.glob<Record<string, unknown>>("../../../languages/en/*.json", { import: "default", eager: true });
const nameOf = (path: string) => new URL(path, "file:///lib/language/").pathname.slice(1);
const code = Object.entries(sources).map(([path, source]) => [nameOf(path), source] as const);

/** Names, which are the same in every language, and keys as they stand on keyboards. */
const NAMES = /^(?:Polychat|OBS|YouTube|Twitch|TikTok|7TV|BTTV|FrankerFaceZ|Super (?:Chat|Sticker)|Hype Chat|Prime|CSS|Ctrl F|Num Enter|kB|B)$/;

/** Files whose words are not in the language files yet. A file that is done has to be taken off this list: the test says so. */
const TO_DO: readonly string[] = [];

/** Files that hold no words of ours: what is made up for previews and for tests, and names of fonts. */
const NO_WORDS = /^pages\/(?:overlay\/specimen\.ts|control\/drawer\/LookThumb\.svelte)$|^lib\/(?:overlay\/looks\/jchat|overlay\/made-up\/\w+|backend\/fake|socket\/fake|feed\/testing|language\/language)\.ts$|\.css$/;

/** Attributes and properties that people read or hear. */
const READ = /^(?:title|aria-label|aria-description|aria-roledescription|aria-valuetext|placeholder|alt|label|text|yes|nothing)$/;

type Node = { type: string; [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && typeof (value as Node).type === "string";
const isWord = (text: unknown): text is string => typeof text === "string" && /\p{L}{2,}/u.test(text) && !NAMES.test(text.trim());

/** Words in an expression, but not those that are compared, looked up, or handed to a function. */
function wordsIn(node: unknown): string[] {
	if (Array.isArray(node)) return node.flatMap(wordsIn);
	if (!isNode(node)) return [];
	switch (node.type) {
		case "Literal":
			return isWord(node.value) ? [node.value] : [];
		case "TemplateElement":
			return wordsIn({ type: "Literal", value: (node.value as { cooked: string }).cooked });
		case "ConditionalExpression":
			return wordsIn([node.consequent, node.alternate]);
		case "LogicalExpression":
			return wordsIn([node.left, node.right]);
		case "BinaryExpression":
			return node.operator === "+" ? wordsIn([node.left, node.right]) : [];
		case "TemplateLiteral":
			return wordsIn([...(node.quasis as unknown[]), ...(node.expressions as unknown[])]);
		default:
			return [];
	}
}

/** Words that stand in the markup. */
function wordsOfMarkup(node: unknown): string[] {
	if (Array.isArray(node)) return node.flatMap(wordsOfMarkup);
	if (!isNode(node)) return [];
	switch (node.type) {
		case "Text":
			return isWord(node.data) ? [node.data.trim()] : [];
		case "ExpressionTag":
			return wordsIn(node.expression);
		case "Attribute": {
			if (!READ.test(node.name as string)) return [];
			const parts = Array.isArray(node.value) ? node.value : [node.value];
			return parts.flatMap((part) => (isNode(part) && part.type === "Text" ? (isWord(part.data) ? [part.data] : []) : isNode(part) ? wordsIn(part.expression) : []));
		}
		case "StyleSheet":
		case "Comment":
			return [];
	}
	const under = ["attributes", "fragment", "nodes", "consequent", "alternate", "body", "fallback", "pending", "then", "catch"];
	return under.flatMap((name) => wordsOfMarkup(node[name]));
}

/** Names of keys, as events have them. */
const KEY = /^(?:Arrow(?:Up|Down|Left|Right)|Page(?:Up|Down)|Home|End|Enter|Escape|Delete|Backspace|Tab|Control|Shift|Alt|Meta|Super|Ctrl|Bearer|POST|GET)$/;

/** Sentences in a script, but not those for programmers: of errors, the console, and whatever is not shown. In a component also
 * single words that begin with a capital. */
function sentencesOfScript(source: string, alone: boolean): string[] {
	const found: string[] = [];
	const look = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isThrowStatement(node) || ts.isTypeNode(node)) return;
		if (ts.isCallExpression(node) && /^(?:t|console\.\w+|matchMedia|expect)$/.test(node.expression.getText())) return;
		if (ts.isBinaryExpression(node) && /^[!=]==?$/.test(node.operatorToken.getText())) return;
		const text = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node) ? node.text : "";
		// One word alone is a name in the code; a sentence has a capital and a space, or ends.
		if (alone && /^\p{Lu}\p{Ll}+$/u.test(text) && !NAMES.test(text) && !KEY.test(text)) found.push(text);
		if (/^\s?\p{Lu}\p{L}* .*\p{L}/u.test(text) || /\p{L}{2,} .*\p{L}[.?:]$/u.test(text)) if (!NAMES.test(text)) found.push(text);
		ts.forEachChild(node, look);
	};
	look(ts.createSourceFile("script.ts", source, ts.ScriptTarget.Latest, true));
	return found;
}

function wordsOf(name: string, source: string): string[] {
	if (NO_WORDS.test(name)) return [];
	if (!name.endsWith(".svelte")) return sentencesOfScript(source, false);
	const { fragment } = parse(source, { modern: true });
	const script = /<script[^>]*>([\s\S]*?)<\/script>/.exec(source)?.[1] ?? "";
	return [...wordsOfMarkup(fragment), ...sentencesOfScript(script, true)];
}

describe("words in the code", () => {
	test.each(code.filter(([name]) => !TO_DO.includes(name)))("there are none in %s", (name, source) => {
		expect(wordsOf(name, source)).toEqual([]);
	});

	test.each(TO_DO)("there are some in %s, or it is done and not on the list", (name) => {
		const [, source] = code.find(([n]) => n === name) ?? [];
		expect(source, "the file is gone: take it off the list").toBeDefined();
		expect(wordsOf(name, source ?? "")).not.toEqual([]);
	});

	test("are found wherever people read or hear them", () => {
		const shown = `<script lang="ts">const a = "One."; const why = "Twelve";</script>
			<p title="Two">Three {a ? "Four" : t("x")}</p><Button label={a === "no" ? \`Five \${a}\` : "x"} kind="six" /><style>p { color: red; }</style>
			{#if a}<b aria-label="Seven">{a}</b>{:else}Eight{/if}{#each [1] as n (n)}Nine{:else}Ten{/each}{#snippet s()}Eleven{/snippet}Polychat`;
		expect(wordsOf("x.svelte", shown)).toEqual(["Two", "Three", "Four", "Five ", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"]);
	});
});

/** Keys with their namespace and without their form of number. */
function keysOf(words: Record<string, unknown>, path: string): string[] {
	return Object.entries(words).flatMap(([key, value]) => (typeof value === "string" ? [path + key.replace(/_(?:zero|one|two|few|many|other)$/, "")] : keysOf(value as Record<string, unknown>, `${path}${key}.`)));
}

describe("keys", () => {
	const known = new Set(Object.entries(languages).flatMap(([path, words]) => keysOf(words, /overlay\.json$/.test(path) ? "overlay:" : "pages:")));
	const full = (key: string) => (key.includes(":") ? key : `pages:${key}`);
	/** As they are asked for: a key, or a pattern where a part is chosen. */
	const asked = code.flatMap(([name, source]) => [...source.matchAll(/\bt\(\s*(?:"([^"]+)"|`([^`]+)`)/g)].map(([, key, pattern]) => ({ name, key, pattern })));

	test("are there, every one that is asked for", () => {
		expect(asked.length).toBeGreaterThan(100);
		const missing = asked.filter(({ name, key }) => key !== undefined && !known.has(full(key)) && name !== "lib/language/language.ts");
		expect(missing).toEqual([]);
	});

	test("are all asked for", () => {
		const whole = code.map(([, source]) => source).join("\n");
		const patterns = asked.flatMap(({ pattern }) => (pattern ? [new RegExp(`^${full(pattern).replace(/[.]/g, "\\.").replace(/\$\{[^}]*\}/g, "\\w+")}$`)] : []));
		const unused = [...known].filter((key) => {
			const written = key.replace(/^pages:/, "");
			return !whole.includes(`"${written}"`) && !patterns.some((p) => p.test(key));
		});
		expect(unused).toEqual([]);
	});
});
