// Screenshots of every screen in a browser that is installed, for looking at, at three widths, light
// and dark. It adds records to the demo, so it is for a copy. The names of screens leave out the
// others:
//   DOSSIER_PAGE=http://127.0.0.1:8080 DOSSIER_EMAIL=… DOSSIER_PASSWORD=… npm run shots [SCREEN…]
// DOSSIER_LANGUAGE=vi speaks Vietnamese, DOSSIER_DIR=rtl reads from the right, DOSSIER_WIDTHS=390
// leaves out the other widths, DOSSIER_SCHEMES=dark the light ones, DOSSIER_AXE=1 has axe look too.
import { mkdirSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "@playwright/test";
import { chromium as installed } from "../e2e/support/chromium.js";
import { addRecords } from "./shots-records.mjs";
import { screensOf } from "./shots-screens.mjs";

const site = process.env.DOSSIER_PAGE ?? "http://127.0.0.1:8080";
const { DOSSIER_EMAIL: email = "", DOSSIER_PASSWORD: password = "" } = process.env;
const { DOSSIER_LANGUAGE: language = "en", DOSSIER_DIR: dir, DOSSIER_AXE: axe } = process.env;
const customer = process.env.DOSSIER_CUSTOMER ?? "Eleanor Hunt";
const widths = process.env.DOSSIER_WIDTHS?.split(",") ?? ["1440", "1024", "390"];
const schemes = process.env.DOSSIER_SCHEMES?.split(",") ?? ["light", "dark"];
const heights = { 1440: 900, 1024: 768, 390: 844 };
const like = [language === "en" ? "" : `-${language}`, dir ? `-${dir}` : ""].join("");

mkdirSync("shots", { recursive: true });
const browser = await chromium.launch(installed);
const start = await browser.newContext({ baseURL: site });
const signedIn = await start.request.post("/v1/session", { data: { email, password } });
if (!signedIn.ok()) throw new Error(`${email} is not let in: ${await signedIn.text()}`);
const storageState = await start.storageState();
const me = await (await start.request.get("/v1/me")).json();
const query = `q=${encodeURIComponent(customer)}&limit=1`;
const found = await (await start.request.get(`/v1/customers?${query}`)).json();
const eleanor = found.data[0].id;
const records = await addRecords(start.request, site, eleanor);
const screens = screensOf(`/organizations/${me.organisation.id}`, { eleanor, ...records });
const asked = process.argv.slice(2);
const wanted = screens.filter(([name]) => asked.length === 0 || asked.includes(name));

for (const width of widths) {
  for (const colorScheme of schemes) {
    const viewport = { width: Number(width), height: heights[width] ?? 900 };
    const make = async (state) => {
      const isPhone = viewport.width < 768;
      const hands = { isMobile: isPhone, hasTouch: isPhone };
      const options = { viewport, colorScheme, storageState: state, baseURL: site, ...hands };
      const context = await browser.newContext({ ...options, bypassCSP: true });
      await context.addInitScript(speak, { language, dir });
      context.setDefaultTimeout(5000);
      return context;
    };
    const [context, stranger] = [await make(storageState), await make(undefined)];
    for (const [name, place, first, isForStrangers] of wanted) {
      await shoot(isForStrangers ? stranger : context, `${name}-${width}-${colorScheme}${like}`, {
        place,
        first,
      });
    }
    await context.close();
    await stranger.close();
  }
}
await browser.close();

function speak({ language, dir }) {
  localStorage.setItem("dossier-language", language);
  if (dir === undefined) return;
  const turn = () => {
    if (document.documentElement.dir !== dir) document.documentElement.dir = dir;
  };
  new MutationObserver(turn).observe(document, { attributes: true, subtree: true });
}

async function shoot(context, name, { place, first }) {
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(name, error));
  try {
    if (first?.before) await first.before(page);
    await page.goto(place);
    await page.getByRole("main").waitFor();
    await rest(page);
    await first?.(page);
    await rest(page);
  } catch (error) {
    console.error(`${name} was not opened: ${error.message.split("\n")[0]}`);
  }
  await page.screenshot({ path: `shots/${name}.png` });
  await look(page, name);
  await page.close();
}

/** Until nothing is loading any more. */
async function rest(page) {
  await page.waitForTimeout(350);
  await page.locator("[role=status][aria-label]").first().waitFor({ state: "detached" });
  await page.waitForTimeout(150);
}

/** What can be told without eyes: sideways scroll, headings and landmarks, small targets, axe. */
async function look(page, name) {
  for (const fault of await page.evaluate(faults)) console.error(`${name}: ${fault}`);
  if (!axe) return;
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, nodes } of violations) {
    for (const { html } of nodes.slice(0, 3))
      console.error(`${name}: ${id}: ${html.slice(0, 160)}`);
  }
}

function faults() {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways by ${root.scrollWidth}`);
  const titles = [...document.querySelectorAll("h1")].filter(seen).length;
  if (titles !== 1) found.push(`${titles} h1`);
  const mains = [...document.querySelectorAll("main")].filter(
    (main) => seen(main) || [...main.children].some(seen),
  ).length;
  if (mains !== 1) found.push(`${mains} main`);
  const least = innerWidth < 768 ? 44 : 24;
  const controls =
    "button, [role=button], [role=checkbox], input:not([type=file]), select, textarea";
  for (const one of document.querySelectorAll(controls)) {
    if (!seen(one)) continue;
    const target = one.closest("label") ?? one;
    const bounds = target.getBoundingClientRect();
    const around = getComputedStyle(one, "::after");
    const isWidened = around.content === '""' && around.position === "absolute";
    const width = isWidened
      ? Math.max(bounds.width, Number.parseFloat(around.width))
      : bounds.width;
    const height = isWidened
      ? Math.max(bounds.height, Number.parseFloat(around.height))
      : bounds.height;
    if (width <= 1 || (width >= least && height >= least)) continue;
    const what = one.getAttribute("aria-label") ?? one.textContent.trim() ?? one.id;
    found.push(`${Math.round(width)}x${Math.round(height)}: ${one.tagName} ${what.slice(0, 40)}`);
  }
  return [...new Set(found)].slice(0, 8);
}
