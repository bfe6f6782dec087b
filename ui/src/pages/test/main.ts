import "../../styles/fonts.css";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import TestPage from "./TestPage.svelte";

const page = document.getElementById("page");
if (page) mount(TestPage, { target: page });
