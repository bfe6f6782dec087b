import { defineConfig } from "@playwright/test";

export default defineConfig({
	testDir: "e2e",
	// One browser at a time: the tests watch frames being painted.
	workers: 1,
	fullyParallel: false,
	forbidOnly: Boolean(process.env.CI),
	// Generous: a machine that also compiles is slow, and nothing here measures time.
	timeout: 120_000,
	expect: { timeout: 20_000 },
	reporter: [["list"]],
	outputDir: "test-results",
	use: {
		viewport: { width: 1280, height: 800 },
		colorScheme: "dark",
		trace: "retain-on-failure",
		launchOptions: {
			executablePath: process.env.POLYCHAT_CHROMIUM ?? "/usr/bin/chromium",
			args: [
				"--no-sandbox",
				"--disable-gpu",
				"--disable-quic",
				"--no-first-run",
				"--disable-background-networking",
				"--disable-component-update",
				"--disable-sync",
			],
		},
	},
});
