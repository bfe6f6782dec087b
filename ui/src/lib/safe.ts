/** Addresses from a chat are written by strangers: only these may reach the page. */

/** The address of a picture, or null unless it is https. */
export function imageUrl(url: string | null | undefined): string | null {
	return parsed(url, ["https:"]);
}

/** The address of a link, or null unless it is http or https and holds no name or password. */
export function linkUrl(url: string | null | undefined): string | null {
	return parsed(url, ["https:", "http:"]);
}

/** Longer addresses are nobody's picture or link. Chosen by hand. */
const MAX_URL = 2_048;

function parsed(url: string | null | undefined, schemes: readonly string[]): string | null {
	if (!url || url.length > MAX_URL) return null;
	try {
		const read = new URL(url);
		return schemes.includes(read.protocol) && !read.username && !read.password ? read.href : null;
	} catch {
		return null;
	}
}
