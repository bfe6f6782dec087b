/** Files as a browser has them: one that is downloaded, one that is chosen. */

/** More than everything that can be kept; the server has its own limit. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Lets the browser keep a text as a file. */
export function download(name: string, text: string, type = "application/json"): void {
	const url = URL.createObjectURL(new Blob([text], { type }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	// Browsers read it after the click.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The text of a file that is chosen, or null if none was, or none that can be ours. */
export function chooseText(): Promise<string | null> {
	return new Promise((done) => {
		const input = document.createElement("input");
		input.type = "file";
		input.accept = "application/json,.json";
		input.oncancel = () => done(null);
		input.onchange = () => {
			const file = input.files?.[0];
			if (!file || file.size > MAX_BYTES) return done(null);
			file.text().then(done, () => done(null));
		};
		input.click();
	});
}
