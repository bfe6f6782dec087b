/** Unit tests speak English. */
import { speak } from "./language";

await speak("en", "overlay", "pages");
