import type { Locator, Page } from "@playwright/test";
import { header, rows } from "./support/page";
import { expect, test } from "./support/test";

test("a40 by keyboard alone, at the width of a phone, in the dark", async ({ as }) => {
  const viewport = { width: 390, height: 844 };
  const page = await as("sales", { viewport, colorScheme: "dark" });
  await expect(rows(page).first()).toBeVisible();
  await page.locator("body").press("/");
  await page.keyboard.type("barbara jones");
  await to(page, page.getByRole("link", { name: "Barbara Jones" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Barbara Jones");
  await fits(page);

  const panels = page.getByRole("navigation", { name: "Panels" });
  await to(page, panels.getByRole("button", { name: "Actions" }));
  await page.keyboard.press("Enter");
  await to(page, page.getByRole("button", { name: "Add tag" }));
  await page.keyboard.press("Enter");
  await page.keyboard.type("VIP");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "VIP", exact: true })).toBeVisible();
  await fits(page);
  await to(page, panels.getByRole("button", { name: "Customer" }));
  await page.keyboard.press("Enter");
  await expect(header(page).getByText("VIP")).toBeVisible();

  const tabs = page.getByRole("navigation", { name: "Tabs" });
  await to(page, tabs.getByRole("link", { name: "Interactions" }));
  await page.keyboard.press("Enter");
  await page.keyboard.press("i");
  await page.keyboard.type("Rang twice");
  await to(page, page.getByLabel("Kind of interaction"), "Shift+Tab");
  await page.keyboard.type("Visit");
  await fits(page);
  await page.keyboard.press("Control+Enter");
  const visit = page.getByRole("listitem").filter({ hasText: "Rang twice" });
  await expect(visit).toContainText("Visit");

  await to(page, tabs.getByRole("link", { name: "Notes & tags" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  for (const scope of ["Internal", "Sales", "Customer"]) {
    await to(page, page.getByLabel("Note", { exact: true }));
    await page.keyboard.type(`by keyboard for ${scope}`);
    await to(page, page.getByLabel("Who may read it"));
    await page.keyboard.type(scope);
    await fits(page);
    await page.keyboard.press("Control+Enter");
    const note = page.getByRole("listitem").filter({ hasText: `by keyboard for ${scope}` });
    await expect(note.getByText(scope, { exact: true })).toBeVisible();
  }
  await expect(page.getByText("The customer will be able to read this.")).toBeVisible();

  await to(page, tabs.getByRole("link", { name: "Referrals" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await to(page, page.getByRole("button", { name: "Choose who" }));
  await page.keyboard.press("Enter");
  await page.keyboard.type("Karl Seal");
  await to(page, page.getByRole("button", { name: "Karl Seal" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").getByRole("link", { name: "Karl Seal" })).toBeVisible();
  await fits(page);
});

/** Goes by Tab to a control; wherever the focus is on the way, one sees it. */
async function to(page: Page, control: Locator, key: "Tab" | "Shift+Tab" = "Tab") {
  await expect(control).toBeVisible();
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press(key);
    await expectVisibleFocus(page);
    if (await control.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${control} is not reached by ${key}`);
}

async function expectVisibleFocus(page: Page) {
  const seen = await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return "nothing";
    const { outlineStyle, outlineWidth, borderColor } = getComputedStyle(focused);
    const { width, height } = focused.getBoundingClientRect();
    const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    const isField = focused.matches("input, select, textarea") && borderColor !== "";
    return (isOutlined || isField) && width > 0 && height > 0 ? "seen" : focused.outerHTML;
  });
  expect(["seen", "nothing"]).toContain(seen);
}

/** Nothing scrolls sideways, and nothing lies beyond the edge. */
async function fits(page: Page) {
  const { wide, seen, beyond } = await page.evaluate(() => {
    const main = document.querySelector("main");
    const right = document.documentElement.clientWidth;
    const controls = [...(main?.querySelectorAll("button, input, select, textarea, h1") ?? [])];
    return {
      wide: document.documentElement.scrollWidth,
      seen: right,
      beyond: controls
        .filter((control) => control.getBoundingClientRect().right > right + 1)
        .map((control) => control.outerHTML.slice(0, 120)),
    };
  });
  expect(wide).toBeLessThanOrEqual(seen);
  expect(beyond).toEqual([]);
}
