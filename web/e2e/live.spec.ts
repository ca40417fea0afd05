import { header, open, rows, tab } from "./support/page";
import { expect, test } from "./support/test";

test("each of two windows shows what is done in the other", async ({ as }) => {
  const sales = await as("sales");
  const manager = await as("manager");
  for (const page of [sales, manager]) {
    await open(page, "Karl Seal");
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
  }
  await sales.getByRole("button", { name: "Add tag" }).click();
  await sales.getByLabel("Tag", { exact: true }).fill("VIP");
  await sales.keyboard.press("Enter");
  await expect(header(manager).getByText("VIP")).toBeVisible();
  await expect(rows(manager).getByText("VIP")).toBeVisible();

  const read = await tab(sales, "Notes & tags");
  const write = await tab(manager, "Notes & tags");
  await write.getByLabel("Note", { exact: true }).fill("He prefers mail");
  await write.getByRole("button", { name: "Save note" }).click();
  await expect(read.getByText("He prefers mail")).toBeVisible();

  await manager.getByLabel("Folder", { exact: true }).selectOption("Leads");
  await expect(sales.getByLabel("Folder", { exact: true })).toHaveValue(/.+/);
  await expect(rows(sales).getByText("Leads")).toBeVisible();
});

test("a name that two change at once is shown to the second one", async ({ as }) => {
  const sales = await as("sales");
  const manager = await as("manager");
  for (const page of [sales, manager]) {
    await open(page, "Lena Jensen");
    await header(page).getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Change contact data" }).click();
  }
  await sales.getByLabel("First name").fill("Lene");
  await sales.getByRole("button", { name: "Save name" }).click();
  await expect(sales.getByRole("heading", { level: 1 })).toHaveText("Lene Jensen");
  await manager.getByLabel("First name").fill("Leni");
  await manager.getByRole("button", { name: "Save name" }).click();
  await expect(
    manager.getByText("Meanwhile somebody else changed this from “Lena” to “Lene”."),
  ).toBeVisible();
  await expect(manager.getByLabel("First name")).toHaveValue("Leni");
  await manager.getByRole("button", { name: "Save name" }).click();
  await expect(sales.getByRole("heading", { level: 1 })).toHaveText("Leni Jensen");
});
