import type overlay from "../../../languages/en/overlay.json";
import type pages from "../../../languages/en/pages.json";

declare module "i18next" {
	interface CustomTypeOptions {
		defaultNS: "pages";
		resources: { pages: typeof pages; overlay: typeof overlay };
	}
}
