import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { asWords } from "@/shared/text";
import { changesBetween } from "./changes";
import css from "./history.module.css";
import type { Entry } from "./moments";

const SHOWN = 3;
const WORDS = ["status", "type", "lifecycle"];

/** What happened at the moment, and what of the 360 it changed. */
export function Changed(props: {
  entries: Entry[];
  before: Customer | undefined;
  isFirst: boolean;
  customer: Customer;
}) {
  const { entries, before, isFirst, customer } = props;
  const { t } = useTranslation(["history", "translation"]);
  const word = (field: string, text: string) => (WORDS.includes(field) ? asWords(text) : text);
  const changes = before === undefined ? [] : changesBetween(before, customer);
  return (
    <div className={css.changed}>
      <h2 className="hidden">{t("changed")}</h2>
      <ul>
        {entries.slice(0, SHOWN).map((entry) => (
          <li key={entry.id}>
            <strong className={css.actor}>
              {entry.actor.name ?? t(`actor.${entry.actor.type}`, { ns: "translation" })}
            </strong>{" "}
            {entry.summary ?? entry.type}
          </li>
        ))}
        {entries.length > SHOWN && (
          <li className="quiet">{t("moreEvents", { count: entries.length - SHOWN })}</li>
        )}
      </ul>
      {isFirst && <p className="quiet">{t("beginning")}</p>}
      {changes.length > 0 && (
        <dl className={css.changes}>
          {changes.map(({ field, from, to }) => (
            <div key={field}>
              <dt className="small quiet">{t(`field.${field}`)}</dt>
              <dd>
                <del className="quiet">{word(field, from) || "–"}</del>
                <span aria-hidden>{" → "}</span>
                <ins className={css.now}>{word(field, to) || "–"}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
