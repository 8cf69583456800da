/**
 * Builds `<watercolor-rig>` as one classic script, which `watercolor-rig export web` puts beside every rig.
 *
 * It lies in the repository, so that an export needs no Node; `--check` fails where it is not what the sources make.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "vite";

const ROOT = join(import.meta.dirname, "../..");
const SCRIPT = join(ROOT, "src/watercolor_rig/data/player/watercolor-rig.js");
const { version } = JSON.parse(readFileSync(join(ROOT, "player/package.json"), "utf8"));

const [{ output }] = await build({
  configFile: false,
  logLevel: "warn",
  root: join(ROOT, "player"),
  build: {
    write: false,
    target: "es2022",
    minify: true,
    lib: { entry: "src/web/index.ts", formats: ["iife"], name: "WatercolorRig" },
  },
});
const script = `/*! watercolor-rig player ${version}, MIT */\n${output[0].code.trim()}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(SCRIPT, "utf8") !== script) {
    console.error(
      "[!] src/watercolor_rig/data/player/watercolor-rig.js is not what player/src makes; run `make player`.",
    );
    process.exit(1);
  }
} else {
  mkdirSync(dirname(SCRIPT), { recursive: true });
  writeFileSync(SCRIPT, script);
}
