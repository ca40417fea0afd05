import { header, open, rows, tab } from "./support/page";
import { expect, test } from "./support/test";
import { dayFromNow, onScreen } from "./support/time";

test("f012 a flag has its reason, also in the list", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Mary Smith");
  await header(page).getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Flag" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Wants a call first");
  await page.getByRole("dialog").getByRole("button", { name: "Flag customer" }).click();
  const other = await as("field");
  await open(other, "Mary Smith");
  await rows(other).first().locator("svg").last().hover();
  await expect(other.getByRole("tooltip")).toContainText("Wants a call first");
});

test("f023 a phone number has a label and a country", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Mary Smith");
  await page.locator("body").press("e");
  const drawer = page.getByRole("dialog");
  const number = drawer.getByLabel("Another number");
  await number.fill("030 901820");
  await drawer.getByLabel("Country of the number").fill("XX");
  await number.press("Enter");
  await expect(drawer.getByLabel("Country of the number")).toHaveAttribute("aria-invalid");
  await drawer.getByLabel("Country of the number").fill("DE");
  await number.press("Enter");
  await drawer.getByRole("button", { name: /^030 901820: no label/ }).click();
  await drawer.getByLabel("Label", { exact: true }).fill("Office");
  await page.keyboard.press("Control+s");
  await expect(drawer.getByRole("button", { name: /^030 901820: Office/ })).toBeVisible();
});

test("f080 f083 a task has an owner and a day, and is struck out when done", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Mary Smith");
  const tasks = await tab(page, "Tasks");
  await tasks.getByRole("button", { name: "New task" }).first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("Task").fill("Send the brochure");
  await drawer.getByLabel(/^Due/).fill(dayFromNow(2));
  await drawer.getByRole("combobox").last().selectOption({ label: "Sofia Reyes" });
  await page.keyboard.press("Control+Enter");
  const task = tasks.getByRole("row", { name: /Send the brochure/ });
  await expect(task).toContainText(onScreen(dayFromNow(2)));
  await expect(task).toContainText("Sofia Reyes");
  await task.getByRole("button").first().click();
  await expect(task).toHaveCount(0);
  await tasks.getByRole("combobox").selectOption("done");
  await expect(task.getByText("Send the brochure")).toHaveCSS(
    "text-decoration-line",
    "line-through",
  );
  await task.getByRole("button").first().click();
  await tasks.getByRole("combobox").selectOption("open");
  await expect(task).toBeVisible();
});

test("f184 keys go to the controls of a customer", async ({ as }) => {
  const page = await as("manager");
  await open(page, "Marcia Dean");
  const press = (key: string) => page.locator("body").press(key);
  const label = (name: string) => page.getByRole("combobox", { name, exact: true });
  await page.getByRole("heading", { level: 1 }).click();
  for (const [key, name] of [
    ["s", "Status"],
    ["f", "Folder"],
    ["a", "Assign somebody"],
  ] as const) {
    await press(key);
    await expect(label(name)).toBeFocused();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1 }).click();
  }
  await press("0");
  await expect(page.getByRole("region", { name: "Audit" })).toBeVisible();
  await press("1");
  await press("g");
  await press("a");
  await expect(page.getByRole("region", { name: "Audit" })).toBeVisible();
});

test("f175 an archived customer leaves the list, and is brought back from the archive", async ({
  as,
}) => {
  const page = await as("manager");
  await open(page, "Zachary Hite");
  const more = async (item: string) => {
    await header(page).getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await more("Archive…");
  await page.getByRole("dialog").getByRole("button", { name: "Archive customer" }).click();
  await expect(rows(page)).toHaveCount(0);
  await expect(page.getByText("This customer is archived.")).toBeVisible();
  await expect(header(page).getByRole("button", { name: "Log", exact: true })).toHaveCount(0);
  await page.getByLabel("Show", { exact: true }).selectOption("Archived");
  await expect(rows(page)).toHaveCount(1);
  await more("Restore from the archive");
  await expect(header(page).getByRole("button", { name: "Log", exact: true })).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
});
