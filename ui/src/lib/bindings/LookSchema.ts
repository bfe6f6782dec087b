// This file was generated from crates/model/src/look/schema.rs. Do not edit it.

/** Everything that can be set about an overlay. */
export const LOOK_SCHEMA = [
	{"group":"text","id":"fontSize","type":"slider","default":20.0,"min":8.0,"max":96.0,"step":0.5,"unit":"px","query":[{"name":"fontSize"}]},
	{"group":"text","id":"scale","type":"slider","default":1.0,"min":0.5,"max":3.0,"step":0.05,"unit":"×","query":[{"name":"scale"}]},
	{"group":"text","id":"font","type":"font","default":null,"query":[{"name":"font"}]},
	{"group":"text","id":"weight","type":"select","default":"auto","options":["auto","400","500","600","700","800"],"query":[{"name":"weight"}]},
	{"group":"text","id":"ink","type":"colour","default":null,"query":[{"name":"color"}]},
	{"group":"text","id":"outline","type":"select","default":"auto","options":["auto","none","shadow","thin","medium","thick","thicker"],"query":[{"name":"outline"}],"showIf":{"id":"bubble","is":false}},
	{"group":"text","id":"smallCaps","type":"switch","default":false,"query":[{"name":"smallcaps"}]},
	{"group":"text","id":"surface","type":"colour","default":null,"query":[{"name":"surface"}]},
	{"group":"text","id":"lang","type":"text","form":"language","default":null,"query":[{"name":"lang"}]},
	{"group":"layout","id":"plate","type":"colour","default":null,"query":[{"name":"background"}]},
	{"group":"layout","id":"opacity","type":"slider","default":1.0,"min":0.0,"max":1.0,"step":0.05,"unit":"×","query":[{"name":"opacity"}]},
	{"group":"layout","id":"limit","type":"number","default":60.0,"min":1.0,"max":200.0,"step":1.0,"unit":"","query":[{"name":"limit"}]},
	{"group":"layout","id":"compact","type":"switch","default":false,"query":[{"name":"compact"}]},
	{"group":"layout","id":"bubble","type":"switch","default":false,"query":[{"name":"bubble"}]},
	{"group":"layout","id":"horizontal","type":"switch","default":false,"query":[{"name":"horizontal"}]},
	{"group":"layout","id":"reverse","type":"switch","default":false,"query":[{"name":"reverse"}]},
	{"group":"layout","id":"alignRight","type":"switch","default":false,"query":[{"name":"alignright"}],"showIf":{"id":"horizontal","is":false}},
	{"group":"layout","id":"rtl","type":"switch","default":false,"query":[{"name":"rtl"}]},
	{"group":"parts","id":"avatars","type":"select","default":"auto","options":["auto","on","off"],"query":[{"name":"noavatar","yes":"off","no":"on"}]},
	{"group":"parts","id":"badges","type":"switch","default":true,"query":[{"name":"nobadges","yes":false,"no":true}]},
	{"group":"parts","id":"times","type":"switch","default":false,"query":[{"name":"notime","yes":false,"no":true}]},
	{"group":"parts","id":"mark","type":"select","default":"icon","options":["icon","bar","off"],"query":[{"name":"hidesource","yes":"off"},{"name":"source"}]},
	{"group":"parts","id":"ticker","type":"switch","default":false,"query":[{"name":"ticker"}]},
	{"group":"parts","id":"emoteScale","type":"slider","default":1.0,"min":0.5,"max":3.0,"step":0.05,"unit":"×","query":[{"name":"emoteScale"}]},
	{"group":"parts","id":"bigEmotes","type":"switch","default":false,"query":[{"name":"bigemotes"}]},
	{"group":"parts","id":"stripLinks","type":"switch","default":false,"query":[{"name":"striplinks"}]},
	{"group":"motion","id":"hideAfter","type":"slider","default":0.0,"min":0.0,"max":3600.0,"step":0.5,"unit":"s","query":[{"name":"showtime","times":0.001},{"name":"hideAfter"}]},
	{"group":"motion","id":"animate","type":"switch","default":true,"query":[{"name":"animate"}]},
	{"group":"motion","id":"stillEmotes","type":"switch","default":false,"query":[{"name":"staticemotes"}]},
	{"group":"shown","id":"hideBots","type":"switch","default":true,"query":[{"name":"hideBots"}]},
	{"group":"shown","id":"prefixes","type":"text","form":"words","default":["!"],"query":[{"name":"hideCommands","yes":["!"],"no":[]},{"name":"excludeCommands","yes":["!"],"no":[]}]},
	{"group":"shown","id":"hiddenNames","type":"text","form":"names","default":[],"query":[{"name":"hidefrom"},{"name":"exclude"},{"name":"ignoreChatters"}]},
	{"group":"shown","id":"onlyNames","type":"text","form":"names","default":[],"query":[{"name":"onlyfrom"}]},
	{"group":"shown","id":"hiddenWords","type":"text","form":"words","default":[],"query":[{"name":"hidewords"}]},
	{"group":"shown","id":"patterns","type":"text","form":"lines","default":[],"query":[{"name":"hideregex"},{"name":"regex"}]},
	{"group":"shown","id":"onlyRoles","type":"text","form":"roles","default":[],"query":[{"name":"onlyroles"}]},
	{"group":"shown","id":"hiddenRoles","type":"text","form":"roles","default":[],"query":[{"name":"hideroles"}]},
	{"group":"shown","id":"hideLinks","type":"switch","default":false,"query":[{"name":"hidelinks"}]},
	{"group":"shown","id":"onlyFirst","type":"switch","default":false,"query":[{"name":"onlyfirst"}]},
	{"group":"shown","id":"minAmount","type":"number","default":0.0,"min":0.0,"max":10000.0,"step":0.01,"unit":"","query":[{"name":"minamount"}]},
	{"group":"shown","id":"delay","type":"slider","default":0.0,"min":0.0,"max":60.0,"step":1.0,"unit":"s","query":[{"name":"delay"}]},
	{"group":"shown","id":"featured","type":"select","default":"top","options":["top","middle","bottom","off"],"query":[{"name":"featured"}]},
	{"group":"shown","id":"onlyKinds","type":"text","form":"kinds","default":[],"query":[{"name":"onlytype"}]},
	{"group":"shown","id":"hiddenKinds","type":"text","form":"kinds","default":[],"query":[{"name":"hidetype"}]},
	{"group":"shown","id":"shownKinds","type":"text","form":"kinds","default":[],"query":[{"name":"showtype"}]},
	{"group":"shown","id":"blurred","type":"text","form":"platforms","default":[],"query":[{"name":"blur","yes":["youtube","tiktok","twitch"],"no":[]}]},
	{"group":"text","id":"css","type":"text","form":"css","default":null,"query":[{"name":"css"},{"name":"b64css"}]},
] as const;

/** The looks that come with Polychat, in the order in which they are offered; the first one is that of an overlay without a look. */
export const LOOKS = ["classic","bubbles","minimal","neon","glass","terminal","sidebar","ticker","events"] as const;

/** How many own looks are kept, and how long the parts of one may be: letters of its name, bytes of its CSS. */
export const LOOK_LIMITS = { looks: 40, name: 60, css: 65536 } as const;
