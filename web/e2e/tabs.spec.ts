import { readFileSync } from "node:fs";
import type { Locator } from "@playwright/test";
import { header, names, open, tab } from "./support/page";
import { expect, test } from "./support/test";
import { dayFromNow, localTime, onScreen, shifted } from "./support/time";

test.beforeEach(async ({ api }) => {
  const sales = await api("sales");
  const eleanor = await sales.customer("Eleanor Hunt");
  await sales.write(`/v1/customers/${eleanor}/tags`, { tag: "VIP" });
});

test("a10 every tab is reached by one click, and the header stays", async ({ as }) => {
  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  const tabs = page.getByRole("navigation", { name: "Tabs" });
  for (const name of [
    "Quotes & orders",
    "Finance",
    "Service",
    "Notes & tags",
    "Interactions",
    "Referrals",
    "Insight",
    "Files",
    "Audit",
  ]) {
    const link = tabs.getByRole("link", { name, exact: true });
    await expect(link).toBeInViewport();
    await link.click();
    const content = page.getByRole("region", { name });
    await expect(content).toBeVisible();
    await content.hover();
    await page.mouse.wheel(0, 3000);
    await expect(header(page)).toBeInViewport({ ratio: 1 });
  }
});

test("a11 orders are there, newest first, down to the oldest", async ({ as, service }) => {
  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  const orders = (await tab(page, "Quotes & orders")).getByRole("table").last();
  const first = orders.locator("tbody tr");
  await expect(first.nth(0)).toContainText("Racer Egg");
  await expect(first.nth(0)).toContainText("3.99");
  await expect(first.nth(0)).toContainText(onScreen(shifted("2005-08-23", service)));
  await expect(first.nth(1)).toContainText("Mummy Creatures");
  await expect(first.nth(1)).toContainText("3.99");
  await expect(first.nth(2)).toContainText("Hellfighters Sierra");
  await expect(first.nth(2)).toContainText("8.99");
  await orders.locator("tr").last().scrollIntoViewIfNeeded();
  await expect(first).toHaveCount(46);
  await expect(header(page)).toBeInViewport();
});

test("a12 a quote is written, sent and accepted, and becomes an order", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Quotes & orders");
  await content.getByRole("button", { name: "New quote" }).click();
  await content.getByLabel("Quantity").fill("2");
  await content.getByLabel("Price").fill("10.00");
  await content.getByRole("button", { name: "Add a line" }).click();
  await content.getByLabel("Quantity").last().fill("1");
  await content.getByLabel("Price").last().fill("5.50");
  await expect(content.getByText("Total 25.50 USD")).toBeVisible();
  await content.getByRole("button", { name: "Save quote" }).click();
  const rows = content.locator("tbody tr");
  await expect(rows.first()).toContainText("Quote Q-");
  await expect(rows.first()).toContainText("25.50");
  await content.getByRole("button", { name: "Mark sent" }).click();
  await content.getByRole("button", { name: "Mark accepted" }).click();
  await expect(rows.first()).toContainText("Order O-");
  await expect(rows.first()).toContainText("25.50");
  await expect(rows.nth(1).getByText("Accepted")).toBeVisible();
  await rows
    .first()
    .getByRole("button", { name: /^from quote Q-/ })
    .click();
  await expect(rows.nth(1)).toBeFocused();
  await rows
    .nth(1)
    .getByRole("button", { name: /^order O-/ })
    .click();
  await expect(rows.first()).toBeFocused();
});

test("a13 the figures of a customer who has paid all", async ({ as }) => {
  const page = await as("finance");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Finance");
  await figures(content, { Invoiced: "216.54", Paid: "216.54", Balance: "0.00" });
  const invoices = content.getByRole("table").first().locator("tbody tr");
  await expect(invoices).toHaveCount(46);
  await expect(invoices.getByText("Paid", { exact: true })).toHaveCount(46);
  const ledger = content.getByRole("table").last().locator("tbody tr");
  await expect(async () => {
    await ledger.last().scrollIntoViewIfNeeded();
    expect(await sum(ledger, 2)).toBe("0.00");
  }).toPass();
  const kinds = await ledger.locator("td:first-child").allTextContents();
  expect(kinds.filter((kind) => kind.startsWith("Invoice"))).toHaveLength(46);
});

test("a14 an invoice that is overdue is so in tab, header and ledger", async ({ as }) => {
  const page = await as("finance");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Finance");
  await content.getByRole("button", { name: "New invoice" }).click();
  await content.getByLabel("Price").fill("100.00");
  await content.getByLabel("Due on").fill(dayFromNow(-1));
  await content.getByRole("button", { name: "Issue invoice" }).click();
  await figures(content, { Balance: "100.00" });
  await content.getByRole("button", { name: "Record payment" }).click();
  await content.getByLabel("Amount USD").fill("40.00");
  await content.getByRole("button", { name: "Record payment" }).click();
  await figures(content, { Invoiced: "316.54", Paid: "256.54", Balance: "60.00" });
  const invoice = content.getByRole("table").first().locator("tbody tr").first();
  await expect(invoice.getByText("Overdue")).toBeVisible();
  await expect(invoice).toContainText("60.00");
  await expect(header(page).getByText("60.00 USD")).toBeVisible();
  await expect(header(page).getByText("1 overdue")).toBeVisible();
  await expect(ledgerOf(content).first().locator("td").nth(3)).toHaveText("60.00");
});

test("a15 what is paid beyond the invoice is credit, and said before", async ({ as }) => {
  const page = await as("finance");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Finance");
  await figures(content, { Balance: "60.00" });
  await content.getByRole("button", { name: "Record payment" }).click();
  await content.getByLabel("Amount USD").fill("100.00");
  await expect(
    content.getByText("On the invoice 60.00 USD · credit on account 40.00 USD"),
  ).toBeVisible();
  await content.getByRole("button", { name: "Record payment" }).click();
  await figures(content, { Balance: "0.00", "Credit on account": "40.00" });
  await expect(header(page).getByText("overdue")).toHaveCount(0);
  await expect(content.getByRole("table").first().getByText("\u2212")).toHaveCount(0);
});

test("a16 credit is named and not mixed into the balance", async ({ as }) => {
  const page = await as("finance");
  await open(page, "Lena Jensen");
  await figures(await tab(page, "Finance"), {
    Invoiced: "168.68",
    Paid: "170.67",
    Balance: "0.00",
    "Credit on account": "1.99",
  });
});

test("a17 deliveries, installations and service cases on one line of time", async ({ as }) => {
  const page = await as("support");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Service");
  for (const [kind, title, day] of [
    ["Delivery", "Three films", 3],
    ["Installation", "A player", 5],
    ["Service case", "No picture", 1],
  ] as const) {
    await content.getByRole("button", { name: "New service entry" }).click();
    await content.getByLabel("Kind").last().selectOption(kind);
    await content.getByLabel("What").fill(title);
    await content.getByLabel("Day").fill(dayFromNow(day));
    await content.getByRole("button", { name: "Save entry" }).click();
    await expect(content.getByText(title)).toBeVisible();
  }
  const entries = content.getByRole("listitem").filter({ hasText: "Sara Lund" });
  const order = ["A player", "Three films", "No picture"];
  await expect(entries).toHaveCount(3);
  for (const [at, title] of order.entries()) await expect(entries.nth(at)).toContainText(title);
  await expect(entries.getByText("Scheduled")).toHaveCount(3);
  await expect(entries.nth(1)).toContainText(onScreen(dayFromNow(3)));
  await entries.nth(1).getByRole("button", { name: "Complete" }).click();
  await expect(entries.nth(1)).toContainText("Three films");
  await expect(entries.nth(1).getByText("Completed")).toBeVisible();
  await content.getByLabel("Kind").selectOption("Installation");
  await expect(entries).toHaveCount(1);
  await expect(entries).toContainText("A player");
});

const KINDS = [
  "Call",
  "Visit",
  "E-mail",
  "SMS",
  "Showroom visit",
  "Meeting",
  "Demo",
  "Follow-up",
  "Other",
];

test("a18 each of the nine interactions is logged without a mouse", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Eleanor Hunt");
  await tab(page, "Interactions");
  const entries = page.getByRole("region", { name: "Interactions" }).getByRole("listitem");
  for (const kind of KINDS) {
    await page.locator("body").press("i");
    const note = page.getByLabel("What was said");
    await expect(note).toBeFocused();
    await page.keyboard.type(`It was a ${kind}`);
    await page.keyboard.press("Shift+Tab");
    await expect(page.getByLabel("Kind of interaction")).toBeFocused();
    await page.keyboard.type(kind, { delay: 20 });
    await page.keyboard.press("Control+Enter");
    await expect(entries.first()).toContainText(`It was a ${kind}`);
    await expect(note).toHaveCount(0);
  }
  await expect(entries).toHaveCount(9);
  for (const [at, kind] of [...KINDS].reverse().entries()) {
    await expect(entries.nth(at)).toContainText(kind);
    await expect(entries.nth(at)).toContainText("Sofia Reyes");
  }
  await page.locator("body").press("i");
  await expect(page.getByLabel("Kind of interaction").locator("option")).toHaveText(KINDS);
});

test("a19 what happened yesterday is logged today, and nothing ahead", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Interactions");
  await page.locator("body").press("i");
  await page.getByLabel("What was said").fill("Called yesterday");
  await page.getByLabel("When").fill(localTime(25));
  await page.getByRole("button", { name: "Log interaction" }).last().click();
  const entry = content.getByRole("listitem").filter({ hasText: "Called yesterday" });
  await expect(entry.getByText("yesterday", { exact: true })).toBeVisible();
  await expect(entry).toContainText("yesterday, logged today by Sofia Reyes");
  await expect(page.getByLabel("What was said")).toHaveCount(0);
  await page.locator("body").press("i");
  await page.getByLabel("When").fill(localTime(-24));
  await page.getByRole("button", { name: "Log interaction" }).last().click();
  await expect(page.getByText("This lies ahead.")).toBeVisible();
});

test("a20 only scopes that one may read, each with who will read it", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Notes & tags");
  const scope = content.getByLabel("Who may read it");
  await expect(scope.locator("option")).toHaveText(["Internal", "Sales", "Customer"]);
  for (const [name, readers] of [
    ["Internal", "Staff will read it, but for viewers."],
    ["Sales", "Sales, managers and admins will read it."],
    ["Customer", "The customer will be able to read this."],
  ] as const) {
    await scope.selectOption(name);
    await expect(content.getByText(readers)).toBeVisible();
    await content.getByLabel("Note", { exact: true }).fill(`for ${name}`);
    await content.getByRole("button", { name: "Save note" }).click();
    const note = content.getByRole("listitem").filter({ hasText: `for ${name}` });
    await expect(note.getByText(name, { exact: true })).toBeVisible();
  }
});

const SCOPES = [
  "Internal",
  "Sales",
  "Support",
  "Finance",
  "Fulfillment",
  "Branch",
  "Restricted",
  "Customer",
];

test("a21 a note in each scope; what is edited or deleted stays in the audit", async ({ as }) => {
  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Notes & tags");
  for (const scope of SCOPES) {
    const text = `scope-${scope.toLowerCase()}`;
    await content.getByLabel("Who may read it").selectOption(scope);
    await content.getByLabel("Note", { exact: true }).fill(text);
    await content.getByRole("button", { name: "Save note" }).click();
    const note = content.getByRole("listitem").filter({ hasText: text });
    await expect(note).toHaveCount(1);
    await expect(note.getByText(scope, { exact: true })).toBeVisible();
    await expect(note.getByText("Mai Tran")).toBeVisible();
    await expect(note.locator("time")).toBeVisible();
  }
  const actions = (text: string) =>
    content
      .getByRole("listitem")
      .filter({ hasText: text })
      .getByRole("button", { name: "What to do with this note" })
      .click();
  await actions("scope-internal");
  await page.getByRole("menuitem", { name: "Edit note" }).click();
  await content.getByLabel("Note", { exact: true }).last().fill("scope-internal, edited");
  await page.keyboard.press("Control+Enter");
  await expect(content.getByText("scope-internal, edited")).toBeVisible();
  await actions("scope-branch");
  await page.getByRole("menuitem", { name: "Delete note" }).click();
  await content.getByRole("button", { name: "Delete note" }).click();
  await expect(content.getByText("scope-branch")).toHaveCount(0);
  const audit = await tab(page, "Audit");
  for (const done of ["wrote a note", "changed a note", "deleted a note"]) {
    const entry = audit.getByRole("listitem").filter({ hasText: done });
    await expect(entry.first()).toContainText("Mai Tran");
  }
});

test("a22 a referral is told on both sides, and makes no circle", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Referrals");
  const choose = async (name: string) => {
    await content.getByRole("button", { name: /^(?:Choose who|Change)$/ }).click();
    await content.getByLabel("Search who referred the customer").fill(name);
    await content.getByRole("button", { name, exact: true }).click();
  };
  await choose("Karl Seal");
  await expect(content.getByRole("link", { name: "Karl Seal" })).toBeVisible();
  await content.getByRole("link", { name: "Karl Seal" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Karl Seal" })).toBeVisible();
  await expect(content.getByRole("link", { name: "Eleanor Hunt" })).toBeVisible();
  await choose("Eleanor Hunt");
  await expect(content.getByRole("alert")).not.toBeEmpty();
  await content.getByRole("button", { name: "Cancel" }).click();
  await choose("Karl Seal");
  await expect(content.getByRole("alert")).not.toBeEmpty();
});

test("a23 what a customer is worth, and whether they will buy again", async ({ as, api }) => {
  const manager = await api("manager");
  await manager.write("/v1/customers", { type: "person", first_name: "Ada", last_name: "Byron" });
  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Insight");
  await expect(content.getByText("316.54 USD")).toBeVisible();
  await content.getByText("Show what it is made of").click();
  await expect(content.getByText("47 invoices")).toBeVisible();
  await expect(content.getByText(/^Based on purchases up to .+ buy again/)).toBeVisible();
  await expect(content.getByText("Last order")).toBeVisible();
  await open(page, "Karl Seal");
  await expect(content.getByText("221.55 USD")).toBeVisible();
  await open(page, "Ada Byron");
  await expect(content.getByText("No orders yet.")).toBeVisible();
  await expect(content.getByText("%")).toHaveCount(0);
});

test("a24 a credit note gives back what was paid", async ({ as }) => {
  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Finance");
  await figures(content, { Balance: "0.00", "Credit on account": "40.00" });
  const invoice = content.getByRole("table").first().locator("tbody tr").first();
  await expect(invoice).toContainText("100.00");
  await invoice.getByRole("button", { name: /credit note/i }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("Reason").fill("Billed twice");
  await drawer.getByRole("button", { name: "Issue credit note" }).click();
  await figures(content, { Balance: "0.00", "Credit on account": "140.00" });
  await expect(invoice.locator("td").nth(1)).toContainText("Credit note");
  await expect(ledgerOf(content).first()).toContainText("Credit note");
});

test("a25 a risk flag needs a reason, and puts its customer under review", async ({ as }) => {
  const page = await as("manager");
  await open(page, "Karl Seal");
  await header(page).getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Risk flags" }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByLabel("Kind of risk").locator("option")).toHaveText([
    "Overdue payment",
    "Frequent refunds",
    "Buys at a discount only",
    "Frequent claims",
    "Failed deliveries",
    "Abusive behaviour",
    "Keeps cancelling",
    "Other",
  ]);
  await drawer.getByRole("button", { name: "Raise risk flag" }).click();
  await expect(drawer.getByText("Enter a reason, so that others understand.")).toBeVisible();
  await drawer.getByLabel("Reason").fill("Three reminders");
  await drawer.getByRole("button", { name: "Raise risk flag" }).click();
  await expect(header(page).getByText("Under review")).toBeVisible();
  await expect(names(page).first().locator("..").getByText("Under review")).toBeVisible();
});

test("a26 a risk flag is cleared with a reason, and raised again", async ({ as }) => {
  const page = await as("manager");
  await open(page, "Karl Seal");
  const flags = async () => {
    await header(page).getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Risk flags" }).click();
  };
  await expect(header(page).getByText("Under review")).toBeVisible();
  await flags();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "Clear flag" }).click();
  await drawer.getByLabel("Why it is cleared").fill("Paid");
  await drawer.getByRole("button", { name: "Clear flag" }).click();
  await expect(header(page).getByText("Under review")).toHaveCount(0);
  await drawer.getByLabel("Reason").fill("Three reminders more");
  await drawer.getByRole("button", { name: "Raise risk flag" }).click();
  await expect(header(page).getByText("Under review")).toBeVisible();
});

test("a27 files come back byte for byte, under any name", async ({ as }) => {
  const page = await as("sales");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Files");
  await content.getByRole("combobox", { name: "Who will read the files" }).selectOption("Internal");
  const photo = await page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 48 } });
  const files = [
    {
      name: "Übersicht März 🧾.pdf",
      type: "application/pdf",
      bytes: Buffer.from("%PDF-1.7\n%äöü"),
    },
    { name: "<script>document.title='x'<!--.png", type: "image/png", bytes: photo },
    { name: "nothing.txt", type: "text/plain", bytes: Buffer.alloc(0) },
  ];
  const dropped = await page.evaluateHandle(
    (given) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      return data;
    },
    files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString("base64") })),
  );
  const zone = content.getByRole("region", { name: "Add files" });
  await zone.dispatchEvent("dragover", { dataTransfer: dropped });
  await zone.dispatchEvent("drop", { dataTransfer: dropped });
  const listed = content.getByRole("listitem");
  await expect(listed).toHaveCount(files.length);
  for (const { name, bytes } of files) {
    const row = listed.filter({ hasText: name });
    await expect(row).toContainText("Internal");
    await expect(row).toContainText("by Sofia Reyes");
    await expect(row).toContainText(/\d+ (?:byte|kB)/);
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      row.getByRole("button", { name: `Download ${name}` }).click(),
    ]);
    expect(readFileSync(await saved.path())).toEqual(bytes);
  }
  const preview = listed.filter({ hasText: ".png" }).locator("img").first();
  expect(await preview.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64);
  await expect(page).toHaveTitle(/Eleanor Hunt/);

  // One taken away comes back by the way in the toast.
  const row = listed.filter({ hasText: "nothing.txt" });
  await row.getByRole("button", { name: "Remove nothing.txt" }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toHaveCount(1);
});

test("a28 the audit has every step, and no version is missing", async ({ as }) => {
  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  const audit = await tab(page, "Audit");
  for (const [who, what] of [
    ["Sofia Reyes", "added the tag VIP"],
    ["Sofia Reyes", 'wrote a note (sales): "for Sales"'],
    ["Mai Tran", 'changed a note (internal) from "scope-internal" to "scope-internal, edited"'],
    ["Mai Tran", "deleted a note (branch)"],
    ["Sofia Reyes", "logged an interaction"],
    ["Finn Okafor", "invoice"],
    ["Sara Lund", "delivery"],
  ] as const) {
    const entry = audit.getByRole("listitem").filter({ hasText: who }).filter({ hasText: what });
    await expect(entry.first(), `${who}: ${what}`).toBeVisible();
    await expect(entry.first().locator("time").first()).toBeVisible();
  }
  // Only when all of it is loaded can it be said.
  await audit.hover();
  await expect(async () => {
    await page.mouse.wheel(0, 5000);
    await expect(audit.getByText(/^Version \d+: .*no gap/)).toBeAttached({ timeout: 300 });
  }).toPass();
  await page.mouse.wheel(0, -50000);
  await audit.getByLabel("Who").selectOption("Sara Lund");
  await expect(audit.getByRole("listitem").filter({ hasText: "Mai Tran" })).toHaveCount(0);
  await audit.getByLabel("What").selectOption("Service");
  await expect(audit.getByRole("listitem").first()).toContainText("Sara Lund");
});

test("a29 the 360 as it was, and back by one key", async ({ as }) => {
  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  await expect(header(page).getByText("VIP")).toBeVisible();
  await page.locator("body").press("h");
  const past = page.getByRole("region", { name: "History" });
  await expect(past.getByText(/^As of /)).toBeVisible();
  await past.getByRole("slider").press("Home");
  await expect(header(page).getByText("VIP")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Eleanor Hunt");
  await expect(page.getByRole("button", { name: "Log", exact: true })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(past).toHaveCount(0);
  await expect(header(page).getByText("VIP")).toBeVisible();
});

test("a29 each tab as it was before the invoice of today", async ({ as, api }) => {
  const finance = await api("finance");
  const eleanor = await finance.customer("Eleanor Hunt");
  const lines = [{ description: "Lantern", quantity: 1, unit_price: "77.25" }];
  await finance.write(`/v1/customers/${eleanor}/invoices`, { currency: "USD", lines });
  const manager = await api("manager");
  await manager.write(`/v1/customers/${eleanor}/tasks`, { title: "Ring the lantern maker" });
  const page = await as("manager");
  await open(page, "Eleanor Hunt");
  const content = await tab(page, "Finance");
  const invoice = content.getByRole("table").first().getByText("77.25").first();
  await expect(invoice).toBeVisible();
  await page.locator("body").press("h");
  const past = page.getByRole("region", { name: "History" });
  await expect(past.getByText("Ring the lantern maker")).toBeVisible();
  await expect(invoice).toBeVisible();
  await past.getByRole("button", { name: "Previous event" }).click();
  await past.getByRole("button", { name: "Previous event" }).click();
  await expect(invoice).toHaveCount(0);
  await expect(content.getByRole("table").first()).toContainText("Paid");
  await expect(content.getByRole("button", { name: "New invoice" })).toHaveCount(0);
  const tasks = await tab(page, "Tasks");
  await expect(tasks.getByText("Ring the lantern maker")).toHaveCount(0);
  await past.getByRole("button", { name: "Now" }).click();
  await expect(tasks.getByText("Ring the lantern maker")).toBeVisible();
  for (const name of ["Quotes & orders", "Service", "Referrals", "Insight", "Files"]) {
    await expect(await tab(page, name)).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  }
});

async function figures(content: Locator, expected: Record<string, string>) {
  for (const [label, amount] of Object.entries(expected)) {
    const term = content.locator("dl > div").filter({ hasText: new RegExp(`^${label}`) });
    await expect(term.locator("dd")).toHaveText(`${amount} USD`);
  }
}

function ledgerOf(content: Locator): Locator {
  return content.getByRole("table").last().locator("tbody tr");
}

async function sum(ledger: Locator, column: number): Promise<string> {
  const texts = await ledger.locator(`td:nth-child(${column + 1})`).allTextContents();
  const cents = texts.map((text) => Math.round(Number(text.replace("\u2212", "-")) * 100));
  return (cents.reduce((total, each) => total + each, 0) / 100).toFixed(2);
}
