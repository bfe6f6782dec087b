import { expect, it } from "vitest";
import { imageUrl, linkUrl } from "./safe";

it("lets only https pictures through", () => {
	expect(imageUrl("https://cdn.example/a.png")).toBe("https://cdn.example/a.png");
	for (const bad of ["http://cdn.example/a.png", "javascript:alert(1)", "data:image/svg+xml,<svg/>", "//cdn.example/a.png", "/a.png", "https://user:pw@cdn.example/a.png", "", null, `https://a.example/${"x".repeat(3_000)}`]) {
		expect(imageUrl(bad), String(bad).slice(0, 40)).toBeNull();
	}
});

it("lets only http and https links through", () => {
	expect(linkUrl("http://a.example")).toBe("http://a.example/");
	for (const bad of ["javascript:alert(1)", " javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "a.example"]) {
		expect(linkUrl(bad), bad).toBeNull();
	}
});
