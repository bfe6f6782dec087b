/** The families that an address of a service for fonts asks for: `…/css?family=Roboto+Slab:400|Lato`. */

const MAX_FAMILIES = 10;

export function fontsOf(address: string): string[] {
	let url: URL;
	try {
		url = new URL(address, "https://nowhere.invalid");
	} catch {
		return [];
	}
	const families = url.searchParams.getAll("family").flatMap((all) => all.split("|"));
	const names = families.map((family) => family.split(":")[0]!.trim()).filter((name) => /^[\p{L}\p{N} _-]{1,64}$/u.test(name));
	return [...new Set(names)].slice(0, MAX_FAMILIES);
}
