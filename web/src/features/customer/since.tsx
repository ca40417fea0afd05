import { useTranslation } from "react-i18next";
import type { Schema } from "@/shared/api";
import { money } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import "@/shared/locales/visit";
import { useIsPast } from "@/shared/moment";
import { Time } from "@/shared/time";
import { counted } from "./counted";
import { useSince } from "./visit";
import css from "./visit.module.css";

type Told = Schema["SinceLastVisit"];

/** What people, money and rules did meanwhile: a sentence each, and nothing where nothing happened. */
export function Since({ customer }: { customer: string }) {
  const { t } = useTranslation("visit");
  const told = useSince(customer).data;
  const sentences = useSentences(told);
  if (useIsPast() || told === undefined) return null;
  if (told.since === null) return <p className="small quiet">{t("first")}</p>;
  if (sentences.length === 0) return null;
  return (
    <section className={css.since} aria-label={t("since")}>
      <h2 className="small quiet">
        {t("since")} · <Time at={told.since} />
      </h2>
      <ul>
        {sentences.map(({ who, what }) => (
          <li key={who}>{t("did", { who, what })}</li>
        ))}
      </ul>
    </section>
  );
}

type Sentence = { who: string; what: string };

function useSentences(told: Told | undefined): Sentence[] {
  const { t } = useTranslation("visit");
  const locale = useLocale();
  const list = (parts: string[]) => new Intl.ListFormat(locale).format(parts);
  const { people, automatic, money: sums = [] } = told ?? {};
  const sentences: Sentence[] = [];
  if (people !== undefined && people.entries > 0) {
    const names = people.users.map(({ name }) => name ?? t("somebody"));
    const who =
      names.length < 4 ? names : [...names.slice(0, 2), t("more", { count: names.length - 2 })];
    const what = counted(people.by_type).map(([kind, count]) => t(kind, { count }));
    sentences.push({ who: list(who), what: list(what) });
  }
  const documents = sums.flatMap(({ currency, invoices, payments, credit_notes }) =>
    (
      [
        ["invoices", invoices],
        ["payments", payments],
        ["creditNotes", credit_notes],
      ] as const
    )
      .filter(([, { count }]) => count > 0)
      .map(([kind, { count, amount }]) =>
        t(kind, { count, sum: `${money(amount, locale)} ${currency}` }),
      ),
  );
  if (sums.length > 0) {
    sentences.push({
      who: t("money"),
      what: documents.length > 0 ? list(documents) : t("account"),
    });
  }
  if (automatic !== undefined && automatic.entries > 0) {
    const rules = automatic.rules.map(({ name }) => name ?? t("somebody"));
    sentences.push({
      who: rules.length > 0 ? t("rules", { names: list(rules) }) : t("automatic"),
      what: t("entries", { count: automatic.entries }),
    });
  }
  return sentences;
}
