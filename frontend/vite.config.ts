/** How the page is built, served while working on it, and tested. */
import { fileURLToPath } from "node:url"
import { tanstackRouter } from "@tanstack/router-plugin/vite"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vitest/config"

const platform = process.env.MYDOCKER_DEV_PLATFORM ?? "http://localhost:8000"

export default defineConfig({
  plugins: [tanstackRouter({ target: "react", autoCodeSplitting: true }), react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": platform, "/lti": platform } },
  build: {
    // No data: URIs and no inline scripts, so that the content security policy stays short.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  test: {
    environment: "jsdom",
    include: ["{src,desktop}/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test-setup.ts"],
    // Far more than a test takes: a machine that does other work too must not fail one.
    testTimeout: 60_000,
  },
})
