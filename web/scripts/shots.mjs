// Screenshots of every screen in a browser that is installed, for looking at, at three widths, light
// and dark. The names of screens leave out the others:
//   DOSSIER_PAGE=http://127.0.0.1:8080 DOSSIER_EMAIL=… DOSSIER_PASSWORD=… npm run shots [SCREEN…]
import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";
import { chromium as installed } from "../e2e/support/chromium.js";

const site = process.env.DOSSIER_PAGE ?? "http://127.0.0.1:8080";
const { DOSSIER_EMAIL: email = "", DOSSIER_PASSWORD: password = "" } = process.env;
const customer = process.env.DOSSIER_CUSTOMER ?? "Eleanor Hunt";
const sizes = { 1440: 900, 1024: 768, 390: 844 };
const tabs = [
  "overview",
  "interactions",
  "notes",
  "quotes",
  "tasks",
  "finance",
  "service",
  "referrals",
  "insight",
  "files",
  "audit",
];
const settings = [
  "people",
  "teams",
  "roles",
  "folders",
  "tokens",
  "webhooks",
  "organisation",
  "log",
];

mkdirSync("shots", { recursive: true });
const browser = await chromium.launch(installed);
const start = await browser.newContext({ baseURL: site });
const signedIn = await start.request.post("/v1/session", { data: { email, password } });
if (!signedIn.ok()) throw new Error(`${email} is not let in: ${await signedIn.text()}`);
const storageState = await start.storageState();
const me = await (await start.request.get("/v1/me")).json();
const query = `q=${encodeURIComponent(customer)}&limit=1`;
const found = await (await start.request.get(`/v1/customers?${query}`)).json();
const home = `/organizations/${me.organisation.id}`;
const record = `${home}/customers/${found.data[0].id}`;

const press = (key) => (page) => page.locator("body").press(key);
const more = (item) => async (page) => {
  await page.getByRole("main").getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
/** What each screen is called, where it is, and what is done there first. */
const screens = [
  ["list", `${home}/customers`],
  ["search-in-vain", `${home}/customers?q=zzzz`],
  ["dormant", `${home}/customers?show=dormant`],
  ...tabs.map((tab) => [tab, `${record}/${tab}`]),
  ["log", record, press("i")],
  ["new-customer", record, press("c")],
  ["palette", record, press("Control+k")],
  ["contact", record, more("Change contact data")],
  ["risk", record, more("Risk flags")],
  ["history", record, press("h")],
  ["tasks-page", `${home}/tasks`],
  ["rules", `${home}/rules`],
  ["new-rule", `${home}/rules/new`],
  ...settings.map((section) => [`settings-${section}`, `${home}/settings/${section}`]),
];
const asked = process.argv.slice(2);
const wanted = screens.filter(([name]) => asked.length === 0 || asked.includes(name));

for (const [width, height] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"]) {
    const viewport = { width: Number(width), height };
    const make = (state) =>
      browser.newContext({ viewport, colorScheme, storageState: state, baseURL: site });
    const shoot = async (context, name, place, first) => {
      const page = await context.newPage();
      page.on("console", (said) => said.type() === "error" && console.error(name, said.text()));
      page.on("pageerror", (error) => console.error(name, error));
      await page.goto(place);
      await page.getByRole("main").waitFor();
      await page.waitForTimeout(700);
      try {
        await first?.(page);
      } catch {
        console.error(`${name} at ${width}: not opened`);
      }
      await page.waitForTimeout(500);
      await page.screenshot({ path: `shots/${name}-${width}-${colorScheme}.png` });
      await page.close();
    };
    if (asked.length === 0 || asked.includes("sign-in")) {
      const stranger = await make(undefined);
      await shoot(stranger, "sign-in", "/sign-in");
      await stranger.close();
    }
    const context = await make(storageState);
    context.setDefaultTimeout(5000);
    for (const [name, place, first] of wanted) await shoot(context, name, place, first);
    await context.close();
  }
}
await browser.close();
