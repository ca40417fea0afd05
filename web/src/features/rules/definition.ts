import type { Schema } from "@/shared/api";

export type Rule = Schema["Rule"];

export type Leaf = { field: string; op: string; value?: unknown };
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | Leaf;
export type Step = { action: string; [member: string]: unknown };
export type Trigger = {
  events?: string[];
  schedule?: { every: string; weekdays?: string[]; day?: number; at: string } | null;
  date?: { field: string; offset?: string; at: string } | null;
};
export type Scope = { folders?: string[]; types?: string[]; tags?: string[] };
export type Limits = {
  runs_per_hour?: number | null;
  runs_per_customer_per_day?: number | null;
};

/** What a rule says, as the service takes it. */
export type Definition = {
  name: string;
  trigger: Trigger;
  scope?: Scope | null;
  when?: Condition | null;
  then: Step[];
  limits?: Limits | null;
  time_zone?: string | null;
};

const MEMBERS = ["name", "trigger", "scope", "when", "then", "limits", "time_zone"] as const;

export const EMPTY: Definition = {
  name: "",
  trigger: { events: [] },
  then: [{ action: "create_task", title: "" }],
};

/** What the version of a rule says that was written last: the one that waits, if one does. */
export function latest(rule: Rule): { version: number; definition: Definition } {
  const draft = rule.draft as (Definition & { rule_version: number }) | null | undefined;
  return draft
    ? { version: draft.rule_version, definition: definition(draft) }
    : { version: rule.rule_version, definition: inForce(rule) };
}

export function inForce(rule: Rule): Definition {
  return definition(rule as unknown as Definition);
}

function definition(from: Definition): Definition {
  const members = MEMBERS.map((name) => [name, from[name]] as const);
  const said = members.filter(([, value]) => value != null);
  return Object.fromEntries(said) as Definition;
}

/** Whether a step, or one in its branches, sends something out. */
export function sends(steps: Step[]): boolean {
  return steps.some(
    (step) =>
      step.action === "send_email" ||
      step.action === "call_webhook" ||
      sends((step.then as Step[] | undefined) ?? []) ||
      sends((step.else as Step[] | undefined) ?? []),
  );
}

export type Group = "all" | "any" | "not";

export function groupOf(condition: Condition): Group | undefined {
  if ("all" in condition) return "all";
  if ("any" in condition) return "any";
  return "not" in condition ? "not" : undefined;
}

export function childrenOf(condition: Condition): Condition[] {
  if ("all" in condition) return condition.all;
  if ("any" in condition) return condition.any;
  return "not" in condition ? [condition.not] : [];
}

/** The same conditions under another word; "not" of several is "not any of them". */
export function regroup(group: Group, children: Condition[]): Condition {
  if (group === "all") return { all: children };
  if (group === "any") return { any: children };
  const [only, ...more] = children;
  return { not: only !== undefined && more.length === 0 ? only : { any: children } };
}

/** Steps and conditions in a list, one changed or taken out. */
export function replaced<T>(list: T[], at: number, next: T | undefined): T[] {
  return list.flatMap((old, index) => (index !== at ? [old] : next === undefined ? [] : [next]));
}

export function moved<T>(list: T[], at: number, by: 1 | -1): T[] {
  const next = [...list];
  const [taken] = next.splice(at, 1);
  if (taken !== undefined) next.splice(at + by, 0, taken);
  return next;
}

type Named = { field: string; label: string };
/** What the account tells is known of the event alone. */
const OF_ACCOUNT = /^after\.(?:balance|credit_on_account|open_invoices)\b/;

/** What a branch can ask for besides: the customer when the branch is reached. */
export function withNow<F extends Named>(fields: F[], now: string): F[] {
  const after = fields.filter(({ field }) => /^after\./.test(field) && !OF_ACCOUNT.test(field));
  const later = after.map((field) => ({
    ...field,
    field: field.field.replace("after.", "now."),
    label: field.label.replace(/^[^:]*/, now),
  }));
  return [...fields, ...later];
}

/** Of a value as it is typed, what the service takes for a field of this type. */
export function operand(type: string, op: string, typed: string): unknown {
  if (op === "within_last") return typed.trim();
  if (["in", "nin", "has_any", "has_all", "between"].includes(op)) {
    return typed.split(",").map((part) => scalar(type, part));
  }
  return scalar(type, typed);
}

function scalar(type: string, typed: string): unknown {
  const text = typed.trim();
  if (type === "bool") return text === "true";
  if (type !== "money") return text;
  const [amount = "", currency = ""] = text.split(/\s+/);
  return { amount, currency: currency.toUpperCase() };
}

/** A value as one types it. */
export function typed(value: unknown): string {
  if (Array.isArray(value)) return value.map(typed).join(", ");
  if (typeof value === "object" && value !== null && "amount" in value && "currency" in value) {
    return `${value.amount} ${value.currency}`;
  }
  return value == null ? "" : `${value}`;
}

export function takesNoValue(op: string): boolean {
  return op === "is_empty" || op === "is_set";
}
