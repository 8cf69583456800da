/** Where the page at `/stage` starts. */
import { OnStage } from "./onStage.ts";

new OnStage(document.body, new URLSearchParams(window.location.search)).begin();
