/** What docs/languages.md says, done: a language is added to a copy of our files, and spoken. */

import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

const ui = fileURLToPath(new URL("../../../", import.meta.url));
let copy = "";

/** Arabic, which has six forms of number and runs from right to left. Its sentences are the English ones, marked. */
function translated(words: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(words).flatMap(([key, value]): [string, unknown][] => {
			if (typeof value !== "string") return [[key, translated(value as Record<string, unknown>)]];
			if (key.endsWith("_one")) return [];
			if (!key.endsWith("_other")) return [[key, `«${value}»`]];
			return ["zero", "one", "two", "few", "many", "other"].map((form) => [key.replace("_other", `_${form}`), `«${form} ${value}»`]);
		}),
	);
}

beforeAll(async () => {
	await mkdir(join(ui, "test-results"), { recursive: true });
	copy = await mkdtemp(join(ui, "test-results", "third-language-"));
	await cp(join(ui, "languages"), join(copy, "languages"), { recursive: true });
	await cp(join(ui, "src/lib/language"), join(copy, "src/lib/language"), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
	// 1. The files of English, translated.
	await mkdir(join(copy, "languages/ar"));
	for (const file of await readdir(join(copy, "languages/en"))) {
		const words = JSON.parse(await readFile(join(copy, "languages/en", file), "utf8")) as Record<string, unknown>;
		await writeFile(join(copy, "languages/ar", file), JSON.stringify(translated(words)));
	}
	// 2. Its name, in its own words.
	const module = join(copy, "src/lib/language/language.ts");
	const code = await readFile(module, "utf8");
	const added = code.replace(/export const LANGUAGES = \{ (.*) \} as const;/, 'export const LANGUAGES = { $1, ar: "العربية" } as const;');
	expect(added).not.toBe(code);
	await writeFile(module, added);
});

afterAll(() => rm(copy, { recursive: true, force: true }));

test("a language is there with its files and one line", async () => {
	const server = await createServer({ root: copy, configFile: false, logLevel: "error", server: { middlewareMode: true, hmr: false, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } });
	try {
		const { LANGUAGES, directionOf, languageOf, language, speak, t } = (await server.ssrLoadModule("/src/lib/language/language.ts")) as typeof import("./language");
		await server.ssrLoadModule("/src/lib/language/pages.ts");
		expect(Object.values(LANGUAGES)).toContain("العربية");
		const arabic = languageOf(["ar-EG", "en"]);
		await speak(arabic, "overlay", "pages");
		expect([language(), directionOf(arabic)]).toEqual(["ar", "rtl"]);
		expect(t("unready.again")).toBe("«Try again»");
		expect(t("overlay:viewers", { count: 2 })).toMatch(/^«two .* viewers»$/);
		expect(t("overlay:viewers", { count: 11 })).toMatch(/^«many .* viewers»$/);
	} finally {
		await server.close();
	}
});
