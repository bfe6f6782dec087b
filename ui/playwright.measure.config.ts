import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

/** What measures, and asserts nothing. Without traces, which cost time themselves. */
export default defineConfig(tests, { testMatch: "**/*.measure.ts", use: { trace: "off" } });
