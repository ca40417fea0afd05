import { expect, type Locator, type Page } from "@playwright/test";

/** The list on the left; only rows that are near to what is seen are there. */
export function rows(page: Page): Locator {
  return page.getByRole("list", { name: "Customers" }).getByRole("listitem");
}

export function names(page: Page): Locator {
  return rows(page).locator("[title]:not(mark)");
}

export function header(page: Page): Locator {
  return page.getByRole("main").locator("header");
}

export function searchField(page: Page): Locator {
  return page.getByRole("searchbox", { name: "Search customers" });
}

/** Finds a customer as people do, and opens them. */
export async function open(page: Page, name: string) {
  await searchField(page).fill(name);
  await rows(page).getByText(name, { exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** Goes to a tab, and gives what is on it. */
export async function tab(page: Page, name: string): Promise<Locator> {
  await page
    .getByRole("navigation", { name: "Tabs" })
    .getByRole("link", { name, exact: true })
    .click();
  const content = page.getByRole("region", { name, exact: true });
  await expect(content).toBeVisible();
  return content;
}
