/** Where the studio starts in the browser: what the first picture needs is asked for before the rest is even loaded. */
import { askEarly } from "./app/early.ts";
import { placeOf } from "./app/place.ts";
import { pictures } from "./playback/pictures.ts";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const early = askEarly(placeOf(window.location.hash), (digest) => pictures.load(digest));
void import("./app/start.tsx").then(({ start }) => start(root, early));
