/** The looks that come with Polychat, in the order in which they are offered; the first one is that of an overlay without a look. */
export { LOOKS } from "../../bindings/LookSchema";
