import { useTranslation } from "react-i18next";
import { day, isZero } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { Money } from "@/shared/money";
import { Day } from "@/shared/time";
import css from "./insight.module.css";
import { howLikely, share, some } from "./likely";
import type { Insight } from "./queries";

type Said = NonNullable<Insight["repurchase"]>;

/** What is expected, in words, and the day up to which that looks. */
export function Repurchase({ said }: { said: Said }) {
  const { t } = useTranslation("insight");
  return (
    <section className="stack">
      <h2>{t("repurchase.title")}</h2>
      <Statement said={said} />
      {said.last_order !== null && <Facts said={said} />}
    </section>
  );
}

/** What was expected then is not known: a forecast follows from what everybody bought since. */
export function NoForecast() {
  const { t } = useTranslation("insight");
  return (
    <section className="stack">
      <h2>{t("repurchase.title")}</h2>
      <p className="quiet">{t("repurchase.notThen")}</p>
    </section>
  );
}

function Statement({ said }: { said: Said }) {
  const { t } = useTranslation("insight");
  const locale = useLocale();
  const until = said.observed_until === null ? "" : day(said.observed_until, locale);
  if (said.state !== "model") {
    return (
      <p className="reading" aria-live="polite">
        {t(`repurchase.${said.state}`, { count: said.customers_needed ?? 0, until })}
      </p>
    );
  }
  const chance = said.probability_alive ?? 0;
  const horizon = said.until === null ? "" : day(said.until, locale);
  const purchases = some(said.expected_purchases ?? 0, locale);
  return (
    <p className="reading">
      {t(`repurchase.is_${howLikely(chance)}`, { until, chance: share(chance, locale) })}{" "}
      {purchases === undefined
        ? t("repurchase.hardly", { horizon })
        : t("repurchase.expected", { purchases, horizon })}
    </p>
  );
}

function Facts({ said }: { said: Said }) {
  const { t } = useTranslation("insight");
  const { last_order: last, usual_gap_days: gap, expected_value: worth } = said;
  return (
    <dl className={css.facts}>
      {last !== null && (
        <Fact label={t("repurchase.last")}>
          <Day on={last} />
        </Fact>
      )}
      {gap !== null && (
        <Fact label={t("repurchase.gap")}>{t("repurchase.days", { count: gap })}</Fact>
      )}
      <Fact label={t("repurchase.bought")}>
        {t("repurchase.days", { count: said.purchase_days })}
      </Fact>
      {worth
        ?.filter(({ amount }) => !isZero(amount))
        .map(({ amount, currency }) => (
          <Fact key={currency} label={t("repurchase.worth")}>
            <Money amount={amount} currency={currency} />
          </Fact>
        ))}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="small quiet">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
