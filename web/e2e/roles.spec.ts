import type { Page } from "@playwright/test";
import { header, names, open, rows, searchField, tab } from "./support/page";
import { expect, test } from "./support/test";

const SCOPES = [
  "internal",
  "sales",
  "support",
  "finance",
  "fulfillment",
  "branch",
  "restricted",
  "customer",
];

test.beforeEach(async ({ api }) => {
  const manager = await api("manager");
  const eleanor = await manager.customer("Eleanor Hunt");
  for (const scope of SCOPES) {
    await manager.write(`/v1/customers/${eleanor}/notes`, { text: `scope-${scope}`, scope });
  }
  const karl = await manager.customer("Karl Seal");
  const flag = { type: "overdue_payment", reason: "Three reminders" };
  await manager.write(`/v1/customers/${karl}/risk-flags`, flag);
});

test("a30 owner, admin, manager and executive see all", async ({ as }) => {
  for (const role of ["owner", "admin", "manager", "executive"] as const) {
    const page = await as(role);
    await seesFigures(page);
    await seesNotes(page, SCOPES);
    await open(page, "Karl Seal");
    await expect(header(page).getByText("Under review")).toBeVisible();
  }
});

test("a31 support sees figures, flags, and its notes", async ({ as }) => {
  const page = await as("support");
  await seesFigures(page);
  await seesNotes(page, ["internal", "support", "fulfillment", "restricted", "customer"]);
  await open(page, "Karl Seal");
  await expect(header(page).getByText("Under review")).toBeVisible();
});

test("a32 finance sees figures, flags, and its notes", async ({ as }) => {
  const page = await as("finance");
  await seesFigures(page);
  await seesNotes(page, ["internal", "finance", "restricted", "customer"]);
  await open(page, "Karl Seal");
  await expect(header(page).getByText("Under review")).toBeVisible();
});

test("a33 sales sees orders with their amounts, and no figures or flags", async ({ as }) => {
  const page = await as("sales");
  await seesNoFigures(page);
  await seesNotes(page, ["internal", "sales", "customer"]);
  const orders = await tab(page, "Quotes & orders");
  await expect(orders.getByRole("row", { name: /Racer Egg.*3\.99/ })).toBeVisible();
  await seesNoFlag(page);
});

test("a34 field and viewer see as much with their notes; a viewer changes nothing", async ({
  as,
}) => {
  const field = await as("field");
  await seesNoFigures(field);
  await seesNotes(field, ["internal", "branch", "fulfillment", "customer"]);
  await seesNoFlag(field);
  const viewer = await as("viewer");
  await seesNoFigures(viewer);
  await seesNotes(viewer, ["customer"]);
  const changing =
    /^(?:add(?! to favourites)|new|log|note$|save|delete|mark|choose|change|assign|remove|record|issue|raise|complete|reopen|unassign|upload|edit|pin)/i;
  for (const link of await tabs(viewer).allTextContents()) {
    await tab(viewer, link);
    await expect(viewer.getByRole("button", { name: changing }), link).toHaveCount(0);
    await expect(viewer.getByRole("main").getByRole("textbox"), link).toHaveCount(0);
  }
  for (const label of ["Status", "Folder", "Assign somebody", "Who may read it"]) {
    await expect(viewer.getByRole("combobox", { name: label, exact: true })).toHaveCount(0);
  }
  await seesNoFlag(viewer);
  const more = header(viewer).getByRole("button", { name: "More", exact: true });
  if ((await more.count()) > 0) await more.click();
  await expect(viewer.getByRole("menuitem", { name: changing })).toHaveCount(0);
});

test("a35 sales finds no way round", async ({ as, service }) => {
  const manager = await as("manager");
  await open(manager, "Karl Seal");
  await tab(manager, "Finance");
  const link = manager.url().replace(service.url, "");

  const replies: Promise<string>[] = [];
  const page = await as("sales");
  page.on("response", (answer) => {
    const isRead = answer.url().includes("/v1/") && !answer.url().includes("/stream");
    // Of an answer that the page no longer waited for there is no text.
    if (isRead) replies.push(answer.text().catch(() => ""));
  });
  for (const secret of ["scope-finance", "overdue_payment"]) {
    await searchField(page).fill(secret);
    await expect(page.getByText(`No customer matches “${secret}”.`)).toBeVisible();
  }
  for (const query of ["filter[risk]=overdue_payment", "sort=-balance"]) {
    const answer = await page.request.get(`${service.url}/v1/customers?${query}`);
    expect(answer.status()).toBe(400);
    expect(await answer.text()).toMatch(/unknown_parameter|invalid_parameter/);
  }
  await page.goto(`${page.url().split("?")[0]}?filter[risk]=overdue_payment`);
  await expect(page.getByText("599 customers")).toBeVisible();
  await page.goto(`${page.url().split("?")[0]}?sort=-balance`);
  await expect(page.getByText("sort must be one of")).toBeVisible();
  await page.goto(link);
  await expect(page.getByText("This tab is not for your role.")).toBeVisible();
  const audit = await tab(page, "Audit");
  await expect(audit.getByRole("listitem").first()).toBeVisible();
  await expect(audit.getByText(/risk|invoice|payment|credit/i)).toHaveCount(0);
  await open(page, "Eleanor Hunt");
  for (const name of await tabs(page).allTextContents()) await tab(page, name);
  expect(replies.length).toBeGreaterThan(10);
  for (const reply of await Promise.all(replies)) {
    expect(reply).not.toMatch(/scope-(?:finance|support|branch|fulfillment|restricted)/);
    // What a role may not do is named to everybody alike: `customer.raise_risk_flag`.
    expect(reply).not.toMatch(
      /Three reminders|risk_raised|(?<!raise_|clear_)risk_flag|"balance"|under_review":true/,
    );
  }
});

test("a36 what is hidden is said in one line, the same for everybody", async ({ as }) => {
  const page = await as("sales");
  const lines: string[] = [];
  for (const name of ["Karl Seal", "Eleanor Hunt"]) {
    await open(page, name);
    const line = page.getByRole("button", { name: /hidden/ });
    lines.push((await line.textContent()) ?? "");
    await line.click();
    await expect(
      page.getByText(
        "Financial figures and risk flags are for admin, owner, manager, executive, support and finance.",
      ),
    ).toBeVisible();
    await page.keyboard.press("Escape");
  }
  expect(lines[0]).toBe(lines[1]);
});

test("a37 what is hidden moves nothing in an open window", async ({ as, api }) => {
  const page = await as("sales");
  const manager = await api("manager");
  await open(page, "Karl Seal");
  const audit = await tab(page, "Audit");
  await expect(audit.getByRole("listitem").first()).toBeVisible();
  // Without ages, and without who else looks, which windows of other tests leave for a while.
  const seen = async () =>
    (await page.locator("body").innerText())
      .replace(/\d+ ?(?:s|min|h)\b.*/g, "")
      .replace(/.* here too\n/g, "");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const before = await seen();
  // The moment itself, and not the age that the clock makes of it.
  const moments = () =>
    rows(page)
      .filter({ hasText: "Karl Seal" })
      .locator("time")
      .evaluateAll((times) => times.map((time) => time.getAttribute("datetime")));
  const then = await moments();
  expect(then).toHaveLength(1);
  const karl = await manager.customer("Karl Seal");
  await manager.write(`/v1/customers/${karl}/risk-flags`, {
    type: "frequent_claims",
    reason: "Again",
  });
  await manager.write(`/v1/customers/${karl}/notes`, { text: "hush", scope: "restricted" });
  await manager.write(`/v1/customers/${karl}/invoices`, {
    currency: "USD",
    lines: [{ quantity: "1", unit_price: "12.00" }],
  });
  // Something that sales sees comes last: what was before it has passed by then.
  const aaron = await manager.customer("Aaron Selby");
  await manager.write(`/v1/customers/${aaron}/tags`, { tag: "vip" });
  await searchField(page).fill("aaron selby");
  await expect(rows(page).getByText("VIP")).toBeVisible();
  await searchField(page).fill("Karl Seal");
  await expect(names(page)).toHaveText(["Karl Seal"]);
  expect(await seen()).toBe(before);
  await page.reload();
  await expect(names(page)).toHaveText(["Karl Seal"]);
  await expect(audit.getByRole("listitem").first()).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  expect(await moments()).toEqual(then);
  await expect.poll(seen).toBe(before);
});

test("a38 what is taken from a role is gone from an open window", async ({ as }) => {
  const sales = await as("sales");
  await open(sales, "Eleanor Hunt");
  const notes = await tab(sales, "Notes & tags");
  await expect(notes.getByText("scope-sales")).toBeVisible();
  const owner = await as("owner");
  await expect(rows(owner).first()).toBeVisible();
  await owner.goto(`${owner.url().split("/customers")[0]}/settings/roles`);
  const right = owner.getByRole("checkbox", { name: "Sales: Sales", exact: true });
  await right.click();
  await expect(right).not.toBeChecked();
  await expect(notes.getByText("scope-sales")).toHaveCount(0);
  await expect(notes.getByText("scope-internal")).toBeVisible();
  await expect(right).toBeEnabled();
  await right.click();
  await expect(right).toBeChecked();
  await expect(notes.getByText("scope-sales")).toBeVisible();
});

function tabs(page: Page) {
  return page.getByRole("navigation", { name: "Tabs" }).getByRole("link");
}

async function seesFigures(page: Page) {
  await open(page, "Eleanor Hunt");
  await expect(header(page).getByText("Open invoices")).toBeVisible();
  const finance = await tab(page, "Finance");
  await expect(finance.getByText("216.54 USD").first()).toBeVisible();
}

async function seesNoFigures(page: Page) {
  await open(page, "Eleanor Hunt");
  await expect(header(page).getByText(/invoice|balance|overdue|value/i)).toHaveCount(0);
  await expect(tabs(page).filter({ hasText: /Finance|Insight/ })).toHaveCount(0);
  await expect(rows(page).getByText(/USD|overdue/i)).toHaveCount(0);
  await expect(page.getByText("Open money")).toHaveCount(0);
}

async function seesNoFlag(page: Page) {
  await open(page, "Karl Seal");
  await expect(page.getByText("Under review")).toHaveCount(0);
  const more = header(page).getByRole("button", { name: "More", exact: true });
  if ((await more.count()) === 0) return;
  await more.click();
  await expect(page.getByRole("menuitem").first()).toBeVisible();
  await expect(page.getByRole("menuitem", { name: /risk/i })).toHaveCount(0);
  await page.keyboard.press("Escape");
}

/** Of the notes of all scopes exactly these, and no more are counted. */
async function seesNotes(page: Page, scopes: string[]) {
  const content = await tab(page, "Notes & tags");
  const notes = content.getByRole("listitem").filter({ hasText: "scope-" });
  await expect(notes).toHaveCount(scopes.length);
  for (const scope of scopes) await expect(content.getByText(`scope-${scope}`)).toBeVisible();
  const all = await content.locator("ol").getByRole("listitem").count();
  await expect(header(page).getByRole("button", { name: /^Notes/ })).toHaveText(`Notes ${all}`);
}

test("a39 by a link the customer reads what is for them, and nothing else", async ({
  as,
  api,
  browser,
}) => {
  const manager = await api("manager");
  const eleanor = await manager.customer("Eleanor Hunt");
  const path = `/v1/customers/${eleanor}/notes`;
  await manager.write(path, { text: "Your film is here", scope: "customer" });
  await manager.write(path, { text: "Pays late", scope: "internal" });
  await manager.write(`/v1/customers/${eleanor}/tags`, { tag: "Difficult" });

  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  await header(page).getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Portal" }).click();
  const drawer = page.getByRole("dialog", { name: "Portal" });
  await drawer.getByRole("button", { name: "Make a link" }).click();
  const link = await drawer.getByLabel("Link for Eleanor Hunt").inputValue();

  const context = await browser.newContext();
  const theirs = await context.newPage();
  await theirs.goto(link);
  // A program that looks at the link does not use it up: it takes a press.
  await expect(theirs.getByText("Your film is here")).toHaveCount(0);
  await theirs.getByRole("button", { name: "Open" }).click();
  await expect(theirs.getByRole("heading", { level: 1 })).toContainText("Eleanor Hunt");
  await expect(theirs.getByText("Your film is here")).toBeVisible();
  const body = await theirs.locator("body").innerText();
  expect(body).not.toMatch(
    /Pays late|scope-(?!customer)|Difficult|VIP|review|risk|@|Mai|invoice|order/i,
  );
  const answer = await theirs.request.get(`${new URL(link).origin}/v1/customers/${eleanor}`);
  expect(answer.status()).toBe(401);

  await drawer.getByRole("button", { name: "Close the portal" }).click();
  await expect(drawer.getByText("Eleanor Hunt has no access yet.")).toBeVisible();
  await theirs.reload();
  await expect(theirs.getByRole("heading", { name: "This link leads nowhere" })).toBeVisible();
  await context.close();
});
