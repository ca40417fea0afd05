// Screenshots of the page in a browser that is installed, for looking at:
//   DOSSIER_PAGE=http://127.0.0.1:4173 DOSSIER_EMAIL=… DOSSIER_PASSWORD=… npm run shots [TAB…]
import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";
import { chromium as installed } from "../e2e/support/chromium.js";

const page_ = process.env.DOSSIER_PAGE ?? "http://127.0.0.1:4173";
const { DOSSIER_EMAIL: email = "", DOSSIER_PASSWORD: password = "" } = process.env;
const search = process.env.DOSSIER_SEARCH ?? "";
const sizes = { 1440: 900, 1024: 768, 390: 844 };
const tabs = process.argv.slice(2);

mkdirSync("shots", { recursive: true });
const browser = await chromium.launch(installed);
const start = await browser.newContext();
await start.request.post(`${page_}/v1/session`, { data: { email, password } });
const storageState = await start.storageState();

for (const [width, height] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"]) {
    const viewport = { width: Number(width), height };
    const context = await browser.newContext({ viewport, colorScheme, storageState });
    const page = await context.newPage();
    page.on("console", (said) => said.type() === "error" && console.error(said.text()));
    page.on("pageerror", (error) => console.error(error));
    const shot = (name) =>
      page.screenshot({ path: `shots/${name}-${width}-${colorScheme}.png`, timeout: 10_000 });
    await page.goto(`${page_}/${search}`);
    await page.getByRole("list", { name: "Customers" }).getByRole("link").first().waitFor();
    if (Number(width) < 768) {
      await shot("list");
      await page.getByRole("list", { name: "Customers" }).getByRole("link").first().click();
    }
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForTimeout(700);
    await shot("overview");
    for (const tab of tabs) {
      await page.getByRole("link", { name: tab, exact: true }).click();
      await page.waitForTimeout(700);
      await shot(tab.replace(/\W+/g, "-").toLowerCase());
    }
    await context.close();
  }
}
await browser.close();
