import { useTranslation } from "react-i18next";
import { useLocale } from "@/shared/i18n";
import "@/shared/locales/rules";
import type { Tone } from "@/shared/theme";
import type { Condition, Leaf, Step, Trigger } from "./definition";
import { childrenOf, groupOf, takesNoValue, typed } from "./definition";
import type { Outcome } from "./queries";

export const TONES: Record<Outcome, Tone> = {
  done: "teal",
  waiting: "yellow",
  queued: "yellow",
  skipped: "gray",
  withheld: "gray",
  blocked: "red",
  failed: "red",
};

const UNITS = { H: "hour", D: "day", W: "week", M: "month", Y: "year" } as const;

/** "P2D" as the number and the unit that people say; nothing of what is not as simple. */
export function plainPeriod(text: string) {
  const [, sign, digits, letter] = text.match(/^([+-]?)P(?:T(?=\d+H))?(\d+)([HDWMY])$/) ?? [];
  if (digits === undefined || letter === undefined) return undefined;
  return { isBefore: sign === "-", count: Number(digits), letter: letter as keyof typeof UNITS };
}

/** The name of an event or a field as words: "task.due_on" is "Task: due on". */
export function eventWords(type: string): string {
  const words = type.replace(".", ": ").replaceAll("_", " ");
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** How a rule's parts are said. */
export function useWords() {
  const { t } = useTranslation("rules");
  const locale = useLocale();
  const period = (text: string): string => {
    const plain = plainPeriod(text);
    if (plain === undefined) return text;
    const unit = { style: "unit", unit: UNITS[plain.letter], unitDisplay: "long" } as const;
    return new Intl.NumberFormat(locale, unit).format(plain.count);
  };
  const offset = (text: string) =>
    t(plainPeriod(text)?.isBefore ? "before" : "after", { period: period(text) });
  const weekday = (day: string) => t(`day_${day}` as "day_monday");
  const leaf = ({ field, op, value }: Leaf) =>
    [eventWords(field), t(`op_${op}` as "op_eq"), takesNoValue(op) ? "" : quoted(op, value)]
      .join(" ")
      .trim();
  const quoted = (op: string, value: unknown) =>
    op === "within_last" ? period(typed(value)) : `“${typed(value)}”`;
  const condition = (node: Condition): string => {
    const group = groupOf(node);
    if (group === undefined) return leaf(node as Leaf);
    const children = childrenOf(node).map((child) => condition(child));
    if (group === "not") return t("notThat", { what: children[0] ?? "" });
    return children.join(` ${t(group === "all" ? "and" : "or")} `) || t("always");
  };
  const trigger = ({ events, schedule, date }: Trigger) => {
    if (schedule) {
      const days = schedule.weekdays?.map(weekday).join(", ");
      const on = days || (schedule.day ? `${schedule.day}.` : "");
      const every = t(`every_${schedule.every}` as "every_day");
      return [every, on, t("atTime", { time: schedule.at })].filter(Boolean).join(" ");
    }
    if (date) {
      const field = t(`date_${date.field.replace(".", "_")}` as "date_task_due_on");
      const when = date.offset ? `${offset(date.offset)} ${field}` : field;
      return `${when} ${t("atTime", { time: date.at })}`;
    }
    return (events ?? []).map(eventWords).join(` ${t("or")} `);
  };
  const step = (one: Step): string => {
    const said = ["title", "status", "tag", "reason", "subject", "text", "to", "time", "field"];
    const text = said.map((name) => one[name]).find((value) => typeof value === "string");
    const parts = [
      t(`do_${one.action}` as "do_add_tag"),
      one.action === "branch" && condition(one.when as Condition),
      text !== undefined && `“${text}”`,
      typeof one.for === "string" && period(one.for),
      typeof one.due_in === "string" && t("dueAfter", { period: period(one.due_in) }),
    ];
    return parts.filter(Boolean).join(" ");
  };
  return { period, offset, weekday, leaf, condition, trigger, step };
}
