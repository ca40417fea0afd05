import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import "@/shared/locales/insight";
import { RiskReport } from "@/features/insight/risk-report";
import { useMay } from "@/shared/session";
import { Empty } from "@/shared/states";
import { Frame } from "./frame";

const PATH = "/organizations/$organisation/reports/risk-flags";

export function RiskReportPage() {
  const { t } = useTranslation("insight");
  const may = useMay();
  const periods = useSearch({ from: PATH });
  const navigate = useNavigate({ from: PATH });
  return (
    <Frame title={t("report.title")}>
      <h1>{t("report.title")}</h1>
      {may("risk.read") ? (
        <RiskReport
          periods={periods}
          onPeriods={(search) => void navigate({ search, replace: true })}
        />
      ) : (
        <Empty>{t("report.notForYou")}</Empty>
      )}
    </Frame>
  );
}
