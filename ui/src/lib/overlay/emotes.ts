/** Emotes that do not move. Pure. */

/** Where the providers keep the still picture of a moving emote; other addresses stay. */
const STILL: readonly [RegExp, string][] = [
	[/^(https:\/\/static-cdn\.jtvnw\.net\/emoticons\/v2\/[^/]+)\/(?:default|animated)\//, "$1/static/"],
	[/^(https:\/\/d3aqoihi2n8ty8\.cloudfront\.net\/actions\/.*)\/animated\/(.*)\.gif$/, "$1/static/$2.png"],
	[/^(https:\/\/cdn\.7tv\.app\/emote\/[^/]+\/\dx)\.(webp|avif|gif)$/, "$1_static.webp"],
	[/^(https:\/\/cdn\.betterttv\.net\/emote\/[^/]+)\/(\dx)(?:\.\w+)?$/, "$1/static/$2.webp"],
	[/^(https:\/\/cdn\.frankerfacez\.com\/emote(?:icon)?\/\d+)\/animated\/(\d)(?:\.\w+)?$/, "$1/$2"],
];

/** The address of the picture that does not move, where one is known. */
export function stillUrl(url: string): string;
export function stillUrl(url: string | null): string | null;
export function stillUrl(url: string | null): string | null {
	for (const [moving, still] of STILL) if (url && moving.test(url)) return url.replace(moving, still);
	return url;
}
