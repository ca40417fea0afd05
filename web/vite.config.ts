import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const service = process.env.DOSSIER_URL ?? "http://127.0.0.1:8080";
const proxy = { "/v1": { target: service } };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The service writes a nonce of its own here each time it sends the page.
  html: { cspNonce: "__CSP_NONCE__" },
  server: { proxy },
  preview: { proxy },
  build: {
    target: "es2024",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    // What the first screen needs comes in one piece, however many others use parts of it.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } },
    },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
