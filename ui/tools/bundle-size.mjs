/** Fails when what a browser downloads to open the studio is more than it may be, gzipped. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 250;
const FOLDER = join(import.meta.dirname, "../../src/watercolor_rig/server/static");

const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const sizes = files.map((entry) => gzipSync(readFileSync(join(entry.parentPath, entry.name)), { level: 9 }).length);
const total = sizes.reduce((sum, size) => sum + size, 0) / 1000;

console.log(`[i] The studio's bundle: ${total.toFixed(1)} kB gzip of at most ${LIMIT_KB} kB, ${files.length} files`);
if (total > LIMIT_KB) {
  console.error(`[!] The bundle is ${(total - LIMIT_KB).toFixed(1)} kB too large; look for a heavy import.`);
  process.exit(1);
}
