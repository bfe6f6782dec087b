/** The words of pages. In a file of their own, so that overlays know nothing of them. */

import { addWords } from "./language";

addWords(import.meta.glob<Record<string, unknown>>("../../../languages/*/pages.json", { import: "default" }));
