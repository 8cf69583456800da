/** Builds the studio into the Python package, so that running it needs no Node. */
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env["STUDIO_SERVER"] ?? "http://127.0.0.1:5174";

/** Lets the browser fetch the parts that the first script loads beside it, instead of after it. */
function preloadParts(): Plugin {
  return {
    name: "preload-parts",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) =>
        Object.values(bundle).flatMap((file) =>
          file.type === "chunk" && file.isDynamicEntry && file.name === "start"
            ? [{ tag: "link", attrs: { rel: "modulepreload", href: `/${file.fileName}` }, injectTo: "head" as const }]
            : [],
        ),
    },
  };
}

export default defineConfig({
  plugins: [react(), preloadParts()],
  base: "/",
  build: {
    outDir: "../src/watercolor_rig/server/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the page's content policy allows no data: scripts or styles
    modulePreload: { polyfill: false },
    cssCodeSplit: false, // one sheet, named in the page: it is there before the first script draws
  },
  worker: { format: "es" },
  server: {
    fs: { allow: [".."] }, // the player lies beside this folder
    port: 5175,
    proxy: { "/api": server, "/health": server, "/frames": server },
  },
  // the player, which the page is built from, is tested with the tools that are installed here
  resolve: { alias: [{ find: /^(vitest|fast-check)$/, replacement: resolve(import.meta.dirname, "node_modules/$1") }] },
  test: {
    environment: "jsdom",
    pool: "vmThreads", // a fresh page per file without starting jsdom each time
    include: ["src/**/*.test.{ts,tsx}", "../player/tests/**/*.test.ts"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
