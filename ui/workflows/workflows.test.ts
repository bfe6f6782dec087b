// GitHub's own judgement of the workflows, from the library behind its editors: keys, contexts, functions, needs.
import { validate } from "@actions/languageservice";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";

const folder = fileURLToPath(new URL("../../.github/workflows/", import.meta.url));

let judged = 0;

/** What is wrong with a workflow, each with its line. */
async function faults(name: string, text: string): Promise<string[]> {
	// It remembers files by their names, so no two have the same.
	judged += 1;
	const found = await validate(TextDocument.create(`file:///${judged}/${name}`, "yaml", 1, text), {});
	return found.map(({ message, range }) => `${name}:${range.start.line + 1}: ${message}`);
}

const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));

test("there are workflows to judge", () => expect(names).toContain("test.yml"));

test.each(names)("%s is as GitHub wants it", async (name) => {
	expect(await faults(name, readFileSync(folder + name, "utf8"))).toEqual([]);
});

describe("what is wrong is found", () => {
	const good = ["on: push", "jobs:", "  first:", "    runs-on: ubuntu-24.04", "    steps:", "      - run: echo ${{ github.sha }}", ""];
	const inPlaceOf = (line: number, text: string) => good.with(line, text).join("\n");

	test("nothing in a good one", async () => expect(await faults("a.yml", good.join("\n"))).toEqual([]));
	test.each([
		["an unknown key", inPlaceOf(5, "      - run: echo\n        wit: {}"), "Unexpected value 'wit'"],
		["an unknown context", inPlaceOf(5, "      - run: echo ${{ githubb.sha }}"), "Unrecognized named-value: 'githubb'"],
		["an unknown function", inPlaceOf(5, "      - run: echo ${{ uppercase(github.sha) }}"), "Unrecognized function: 'uppercase'"],
		["a right that there is not", inPlaceOf(3, "    runs-on: ubuntu-24.04\n    permissions:\n      content: read"), "Unexpected value 'content'"],
		["a job that needs one that there is not", inPlaceOf(3, "    runs-on: ubuntu-24.04\n    needs: zeroth"), "no dependencies"],
	])("%s", async (_, text, message) => {
		expect((await faults("a.yml", text)).join("\n")).toContain(message);
	});
});
