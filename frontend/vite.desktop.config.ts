/** Builds the page of desktops: small, on the origin of an environment, apart from the application. */
import { fileURLToPath } from "node:url"
import { defineConfig } from "vite"

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here("./desktop"),
  publicDir: false,
  resolve: { alias: { "@": here("./src") } },
  build: {
    // The edge serves it from here; the application is built before it and empties its own folder.
    outDir: here("./dist/desktop"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
})
