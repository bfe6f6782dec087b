/** Unit tests speak English. */
import { speak } from "./language";
import "./pages";

await speak("en", "overlay", "pages");
