/** A file of its own, so that nothing is loaded of it until somebody has set a regular expression. */
export { RE2JS } from "re2js";
