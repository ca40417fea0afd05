import { useTranslation } from "react-i18next";
import type { Schema } from "@/shared/api";
import { count, day } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import type { Risk } from "@/shared/risk-flags";
import css from "./insight.module.css";
import { MEASURES, type Measure, periodName, type Step } from "./periods";

type Report = Schema["RiskFlagReport"];

/** The whole time in one row for each type. */
export function Whole({ report }: { report: Report }) {
  const { t } = useTranslation("insight");
  const words = useTranslation().t;
  const locale = useLocale();
  const sums = MEASURES.map((measure) => sum(report.types.map((row) => row[measure])));
  return (
    <section className="stack">
      <h2>{t("report.between", { from: day(report.from, locale), to: day(report.to, locale) })}</h2>
      <table className={`table ${css.narrow}`}>
        <thead>
          <tr>
            <th>{words("risk.type")}</th>
            {MEASURES.map((measure) => (
              <th key={measure} className="number">
                {t(`report.${measure}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.types.map((row) => (
            <tr key={row.type}>
              <td>{words(`risk.${row.type as Risk}`)}</td>
              {MEASURES.map((measure) => (
                <Count key={measure} label={t(`report.${measure}`)} value={row[measure]} />
              ))}
            </tr>
          ))}
          <tr className={css.whole}>
            <td>{t("report.all")}</td>
            {MEASURES.map((measure, at) => (
              <Count key={measure} label={t(`report.${measure}`)} value={sums[at] ?? 0} />
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** One count, a column for each period. */
export function OverTime(props: { report: Report; by: Step; show: Measure }) {
  const { report, by, show } = props;
  const words = useTranslation().t;
  const locale = useLocale();
  const { t } = useTranslation("insight");
  const names = report.periods.map(({ from }) => periodName(from, by, locale));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={css.wide} tabIndex={0} aria-label={t("report.overTime")}>
      <table className="table">
        <thead>
          <tr>
            <th>{words("risk.type")}</th>
            {names.map((name, at) => (
              <th key={report.periods[at]?.from} className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.types.map(({ type }, row) => (
            <tr key={type}>
              <td>{words(`risk.${type as Risk}`)}</td>
              {report.periods.map(({ from, types }, at) => (
                <Count key={from} label={names[at] ?? from} value={types[row]?.[show] ?? 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Count({ label, value }: { label: string; value: number }) {
  const locale = useLocale();
  return (
    <td className={`number ${value === 0 ? `quiet ${css.none}` : ""}`} data-label={label}>
      {count(value, locale)}
    </td>
  );
}

function sum(values: number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
