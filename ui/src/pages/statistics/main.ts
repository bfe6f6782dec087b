import "../../styles/fonts.css";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import { sentence } from "$lib/backend/backend";
import { connect } from "$lib/backend/connect";
import { openLanguage } from "$lib/language/page.svelte";
import Unready from "../control/Unready.svelte";
import StatisticsPage from "./StatisticsPage.svelte";

const page = document.getElementById("page");
if (page) {
	await openLanguage();
	const place = await connect().catch((error: unknown) => sentence(error));
	if (typeof place === "string") mount(Unready, { target: page, props: { why: place } });
	else mount(StatisticsPage, { target: page, props: { place } });
}
