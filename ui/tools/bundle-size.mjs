/** Fails when what a browser downloads is more than it may be, gzipped: the studio's page, and the player of characters. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const PACKAGE = join(import.meta.dirname, "../../src/watercolor_rig");
const LIMITS = [
  { what: "The studio's bundle", folder: join(PACKAGE, "server/static"), limitKb: 250 },
  { what: "The player's script", folder: join(PACKAGE, "data/player"), limitKb: 25 },
];

for (const { what, folder, limitKb } of LIMITS) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map((entry) => gzipSync(readFileSync(join(entry.parentPath, entry.name)), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0) / 1000;

  console.log(`[i] ${what}: ${total.toFixed(1)} kB gzip of at most ${limitKb} kB, files: ${files.length}`);
  if (total > limitKb) {
    console.error(`[!] ${what} is ${(total - limitKb).toFixed(1)} kB too large; look for a heavy import.`);
    process.exitCode = 1;
  }
}
