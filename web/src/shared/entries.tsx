import {
  IconBolt,
  IconCash,
  IconChecklist,
  IconFileInvoice,
  IconFlag,
  IconMail,
  IconMessage,
  IconNote,
  IconPaperclip,
  IconPencil,
  IconRobot,
  IconShoppingCart,
  IconTag,
  IconTruck,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "./api";
import css from "./entries.module.css";
import { day, localDay } from "./format";
import { useLocale } from "./i18n";
import { Time } from "./time";

type Entry = Schema["Entry"];
export type Run = { first: Entry; more: Entry[] };

/** Runs of the same automatic event fold into one. */
export function runs(entries: Entry[]): Run[] {
  const found: Run[] = [];
  for (const entry of entries) {
    const last = found.at(-1);
    const isSame =
      last !== undefined &&
      entry.actor.type !== "user" &&
      last.first.type === entry.type &&
      last.first.actor.id === entry.actor.id &&
      onDay(last.first) === onDay(entry);
    if (isSame) last.more.push(entry);
    else found.push({ first: entry, more: [] });
  }
  return found;
}

const onDay = (entry: Entry) => localDay(new Date(entry.occurred_at));

/** What happened, by day: who did what, and when. */
export function Entries(props: {
  entries: Entry[];
  action?: (entry: Entry) => ReactNode;
  detail?: (entry: Entry) => ReactNode;
  /** What numbers the entries, at the end of their lines. */
  mark?: (entry: Entry) => ReactNode;
}) {
  const locale = useLocale();
  const days = Map.groupBy(runs(props.entries), ({ first }) => onDay(first));
  return [...days].map(([on, found]) => (
    <section key={on} className={css.day}>
      <h3 className="small quiet">{day(on, locale)}</h3>
      <ol>
        {found.map(({ first, more }) => (
          <li key={first.id} className={css.entry}>
            <Icon type={first.type} />
            <div className={css.what}>
              <Sentence entry={first} />
              {more.length > 0 && <Folded entries={more} mark={props.mark} />}
              {props.detail?.(first)}
            </div>
            <span className={css.end}>
              {props.action && <span className={css.action}>{props.action(first)}</span>}
              <Time at={first.occurred_at} />
              {props.mark && (
                <span className={`small quiet number ${css.mark}`}>{props.mark(first)}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  ));
}

function Sentence({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  return (
    <p className={css.sentence}>
      <strong className={css.actor}>{entry.actor.name ?? t(`actor.${entry.actor.type}`)}</strong>{" "}
      {entry.summary ?? entry.type}
    </p>
  );
}

function Folded(props: { entries: Entry[]; mark?: (entry: Entry) => ReactNode }) {
  const { entries, mark } = props;
  const { t } = useTranslation();
  return (
    <details className="small">
      <summary>{t("audit.folded", { count: entries.length })}</summary>
      {entries.map((entry) => (
        <div key={entry.id} className={css.folded}>
          <Sentence entry={entry} />
          <span className="small quiet number">{mark?.(entry)}</span>
        </div>
      ))}
    </details>
  );
}

const ICONS: [RegExp, typeof IconBolt][] = [
  [/invoice|credit/, IconFileInvoice],
  [/note/, IconNote],
  [/^file/, IconPaperclip],
  [/interaction/, IconMessage],
  [/tag/, IconTag],
  [/flag/, IconFlag],
  [/^account/, IconCash],
  [/^(?:order|quote)/, IconShoppingCart],
  [/^message/, IconMail],
  [/^service/, IconTruck],
  [/^rule/, IconRobot],
  [/^task/, IconChecklist],
  [/^customer/, IconPencil],
];

function Icon({ type }: { type: string }) {
  const Found = ICONS.find(([pattern]) => pattern.test(type))?.[1] ?? IconBolt;
  return <Found size={16} className={css.icon} aria-hidden />;
}
