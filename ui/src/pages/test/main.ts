import "../../styles/fonts.css";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import { openLanguage } from "$lib/language/page.svelte";
import TestPage from "./TestPage.svelte";

const page = document.getElementById("page");
if (page) {
	await openLanguage();
	mount(TestPage, { target: page });
}
