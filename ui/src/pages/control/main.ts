import "../../styles/fonts.css";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import { connect } from "$lib/backend/connect";
import { Control } from "$lib/control/control.svelte";
import ControlPage from "./ControlPage.svelte";

const page = document.getElementById("page");
if (page) mount(ControlPage, { target: page, props: { control: new Control(await connect()) } });
