import type { Page } from "@playwright/test";
import type { Api } from "./support/api";
import { rows, tab } from "./support/page";
import { payloads } from "./support/payloads";
import { expect, test } from "./support/test";

const TAG = "hostile";

test("what is typed is shown as text, whatever is typed", async ({ as, api, service }) => {
  test.setTimeout(240_000);
  expect(new Set(payloads).size).toBe(payloads.length);
  expect(payloads.length).toBeGreaterThanOrEqual(300);
  const owner = await api("owner");
  const stored = await store(owner);
  expect(stored.names.length).toBeGreaterThan(280);
  expect(stored.notes.length).toBeGreaterThan(280);

  const page = await as("owner", { at: "/sign-in" });
  const harm = await watch(page, service.url);

  await test.step("the list", async () => {
    await page.goto(`/?tag=${TAG}`);
    const address = page.url().split("?")[0];
    await page.goto(`${address}?tag=${TAG}`);
    await expect(rows(page).first()).toBeVisible();
    const seen = await readWhileScrolling(page);
    expect(stored.names.filter((name) => !seen.has(name))).toEqual([]);
    expect(await harm()).toEqual([]);
  });

  await test.step("the 360 of each tenth of them", async () => {
    const organisation = page.url().split("/customers")[0];
    for (const { id, name } of stored.customers.filter((_, at) => at % 10 === 0)) {
      await page.goto(`${organisation}/customers/${id}`);
      await expect.poll(() => page.getByRole("heading", { level: 1 }).textContent()).toBe(name);
    }
    expect(await harm()).toEqual([]);
  });

  await test.step("every tab of one who has them all", async () => {
    const organisation = page.url().split("/customers")[0];
    await page.goto(`${organisation}/customers/${stored.victim}`);
    const notes = await tab(page, "Notes & tags");
    const shown = notes.locator("ol > li p");
    await expect(async () => {
      await shown.last().scrollIntoViewIfNeeded();
      await expect(shown).toHaveCount(stored.notes.length, { timeout: 500 });
    }).toPass();
    const texts = new Set(await shown.allTextContents());
    expect(stored.notes.filter((note) => !texts.has(note))).toEqual([]);
    expect(await harm()).toEqual([]);
    const others = page.getByRole("navigation", { name: "Tabs" }).getByRole("link");
    for (const name of await others.allTextContents()) {
      const content = await tab(page, name);
      await expect(content.getByRole("status")).toHaveCount(0);
      await page.mouse.move(700, 500);
      await page.mouse.wheel(0, 20_000);
      expect(await harm(), name).toEqual([]);
    }
  });
});

/** Stores each payload wherever it is taken; what is refused is refused in words. */
async function store(owner: Api) {
  const customers: { id: string; name: string }[] = [];
  await each(payloads, async (payload) => {
    const done = await owner.try("/v1/customers", {
      type: "person",
      first_name: payload,
      tags: [TAG],
    });
    if (done !== undefined) customers.push({ id: done.id, name: "" });
  });
  const { id: victim } = await owner.write("/v1/customers", {
    type: "person",
    first_name: "Vera",
    last_name: "Victim",
  });
  const on = `/v1/customers/${victim}`;
  await each(
    payloads,
    async (payload) => {
      await owner.try(`${on}/notes`, { text: payload, scope: "internal" });
    },
    1,
  );
  await each(
    every(10),
    async (payload) => {
      await owner.try(`${on}/interactions`, { type: "call", note: payload });
      await owner.try(`${on}/tasks`, { title: payload });
      await owner.try(`${on}/tags`, { tag: payload.slice(0, 64) });
      await owner.try(`${on}/service-entries`, {
        kind: "delivery",
        title: payload,
        scheduled_for: "2026-01-01",
      });
      await owner.try("/v1/customers", { type: "person", last_name: "Mail", emails: [payload] });
      await owner.try("/v1/customers", {
        type: "person",
        last_name: "Mail",
        emails: [`"${payload.replace(/["\\\s]/g, "")}"@example.com`],
      });
    },
    1,
  );
  await each(every(15), async (payload) => {
    await owner.try("/v1/folders", { name: payload, statuses: [payload], default_status: payload });
  });
  await owner.try(`${on}/flags`, { reason: payloads[0] });
  await owner.try(`${on}/risk-flags`, { type: "manual_flag", reason: payloads[21] });
  const names = await owner.all<{ id: string; display_name: string }>(
    `/v1/customers?filter[tags]=${TAG}&limit=200`,
  );
  for (const customer of customers) {
    customer.name = names.find(({ id }) => id === customer.id)?.display_name ?? "";
  }
  const notes = await owner.all<{ text: string }>(`${on}/notes?limit=200`);
  return {
    victim,
    customers,
    names: names.map((row) => row.display_name),
    notes: notes.map((note) => note.text),
  };
}

function every(step: number): string[] {
  return payloads.filter((_, at) => at % step === 0);
}

/** A few at a time, or what is about one customer one after the other. */
async function each(all: string[], work: (payload: string) => Promise<void>, atOnce = 8) {
  const waiting = [...all];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** What of the payloads has come to life: nothing, one hopes. */
async function watch(page: Page, home: string) {
  const found: string[] = [];
  page.on("dialog", (dialog) => {
    found.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(home)) found.push(`a request: ${request.url()}`);
  });
  page.on("popup", (popup) => found.push(`a window: ${popup.url()}`));
  await page.exposeFunction("violated", (what: string) =>
    found.push(`against the policy: ${what}`),
  );
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { violated } = window as unknown as { violated: (what: string) => void };
      violated(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return async () => {
    const alive = await page.evaluate(() => {
      const made: string[] = [];
      if ("pwned" in window) made.push("something ran");
      const never = "iframe, object, embed, base, marquee, video, audio, math, template, noscript";
      const all = document.querySelectorAll("*");
      for (const element of document.querySelectorAll(never)) made.push(element.outerHTML);
      for (const element of all) {
        const isHandler = ({ name }: Attr) => name.startsWith("on");
        if ([...element.attributes].some(isHandler)) made.push(element.outerHTML.slice(0, 200));
        const link = element.getAttribute("href") ?? element.getAttribute("src") ?? "";
        if (/^\s*(?:javascript|vbscript|data:text)/i.test(link)) made.push(element.outerHTML);
      }
      for (const script of document.scripts) {
        const isOurs = script.src.startsWith(location.origin);
        if (!isOurs) made.push(script.outerHTML.slice(0, 200));
      }
      return made;
    });
    return [...found, ...alive];
  };
}

/** The names in the rows from the first to the last. */
async function readWhileScrolling(page: Page): Promise<Set<string>> {
  const seen = new Set<string>();
  await rows(page).first().hover();
  let still = 0;
  while (still < 5) {
    const before = seen.size;
    for (const name of await rows(page)
      .locator("a")
      .evaluateAll((links) =>
        links.map((link) => link.querySelector("[title]")?.textContent ?? ""),
      )) {
      seen.add(name);
    }
    still = seen.size === before ? still + 1 : 0;
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(30);
  }
  return seen;
}
