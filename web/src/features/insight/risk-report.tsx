import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Failure, Waiting } from "@/shared/states";
import css from "./insight.module.css";
import { MEASURES, type Measure, type Periods, STEPS, type Step } from "./periods";
import { useRiskReport } from "./queries";
import { OverTime, Whole } from "./risk-counts";

type Props = { periods: Periods; onPeriods: (periods: Periods) => void };

/** How many flags of each type were raised, cleared and open, in all and by period. */
export function RiskReport({ periods, onPeriods }: Props) {
  const { t } = useTranslation("insight");
  const { by = "month", show = "raised" } = periods;
  const report = useRiskReport(by);
  if (report.isPending) return <Waiting rows={9} />;
  if (report.isError) return <Failure error={report.error} retry={() => report.refetch()} />;
  return (
    <div className="groups">
      <Whole report={report.data} />
      <section className="stack">
        <h2>{t("report.overTime")}</h2>
        <div className={css.choices}>
          <NativeSelect
            label={t("report.by")}
            value={by}
            onChange={(event) => onPeriods({ ...periods, by: event.currentTarget.value as Step })}
            data={STEPS.map((value) => ({ value, label: t(`report.by_${value}`) }))}
          />
          <NativeSelect
            label={t("report.show")}
            value={show}
            onChange={(event) =>
              onPeriods({ ...periods, show: event.currentTarget.value as Measure })
            }
            data={MEASURES.map((value) => ({ value, label: t(`report.${value}`) }))}
          />
        </div>
        <OverTime report={report.data} by={by} show={show} />
      </section>
    </div>
  );
}
