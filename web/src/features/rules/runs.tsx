import { Button, NativeSelect } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/rules";
import { Badge } from "@/shared/badges";
import { rowsOf } from "@/shared/customer";
import { CustomerLink } from "@/shared/customer-link";
import { More } from "@/shared/more";
import { useCustomerNames } from "@/shared/names";
import { useMay } from "@/shared/session";
import { Empty, NoRows, NotSaved } from "@/shared/states";
import { Time } from "@/shared/time";
import {
  OUTCOMES,
  type Outcome,
  type Run,
  type StepResult,
  useRetry,
  useRules,
  useRuns,
} from "./queries";
import css from "./rules.module.css";
import { eventWords, TONES } from "./words";

type Props = { rule?: string; outcome?: Outcome; empty: string };

/** Runs with what came of each step; one that failed goes on where a person says so. */
export function Runs({ rule, outcome, empty }: Props) {
  const { t } = useTranslation("rules");
  const [chosen, choose] = useState<Outcome>();
  const list = useRuns({ rule, outcome: outcome ?? chosen });
  const rows = rowsOf(list.data);
  const names = useCustomerNames(rows.map(({ customer }) => customer));
  return (
    <>
      {outcome === undefined && (
        <div>
          <NativeSelect
            className={css.choice}
            aria-label={t("outcome")}
            value={chosen ?? ""}
            onChange={(event) => choose(OUTCOMES.find((one) => one === event.currentTarget.value))}
            data={[
              { value: "", label: t("anyOutcome") },
              ...OUTCOMES.map((value) => ({ value, label: t(`is_${value}`) })),
            ]}
          />
        </div>
      )}
      <NoRows list={list} count={rows.length}>
        <Empty>{chosen === undefined ? empty : t("noneSuch", { what: t(`is_${chosen}`) })}</Empty>
      </NoRows>
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>{t("customer")}</th>
              {rule === undefined && <th>{t("rule")}</th>}
              <th>{t("outcome")}</th>
              <th>{t("because")}</th>
              <th>{t("at")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((run) => (
              <Row
                key={run.id}
                run={run}
                name={names.get(run.customer ?? "")}
                isOfAll={rule === undefined}
              />
            ))}
          </tbody>
        </table>
      )}
      <More list={list} />
    </>
  );
}

function Row({ run, name, isOfAll }: { run: Run; name: string | undefined; isOfAll: boolean }) {
  const { t } = useTranslation("rules");
  return (
    <tr>
      <td>
        {run.customer && name ? (
          <CustomerLink id={run.customer} name={name} />
        ) : (
          <span className="quiet">–</span>
        )}
      </td>
      {isOfAll && (
        <td>
          <RuleName id={run.rule} />
        </td>
      )}
      <td>
        <Badge tone={TONES[run.outcome]}>{t(`is_${run.outcome}`)}</Badge>
      </td>
      <td className="quiet">
        <p>{run.reason ?? eventWords(run.trigger_type ?? "")}</p>
        <details>
          <summary>{t("trace", { count: run.steps.length })}</summary>
          <Trace steps={run.steps} />
          {run.outcome === "failed" && <Retry run={run} />}
        </details>
      </td>
      <td>
        <Time at={run.finished_at ?? run.created_at} />
      </td>
    </tr>
  );
}

function RuleName({ id }: { id: string }) {
  const { organisation = "" } = useParams({ strict: false });
  const rule = rowsOf(useRules(undefined).data).find((one) => one.id === id);
  return (
    <Link
      className="underlined"
      to="/organizations/$organisation/rules/$rule"
      params={{ organisation, rule: id }}
    >
      {rule?.name ?? "–"}
    </Link>
  );
}

/** What came of each step. */
export function Trace({ steps }: { steps: StepResult[] }) {
  const { t } = useTranslation("rules");
  return (
    <ol className={css.steps}>
      {steps.map(({ step, action, outcome, reason, took }) => (
        <li key={step}>
          <span className={css.number}>{step}</span>
          <span>
            {t(`do_${action}` as "do_add_tag")} · {t(`is_${outcome}`)}
            {took && ` · ${t(`way_${took}` as "way_then")}`}
            {reason && <span className={css.reason}>: {reason}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** From the step that failed on; what was done before it is not done again. */
function Retry({ run }: { run: Run }) {
  const { t } = useTranslation("rules");
  const mayAdmin = useMay()("rule.admin");
  const retry = useRetry();
  const failed = run.steps.find(({ outcome }) => outcome === "failed")?.step;
  if (!mayAdmin) return null;
  return (
    <div className="stack">
      <div>
        <Button loading={retry.isPending} onClick={() => retry.mutate({ run: run.id })}>
          {failed === undefined ? t("retry") : t("retryFrom", { step: failed })}
        </Button>
      </div>
      <NotSaved error={retry.error} />
    </div>
  );
}
