import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { header, open, rows, tab } from "./support/page";
import { expect, test } from "./support/test";

for (const colorScheme of ["light", "dark"] as const) {
  test(`no screen has a fault that axe finds, ${colorScheme}`, async ({ as, browser, service }) => {
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
    await page.locator("body").press("i");
    await expect(page.getByRole("form", { name: "Log" })).toBeVisible();
    await isClean(page, "logging an interaction");
    await page.keyboard.press("Escape");
    await page.locator("body").press("c");
    await expect(page.getByLabel("First name")).toBeVisible();
    await isClean(page, "a new customer");
    await page.keyboard.press("Escape");
    await header(page).getByRole("button", { name: "More", exact: true }).click();
    await expect(page.getByRole("menuitem").first()).toBeVisible();
    await isClean(page, "the menu of a customer");
    await page.getByRole("menuitem", { name: "Risk flags" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await isClean(page, "risk flags");
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox").fill("zzzz");
    await expect(page.getByText("No customer matches “zzzz”.")).toBeVisible();
    await isClean(page, "a search in vain");

    const phone = await as("sales", { colorScheme, viewport: { width: 390, height: 844 } });
    await rows(phone).first().getByRole("link").click();
    await expect(phone.getByRole("heading", { level: 1 })).toBeVisible();
    await isClean(phone, "a phone");

    const stranger = await (await browser.newContext({ colorScheme })).newPage();
    await stranger.goto(`${service.url}/sign-in`);
    await expect(stranger.getByRole("button", { name: "Sign in" })).toBeVisible();
    await isClean(stranger, "signing in");
    await stranger.context().close();
  });
}

async function isClean(page: Page, screen: string) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  );
  expect(found, screen).toEqual([]);
}
