// How the page's files are made: few, with names that stay, into the crate that serves them.
import { defineConfig } from "vite";
import { pages } from "./pages.ts";

export default defineConfig({
  // What the page is asked for at `/assets/…`, wherever it is mounted.
  base: "./",
  plugins: [pages()],
  build: {
    outDir: "../crates/coil-studio/page",
    emptyOutDir: true,
    target: "es2023",
    // The page's policy allows no `data:` addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One style sheet: what is loaded later must not make the page jump.
    cssCodeSplit: false,
    license: { fileName: "licenses.md" },
    // On this machine; what counts is what goes over the wire at first, which tests measure.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: { desk: "index.html", stream: "src/stream/stream.ts" },
      output: {
        entryFileNames: "assets/[name].js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/desk[extname]",
      },
    },
  },
});
