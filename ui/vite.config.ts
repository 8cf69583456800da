/** Builds the studio into the Python package, so that running it needs no Node. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env["STUDIO_SERVER"] ?? "http://127.0.0.1:5174";

export default defineConfig({
  plugins: [react()],
  base: "/",
  build: {
    outDir: "../src/watercolor_rig/server/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the page's content policy allows no data: scripts or styles
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: {
    port: 5175,
    proxy: { "/api": server, "/health": server, "/frames": server },
  },
  test: {
    environment: "jsdom",
    pool: "vmThreads", // a fresh page per file without starting jsdom each time
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
