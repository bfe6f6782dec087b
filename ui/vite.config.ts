import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The server that `npm run dev` talks to. */
const server = process.env.POLYCHAT_SERVER ?? "http://127.0.0.1:7117";

/** Of languages and of looks a page loads one: they are told apart by their names. */
function chunkFileNames({ facadeModuleId }: { facadeModuleId?: string | null }): string {
	const [, language, look] = /\/languages\/([\w-]+)\/\w+\.json|\/looks\/builtin\/([\w-]+)\.json/.exec(facadeModuleId ?? "") ?? [];
	if (language) return `assets/words-${language}-[hash].js`;
	return look ? `assets/look-${look}-[hash].js` : "assets/[name]-[hash].js";
}

export default defineConfig({
	plugins: [svelte()],
	resolve: {
		alias: { $lib: here("./src/lib"), $components: here("./src/components"), $icons: here("../icons") },
		// Vitest would otherwise pick the build of Svelte that renders on a server.
		conditions: process.env.VITEST ? ["browser"] : undefined,
	},
	build: {
		target: "es2022",
		// Nothing is inlined: the server's content security policy allows fonts and scripts from itself only.
		assetsInlineLimit: 0,
		rollupOptions: { input: { control: here("./index.html"), test: here("./test.html"), looks: here("./looks.html"), overlay: here("./overlay.html"), featured: here("./featured.html"), dock: here("./dock.html"), history: here("./history.html"), statistics: here("./statistics.html") }, output: { chunkFileNames } },
	},
	server: {
		fs: { allow: [here("..")] },
		proxy: { "/api": server, "/ws": { target: server, ws: true }, "/health": server },
	},
	test: {
		// Logic needs no document; a test of a component asks for one at its top.
		environment: "node",
		// It imports JSON as only bundlers allow.
		deps: { optimizer: { ssr: { enabled: true, include: ["@actions/languageservice"] } } },
		include: ["src/**/*.test.ts", "workflows/**/*.test.ts", "observer/**/*.test.ts"],
		setupFiles: [here("./src/lib/language/testing.ts")],
	},
});
