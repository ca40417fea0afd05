import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { header, open, rows, tab } from "./support/page";
import { expect, test } from "./support/test";

const SETTINGS = [
  "People",
  "Teams",
  "Roles",
  "Folders",
  "Tokens",
  "Webhooks",
  "Organisation",
  "Verify",
];
/** In the dark only colours differ. */
const SCHEMES = { light: undefined, dark: ["color-contrast"] };
/** Rows, and days of them, are alike: what is true of the first ones is true of all. */
const ALIKE = ["tbody tr:nth-child(n+6)", "section section:nth-of-type(n+5)"];

for (const [colorScheme, rules] of Object.entries(SCHEMES) as ["light" | "dark", string[]?][]) {
  const isClean = (page: Page, screen: string) => hasNoFault(page, screen, rules);

  test(`no screen of a customer has a fault that axe finds, ${colorScheme}`, async ({ as }) => {
    test.setTimeout(180_000);
    const page = await as("manager", { colorScheme });
    await expect(rows(page).first()).toBeVisible();
    await open(page, "Eleanor Hunt");
    const tabs = page.getByRole("navigation", { name: "Tabs" }).getByRole("link");
    for (const name of await tabs.allTextContents()) {
      const content = await tab(page, name);
      await expect(content.getByRole("status")).toHaveCount(0);
      await isClean(page, name);
    }
    const body = page.locator("body");
    await body.press("i");
    await expect(page.getByRole("form", { name: "Log" })).toBeVisible();
    await isClean(page, "logging an interaction");
    await page.keyboard.press("Escape");
    await body.press("c");
    await expect(page.getByLabel("First name")).toBeVisible();
    await isClean(page, "a new customer");
    await page.keyboard.press("Escape");
    for (const item of ["Change contact data", "Portal", "Risk flags", "Verify"]) {
      await header(page).getByRole("button", { name: "More", exact: true }).click();
      if (item === "Portal") await isClean(page, "the menu of a customer");
      await page.getByRole("menuitem", { name: item }).click();
      await isClean(await opened(page), item);
      await page.keyboard.press("Escape");
    }
    await body.press("h");
    await expect(page.getByRole("slider")).toBeVisible();
    await isClean(page, "History");
    await page.keyboard.press("Escape");
    await body.press("Control+k");
    await isClean(await opened(page), "the palette");
    await page.keyboard.press("Escape");
    await body.press("?");
    await isClean(await opened(page), "the keys");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /notification/i }).click();
    await isClean(await opened(page), "notifications");
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox").fill("zzzz");
    await expect(page.getByText("No customer matches “zzzz”.")).toBeVisible();
    await isClean(page, "a search in vain");
  });

  test(`no page beside it has one, ${colorScheme}`, async ({ as, browser, service }) => {
    test.setTimeout(180_000);
    const page = await as("owner", { colorScheme });
    const pages = page.getByRole("navigation", { name: "Pages" });
    await rows(page).first().hover();
    await rows(page).getByRole("checkbox").first().click();
    await page.getByRole("button", { name: "Tag", exact: true }).click();
    await isClean(await opened(page), "what is done to many");
    await page.getByLabel("Tag", { exact: true }).fill(`looked at, ${colorScheme}`);
    await page.getByRole("button", { name: "Check" }).click();
    await expect(page.getByText("1 will change")).toBeVisible();
    await isClean(page, "what would come of it");
    await page.getByRole("button", { name: "Apply to 1" }).click();
    await expect(page.getByText("1 changed")).toBeVisible();
    await isClean(page, "what came of it");
    await page.keyboard.press("Escape");

    await pages.getByRole("link", { name: "Tasks" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Tasks" })).toBeVisible();
    await isClean(page, "tasks");
    await pages.getByRole("link", { name: "Rules" }).click();
    await page.getByRole("link", { name: "Thank for a payment" }).click();
    for (const part of ["What it does", "Change", "Runs", "Rehearsal"]) {
      await page.getByRole("button", { name: part, exact: true }).click();
      await isClean(page, `a rule: ${part}`);
    }
    await pages.getByRole("link", { name: "Rules" }).click();
    await expect(page.getByRole("link", { name: "Thank for a payment" })).toBeVisible();
    await isClean(page, "rules");
    await page.getByRole("button", { name: "New rule" }).click();
    await expect(page.getByLabel("Name")).toBeVisible();
    await isClean(page, "a new rule");
    await pages.getByRole("link", { name: "Settings" }).click();
    const sections = page.getByRole("navigation", { name: "Parts of the settings" });
    for (const section of SETTINGS) {
      await sections.getByRole("link", { name: section }).click();
      await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toBeVisible();
      await isClean(page, `settings: ${section}`);
    }

    const phone = await as("sales", { colorScheme, viewport: { width: 390, height: 844 } });
    await expect(rows(phone).first()).toBeVisible();
    await isClean(phone, "the list on a phone");
    await rows(phone).first().getByRole("link").click();
    await expect(phone.getByRole("heading", { level: 1 })).toBeVisible();
    await isClean(phone, "a customer on a phone");
    await phone.getByRole("button", { name: "Actions" }).click();
    await isClean(phone, "the actions on a phone");

    const stranger = await (await browser.newContext({ colorScheme })).newPage();
    await stranger.goto(`${service.url}/sign-in`);
    await expect(stranger.getByRole("button", { name: "Sign in" })).toBeVisible();
    await isClean(stranger, "signing in");
    await stranger.context().close();
  });
}

/** The page, once what was asked for lies above it. */
async function opened(page: Page): Promise<Page> {
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("status", { name: "Loading" })).toHaveCount(0);
  return page;
}

async function hasNoFault(page: Page, screen: string, rules: string[] | undefined) {
  const axe = ALIKE.reduce((looking, rows) => looking.exclude(rows), new AxeBuilder({ page }));
  const { violations } = await (rules === undefined ? axe : axe.withRules(rules)).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  );
  expect(found, screen).toEqual([]);
}
