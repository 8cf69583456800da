/** Builds the studio into the Python package, so that running it needs no Node. */
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import type { HtmlTagDescriptor, Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env["STUDIO_SERVER"] ?? "http://127.0.0.1:5174";

/** Lets the browser fetch the parts that the first script loads beside it, instead of after it. */
function preloadParts(): Plugin {
  return {
    name: "preload-parts",
    transformIndexHtml: {
      order: "post",
      handler: (_, { filename, bundle = {}, chunk: entry }) => {
        if (!filename.endsWith("index.html")) return [];
        const known = [entry?.fileName, ...(entry?.imports ?? [])];
        const start = Object.values(bundle).find(
          (file) => file.type === "chunk" && file.isDynamicEntry && file.name === "start",
        );
        if (start?.type !== "chunk") return [];
        return [start.fileName, ...start.imports].filter((name) => !known.includes(name)).map(preload);
      },
    },
  };
}

function preload(name: string): HtmlTagDescriptor {
  return { tag: "link", attrs: { rel: "modulepreload", href: `/${name}` }, injectTo: "head" };
}

/** The stage has a sheet of its own, which gives it no ground; the studio's one is put into every page that is built. */
function keepStageClear(): Plugin {
  return {
    name: "keep-stage-clear",
    transformIndexHtml: {
      order: "post",
      handler: (html, { filename }) =>
        filename.endsWith("stage.html") ? html.replace(/ *<link rel="stylesheet"[^>]*"\/assets\/[^>]*>\n?/g, "") : html,
    },
  };
}

export default defineConfig({
  plugins: [react(), preloadParts(), keepStageClear()],
  base: "/",
  build: {
    outDir: "../src/watercolor_rig/server/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the page's content policy allows no data: scripts or styles
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ["index.html", "stage.html"] },
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
