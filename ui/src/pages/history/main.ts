import "../../styles/fonts.css";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import { sentence } from "$lib/backend/backend";
import { connect } from "$lib/backend/connect";
import { Control } from "$lib/control/control.svelte";
import { openLanguage } from "$lib/language/page.svelte";
import Unready from "../control/Unready.svelte";
import HistoryPage from "./HistoryPage.svelte";

const page = document.getElementById("page");
if (page) {
	await openLanguage();
	const place = await connect().catch((error: unknown) => sentence(error));
	if (typeof place === "string") mount(Unready, { target: page, props: { why: place } });
	else mount(HistoryPage, { target: page, props: { control: new Control(place) } });
}
