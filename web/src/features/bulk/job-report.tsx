import { Progress as Bar } from "@mantine/core";
import "@mantine/core/styles/Progress.css";
import { useTranslation } from "react-i18next";
import { CustomerLink } from "@/shared/customer-link";
import { count } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import css from "./bulk.module.css";
import type { Job } from "./queries";

export function Progress({ job, said }: { job: Job | undefined; said: string }) {
  const { t } = useTranslation("bulk");
  const locale = useLocale();
  const total = job?.total ?? 0;
  const done = job?.done ?? 0;
  return (
    <div className="stack" role="status">
      <Bar value={total > 0 ? (100 * done) / total : 0} aria-label={said} size="sm" />
      <p className="small quiet">
        {total > 0
          ? t("running", { done: count(done, locale), total: count(total, locale) })
          : said}
      </p>
    </div>
  );
}

/** How many in which way, and who was refused for which reason. */
export function JobReport({ job, kind }: { job: Job; kind: "preview" | "done" | "undone" }) {
  const { t } = useTranslation("bulk");
  const locale = useLocale();
  const number = (value: number) => ({ count: value, text: count(value, locale) });
  const error = job.error as { detail?: string } | null | undefined;
  const rows = job.result?.rows ?? [];
  const first = { preview: "ok", done: "changed", undone: "undone" } as const;
  const second = { preview: "already", done: "already", undone: "untouched" } as const;
  if (error) return <p role="alert">{t("failed", { reason: error.detail ?? "" })}</p>;
  return (
    <div className="stack" role="status">
      <ul className={css.counts}>
        <li>
          <strong>
            {kind === "preview" && job.updated === 0
              ? t("nobody")
              : t(first[kind], number(job.updated))}
          </strong>
        </li>
        {job.unchanged > 0 && <li>{t(second[kind], number(job.unchanged))}</li>}
        {job.failed > 0 && <li>{t("refused", number(job.failed))}</li>}
      </ul>
      {rows.length > 0 && (
        <ul className={css.refused}>
          {rows.map((row) => (
            <li key={row.customer}>
              {row.name === null ? (
                <span className="quiet">{t("unknown")}</span>
              ) : (
                <CustomerLink id={row.customer} name={row.name} />
              )}
              <span className="small quiet">{row.detail}</span>
            </li>
          ))}
        </ul>
      )}
      {job.result?.complete === false && (
        <p className="small quiet">{t("shown", { count: rows.length })}</p>
      )}
      {job.report_url && (
        <a className="link" href={job.report_url} download>
          {t("report")}
        </a>
      )}
    </div>
  );
}
