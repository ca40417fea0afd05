import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { CustomerLink } from "@/shared/customer-link";
import { useCustomerNames } from "@/shared/names";
import { Empty } from "@/shared/states";
import type { Tone } from "@/shared/theme";
import { Day } from "@/shared/time";
import { type Rehearsed as Found, OUTCOMES } from "./queries";
import { Trace } from "./runs";
import { eventWords, TONES } from "./words";

/** What a rehearsal found: how many runs would have ended how, and each of them. */
export function Rehearsed({ result, report }: { result: Found; report?: string | null }) {
  const { t } = useTranslation("rules");
  const names = useCustomerNames(result.runs.map(({ customer }) => customer));
  const total = Object.values(result.counts).reduce((sum, count) => sum + count, 0);
  return (
    <section className="stack">
      <h2>{t("wouldRun", { count: total })}</h2>
      <p className="quiet">
        {t("lookedThrough", { events: result.events, customers: result.customers })}{" "}
        {t("nothingDone")}
      </p>
      <p className="wrap">
        {OUTCOMES.map((outcome) => {
          const count = result.counts[outcome];
          return count ? (
            <Badge key={outcome} tone={TONES[outcome]}>{`${t(`is_${outcome}`)}: ${count}`}</Badge>
          ) : null;
        })}
        {Object.entries(result.compared ?? {}).map(([how, count]) => (
          <Badge key={how} tone="indigo">
            {`${t(`compared_${how}` as "compared_same", { version: result.active_version })}: ${count}`}
          </Badge>
        ))}
      </p>
      {result.unreadable_customers > 0 && (
        <p className="quiet">{t("unreadable", { count: result.unreadable_customers })}</p>
      )}
      {result.runs.length === 0 ? (
        <Empty>{t("wouldNotRun")}</Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>{t("customer")}</th>
              <th>{t("event")}</th>
              <th>{t("day")}</th>
              <th>{t("would")}</th>
              <th>{t("why")}</th>
              {result.active_version !== null && (
                <th>{t("against", { version: result.active_version })}</th>
              )}
            </tr>
          </thead>
          <tbody>
            {result.runs.map((run) => (
              <Row
                key={`${run.event ?? run.at}-${run.customer}`}
                run={run}
                name={names.get(run.customer)}
                active={result.active_version}
              />
            ))}
          </tbody>
        </table>
      )}
      {!result.complete && (
        <p>
          {t("firstOnly", { count: result.runs.length })}{" "}
          {report && (
            <a className="underlined" href={report} download>
              {t("report")}
            </a>
          )}
        </p>
      )}
    </section>
  );
}

const COMPARED: Record<string, Tone> = { same: "gray", differs: "yellow" };

function Row(props: {
  run: Found["runs"][number];
  name: string | undefined;
  active: number | null;
}) {
  const { run, name, active } = props;
  const { t } = useTranslation("rules");
  return (
    <tr>
      <td>
        {name ? <CustomerLink id={run.customer} name={name} /> : <span className="quiet">–</span>}
      </td>
      <td className="quiet">{eventWords(run.event_type)}</td>
      <td>
        <Day on={run.at} />
      </td>
      <td>
        {run.outcome ? (
          <Badge tone={TONES[run.outcome]}>{t(`is_${run.outcome}`)}</Badge>
        ) : (
          <span className="quiet">{t("notRun")}</span>
        )}
      </td>
      <td className="quiet">
        {run.reason && <p>{run.reason}</p>}
        {run.steps.length > 0 && (
          <details>
            <summary>{t("trace", { count: run.steps.length })}</summary>
            <Trace steps={run.steps} />
          </details>
        )}
      </td>
      {active !== null && (
        <td>
          {run.compared && (
            <Badge tone={COMPARED[run.compared] ?? "indigo"}>
              {t(`compared_${run.compared}` as "compared_same", { version: active })}
            </Badge>
          )}
        </td>
      )}
    </tr>
  );
}
