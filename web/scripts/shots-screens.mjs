// What each screen is called, where it is, and what is done there first.
import { deadLetter } from "./shots-records.mjs";

const TABS =
  "overview interactions notes quotes tasks finance service referrals insight files audit";
const SETTINGS = "people teams roles folders tokens webhooks organisation log";

const press = (key) => (page) => page.locator("body").press(key);
/** Buttons and menus by their place, since they are looked for in every language. */
const click =
  (selector, at = 0) =>
  (page) =>
    page.locator(selector).filter({ visible: true }).nth(at).click();
const first = (...steps) => {
  return async (page) => {
    for (const step of steps) {
      await step(page);
      await page.waitForTimeout(250);
    }
  };
};
const more = (at) =>
  first(click("main header button[aria-haspopup=menu]", -1), click("[role=menuitem]", at));
const panel = (at) => async (page) => {
  const buttons = page.locator("nav[class*=bottom] button");
  if (await buttons.nth(at).isVisible()) await buttons.nth(at).click();
};
const answer = (pattern, how) => {
  const open = async () => {};
  open.before = (page) => page.route(pattern, (route) => route.fulfill(how));
  return open;
};
const choose = (first) => async (page) => {
  const boxes = page.locator("nav [role=checkbox]");
  for (const at of [0, 1, 2]) await boxes.nth(at).dispatchEvent("click");
  await first?.(page);
};

export function screensOf(home, { eleanor, longest, rtl, empty, rule }) {
  const record = `${home}/customers/${eleanor}`;
  const settings = (section) => `${home}/settings/${section}`;
  const page = { data: [deadLetter(eleanor, rule)], page: { next: null, has_more: false } };
  const fault = {
    status: 500,
    contentType: "application/problem+json",
    body: JSON.stringify({
      type: "about:blank",
      title: "Fault",
      status: 500,
      code: "internal",
      request_id: "req_01a2b3c4",
    }),
  };
  return [
    ["sign-in", "/sign-in", undefined, true],
    ["sign-in-wrong", "/sign-in", click("button[type=submit]"), true],
    ["invitation", "/accept-invitation#token=dsi_none", undefined, true],
    ["list", `${home}/customers`],
    ["search-in-vain", `${home}/customers?q=zzzz`],
    ["dormant", `${home}/customers?show=dormant`],
    ["missing", `${home}/nowhere`],
    ...TABS.split(" ").map((tab) => [tab, `${record}/${tab}`]),
    ["list-panel", record, panel(0)],
    ["actions-panel", record, panel(2)],
    ["log", record, press("i")],
    ["new-task", record, press("t")],
    ["new-customer", record, press("c")],
    ["new-quote", `${record}/quotes`, click("section[class*=tab] button[class*=Button]")],
    ["new-invoice", `${record}/finance`, click("section[class*=tab] button[class*=Button]")],
    ["palette", record, press("Control+k")],
    [
      "palette-found",
      record,
      first(press("Control+k"), (page) =>
        page.getByRole("dialog").getByRole("combobox").fill("mar"),
      ),
    ],
    ["keys", record, press("?")],
    ["notifications", record, click("header button[aria-haspopup=dialog]")],
    ["account", record, click("header[class*=bar] button[aria-haspopup=menu]", -1)],
    ["more", record, click("main header button[aria-haspopup=menu]", -1)],
    ["contact", record, press("e")],
    ["flag", record, more(1)],
    ["dormant-drawer", record, more(2)],
    ["portal", record, more(3)],
    ["portal-link", record, first(more(3), click("[role=dialog] button[type=submit]"))],
    ["risk", record, more(4)],
    ["history", record, press("h")],
    ["history-notes", `${record}/notes`, press("h")],
    ["verify", record, more(6)],
    ["bulk-bar", `${home}/customers`, choose()],
    [
      "bulk-form",
      `${home}/customers`,
      choose(click("section[class*=bar] button[class*=Button]", 2)),
    ],
    ["bulk-preview", `${home}/customers`, choose(bulk(false))],
    ["bulk-report", `${home}/customers`, choose(bulk(true))],
    ["longest", `${home}/customers/${longest}`],
    ...["notes", "interactions", "quotes", "service", "insight"].map((tab) => [
      `longest-${tab}`,
      `${home}/customers/${longest}/${tab}`,
    ]),
    ["rtl-name", `${home}/customers/${rtl}`],
    ["empty", `${home}/customers/${empty}`],
    ["empty-interactions", `${home}/customers/${empty}/interactions`],
    ["empty-notes", `${home}/customers/${empty}/notes`],
    ["empty-quotes", `${home}/customers/${empty}/quotes`],
    ["empty-finance", `${home}/customers/${empty}/finance`],
    ["empty-service", `${home}/customers/${empty}/service`],
    ["empty-files", `${home}/customers/${empty}/files`],
    ["fault", `${record}/notes`, answer(/\/notes\?/, fault)],
    ["no-customer", `${home}/customers/00000000-0000-7000-8000-000000000000`],
    ["tasks-page", `${home}/tasks`],
    ["tasks-new", `${home}/tasks`, press("t")],
    ["rules", `${home}/rules`],
    ["dead-letters", `${home}/rules`, answerWith(/\/runs\?/, page, click("summary"))],
    ["new-rule", `${home}/rules/new`],
    ["rule", `${home}/rules/${rule}`],
    ["rule-change", `${home}/rules/${rule}?part=change`],
    ["rule-json", `${home}/rules/${rule}?part=change`, click("main [data-variant=subtle]", 0)],
    ["rule-runs", `${home}/rules/${rule}?part=runs`],
    ["rule-rehearse", `${home}/rules/${rule}?part=rehearse`],
    [
      "rule-rehearsed",
      `${home}/rules/${rule}?part=rehearse`,
      first(click("form button[type=submit]"), (page) => page.waitForTimeout(5000)),
    ],
    ["risk-report", `${home}/reports/risk-flags`],
    ...SETTINGS.split(" ").map((section) => [`settings-${section}`, settings(section)]),
    ["settings-invite", settings("people"), click("main [data-variant=filled]")],
    ["settings-member", settings("people"), click("main tbody button", 3)],
    ["settings-folder", settings("folders"), click("main tbody button")],
    ["settings-new-folder", settings("folders"), click("main [data-variant=filled]")],
    ["settings-new-token", settings("tokens"), click("main [data-variant=filled]")],
    ["settings-new-webhook", settings("webhooks"), click("main [data-variant=filled]")],
    ["settings-webhook", settings("webhooks"), click("main tbody button")],
    ["settings-verified", settings("log"), click("main [class*=Button]")],
  ];
}

function answerWith(pattern, body, then) {
  const open = async (page) => then(page);
  open.before = (page) => page.route(pattern, (route) => route.fulfill({ json: body }));
  return open;
}

/** A tag for those who are chosen: what would come of it, or what came of it. */
function bulk(isDone) {
  return async (page) => {
    await page.locator("section[class*=bar] button").nth(-2).click();
    const dialog = page.getByRole("dialog");
    await dialog
      .locator("input")
      .first()
      .fill(`shots ${Math.random().toString(36).slice(2, 6)}`);
    await dialog.locator("button[type=submit]").click();
    const apply = dialog.locator("button[data-variant=filled]");
    await apply.waitFor();
    if (isDone) await apply.click();
    await page.waitForTimeout(1500);
  };
}
