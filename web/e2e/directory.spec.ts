import { header, names, open, rows, searchField } from "./support/page";
import { expect, password, test } from "./support/test";

test("a01 sign in: the directory is open with its first customer", async ({ page, service }) => {
  const wrongs: string[] = [];
  page.on("pageerror", (error) => wrongs.push(`${error}`));
  // Nobody is signed in yet, which the browser notes as an answer of 401.
  page.on("console", (said) => {
    if (said.type() === "error" && !/status of 401/.test(said.text())) wrongs.push(said.text());
  });
  await page.goto(service.url);
  await page.getByLabel("E-mail").fill("sales@demo.localhost");
  await page.getByLabel("Password", { exact: true }).fill(password(service));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("599 customers")).toBeVisible();
  const first = await names(page).first().textContent();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(first ?? "");
  await expect(rows(page).first().getByRole("link")).toHaveAttribute("aria-current");
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  expect(wrongs).toEqual([]);
});

test("a02 search while typing, with the match marked", async ({ as }) => {
  const page = await as("sales");
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("mary", { delay: 30 });
  await expect(names(page)).toHaveText(["Mary Smith", "Rosemary Schmidt"]);
  await expect(names(page).locator("mark")).toHaveText(["Mary", "mary"]);
});

test("a03 search by part of a name and by mail, whatever the case", async ({ as }) => {
  const page = await as("sales");
  await searchField(page).fill("hunt");
  await expect(names(page)).toHaveCount(2);
  await expect(names(page).filter({ hasText: "Eleanor Hunt" })).toHaveCount(1);
  await expect(names(page).filter({ hasText: "Charlotte Hunter" })).toHaveCount(1);
  await searchField(page).fill("ELEANOR.HUNT@");
  await expect(names(page)).toHaveText(["Eleanor Hunt"]);
});

test("a04 search by phone number, however it is written", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Mary Smith");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await header(page).getByRole("button", { name: /^\+81/ }).click();
  await expect(header(page).getByText("Copied")).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const digits = copied.replace(/\D/g, "");
  expect(digits).toMatch(/^81\d{8,}$/);
  const six = digits.slice(-6);
  const national = `0${digits.slice(2)}`;
  for (const written of [
    six,
    `${six.slice(0, 2)} ${six.slice(2, 4)} ${six.slice(4)}`,
    `${six.slice(0, 3)}.${six.slice(3)}`,
    `(${six.slice(0, 2)}) ${six.slice(2)}`,
    national,
    `(${national.slice(0, 2)}) ${national.slice(2, 6)}-${national.slice(6)}`,
    `+${digits}`,
    copied,
  ]) {
    await searchField(page).fill(written);
    await expect(page).toHaveURL((url) => url.searchParams.get("q")?.includes(written) ?? false);
    await expect(names(page).filter({ hasText: "Mary Smith" }), written).toHaveCount(1);
  }
});

test("a05 a search in vain offers to clear it and to create", async ({ as }) => {
  const page = await as("sales");
  await searchField(page).fill("zzzz");
  await expect(page.getByText("No customer matches “zzzz”.")).toBeVisible();
  await page.getByRole("button", { name: "Create “zzzz”" }).click();
  await expect(page.getByLabel("First name")).toHaveValue("zzzz");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear search" }).last().click();
  await expect(page.getByText("599 customers")).toBeVisible();
});

test("a06 the dormant are filtered, and the filter is in the address", async ({ as }) => {
  const page = await as("sales");
  await expect(page.getByText("599 customers")).toBeVisible();
  await page.getByLabel("Show", { exact: true }).selectOption("Dormant");
  const all = async () => {
    await expect(rows(page)).toHaveCount(15);
    await expect(rows(page).getByText("Dormant", { exact: true })).toHaveCount(15);
  };
  await all();
  await page.reload();
  await all();
  await page.goBack();
  await expect(page.getByText("599 customers")).toBeVisible();
});

test("a07 a tag is a badge at once, and a filter", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Eleanor Hunt");
  await expect(header(page).getByText("VIP")).toHaveCount(0);
  await page.getByRole("button", { name: "Add tag" }).click();
  await page.getByLabel("Tag", { exact: true }).fill("VIP");
  await page.keyboard.press("Enter");
  await expect(header(page).getByText("VIP")).toBeVisible({ timeout: 1000 });
  await expect(rows(page).getByText("VIP")).toBeVisible({ timeout: 1000 });
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.getByLabel("Show", { exact: true }).selectOption("VIP");
  await expect(names(page).filter({ hasText: "Eleanor Hunt" })).toHaveCount(1);
});

test("a08 the 360 follows the list without loading the page", async ({ as }) => {
  const page = await as("sales");
  let loads = 0;
  page.on("load", () => {
    loads += 1;
  });
  const row = names(page).filter({ hasText: "Karl Seal" });
  await rows(page).first().hover();
  await expect(async () => {
    if (!(await row.isVisible())) await page.mouse.wheel(0, 1200);
    await row.click({ timeout: 500 });
  }).toPass();
  const title = page.getByRole("heading", { level: 1 });
  await expect(title).toHaveText("Karl Seal");
  await expect(page).toHaveTitle(/Karl Seal/);
  const karl = page.url();
  await page.locator("body").press("j");
  await expect(title).not.toHaveText(/^(?:Karl Seal|Customer)$/);
  const next = (await title.textContent()) ?? "";
  await expect(page).toHaveTitle(new RegExp(next));
  expect(page.url()).not.toBe(karl);
  await page.locator("body").press("k");
  await expect(title).toHaveText("Karl Seal");
  await page.goBack();
  await expect(title).toHaveText(next);
  expect(loads).toBe(0);
});

test("a09 a new customer opens at once, and one who is there already is named", async ({ as }) => {
  const page = await as("sales");
  await expect(rows(page).first()).toBeVisible();
  await page.locator("body").press("c");
  await page.getByLabel("First name").fill("Ada");
  await page.getByLabel("Last name").fill("Byron");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByRole("button", { name: "Create customer" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada Byron");
  await page.locator("body").press("c");
  await page.getByLabel("E-mail").fill("ada@example.com");
  const holder = page.getByRole("listitem").filter({ hasText: "already has this e-mail" });
  await expect(holder).toHaveText("Ada Byron already has this e-mail");
  await holder.getByRole("button", { name: "Ada Byron" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada Byron");
});
