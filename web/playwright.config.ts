import { defineConfig } from "@playwright/test";
import { chromium } from "./e2e/support/chromium.js";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/support/begin.ts",
  globalTeardown: "./e2e/support/end.ts",
  // The tests of a file go through one story, in order, on a service of their own.
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: process.env.CI === "true",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  outputDir: "node_modules/.cache/e2e",
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    actionTimeout: 10_000,
    screenshot: "only-on-failure",
    launchOptions: chromium,
  },
});
