// What the demo lacks and screens need: said again, nothing is done twice.
import { createHash } from "node:crypto";

const long = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh";
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFUlEQVR42mNkYPj/n4EIwDiqkL4KAcT9BAERdKbRAAAAAElFTkSuQmCC";

/** Customers and files that try the limits, and one of each setting; gives the ids of the customers. */
export async function addRecords(request, site, eleanor) {
  const send = async (path, data, headers = {}) => {
    const bytes = Buffer.isBuffer(data) ? data : JSON.stringify(data);
    const key = createHash("sha256").update(path).update(bytes).digest("hex");
    const answer = await request.post(path, {
      data,
      headers: { Origin: site, "Idempotency-Key": key, ...headers },
    });
    const said = await answer.json();
    // Who is there already is who was meant.
    if (said.code === "duplicate_customer") return said.existing[0];
    if (!answer.ok()) console.error(`${path}: ${said.detail ?? said.title}`);
    return said;
  };
  const customer = (body) => send("/v1/customers", { type: "person", ...body });
  const phone = (number) => [{ number }];
  const longest = await customer({
    first_name: "Maximiliane-Alexandrina",
    last_name: long,
    emails: [{ address: `maximiliane.${"wolfe".repeat(8)}@${"featherstone".repeat(3)}.example` }],
    phones: phone("+4915112345678"),
  });
  await send(`/v1/customers/${longest.id}/flags`, {
    reason:
      "Asked three times for the same copy of the contract, in writing, and got none of them.",
  });
  await send(`/v1/customers/${longest.id}/tags`, { tag: "VIP" });
  const of = (part, body) => send(`/v1/customers/${longest.id}/${part}`, body);
  await of("notes", { text: "Call before each visit; the gate is locked.", scope: "internal" });
  await of("notes", { text: "Your contract is ready to be signed.", scope: "customer" });
  await of("notes", {
    text: `${"Asked for a copy of the contract. ".repeat(12)}`,
    scope: "support",
  });
  await of("interactions", { type: "call", note: "Wants the invoice by mail." });
  await of("interactions", {
    type: "showroom_visit",
    note: "Looked at the new shelves for an hour.",
  });
  const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await of("service-entries", { kind: "delivery", title: "Shelves", scheduled_for: day });
  await of("quotes", {
    currency: "USD",
    valid_until: day,
    lines: [{ description: "Shelves", quantity: "2", unit_price: "149.50" }],
  });
  await of("risk-flags", { type: "frequent_claims", reason: "Three claims within a month." });
  const rtl = await customer({
    first_name: "محمد",
    last_name: "عبد الرحمن الخطيب",
    emails: [{ address: "m.khatib@example.org" }],
    phones: phone("+966501234567"),
  });
  await send(`/v1/customers/${rtl.id}/notes`, {
    text: "يفضل الاتصال بعد الظهر. رقم العقد 4711-B.",
    scope: "internal",
  });
  const empty = await customer({ first_name: "Ida", last_name: "Newcome" });
  const bytes = { "Content-Type": "application/octet-stream" };
  const upload = (name, scope, data) =>
    send(
      `/v1/customers/${eleanor}/files?name=${encodeURIComponent(name)}&scope=${scope}`,
      data,
      bytes,
    );
  await upload("Contract 2026.txt", "internal", Buffer.from("What was agreed.\n".repeat(300)));
  await upload("Shop front.png", "customer", Buffer.from(pixel, "base64"));
  await upload(`Scan of ${long}, all pages, signed by both.txt`, "sales", Buffer.from("Scan"));
  await send("/v1/teams", { name: "Night shift" });
  await send("/v1/webhooks", { url: "https://hooks.example.com/dossier", types: ["customer.*"] });
  const invited = { email: "newcomer@example.com", name: "Noor Haddad", roles: ["sales"] };
  await send("/v1/invitations", invited);
  const rule = await send("/v1/automation/rules", {
    name: "Write to those who came back",
    trigger: { events: ["customer.reactivated"] },
    when: { all: [{ op: "eq", field: "after.lifecycle", value: "active" }] },
    // biome-ignore lint/suspicious/noThenProperty: a rule says so what it does
    then: [
      { action: "delay", for: "P1D" },
      { action: "send_email", subject: "Welcome back", text: "Good to have you here again." },
      { action: "notify", to: "owner", text: "Somebody came back" },
    ],
  });
  return { longest: longest.id, rtl: rtl.id, empty: empty.id, rule: rule.id };
}

/** A run that waits for a person, which no command alone can bring about. */
export function deadLetter(customer, rule) {
  return {
    id: "00000000-0000-7000-8000-000000000001",
    rule,
    rule_version: 1,
    trigger_type: "account.payment_received",
    customer,
    outcome: "failed",
    reason: "webhook_answered: the webhook answered 503 nine times",
    steps: [
      { step: "1", action: "add_tag", outcome: "done" },
      { step: "2", action: "call_webhook", outcome: "failed", reason: "it answered 503" },
    ],
    created_at: new Date(Date.now() - 3_600_000).toISOString(),
    finished_at: new Date(Date.now() - 1_800_000).toISOString(),
  };
}
