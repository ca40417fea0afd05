import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "@/shared/api";
import { Badge } from "@/shared/badges";
import { rowsOf } from "@/shared/customer";
import { More } from "@/shared/more";
import { Empty, NoRows, NotSaved } from "@/shared/states";
import type { Tone } from "@/shared/theme";
import { Time } from "@/shared/time";
import { useChange } from "./change";
import { type Delivery, useDeliveries } from "./queries";
import css from "./settings.module.css";

const OUTCOMES = ["pending", "delivered", "failed"] as const;
const TONES: Record<Delivery["outcome"], Tone> = {
  pending: "yellow",
  delivered: "teal",
  failed: "red",
};

/** What was sent to a webhook in the last thirty days, and what it answered. */
export function Deliveries({ webhook }: { webhook: string }) {
  const { t } = useTranslation("settings");
  const [outcome, setOutcome] = useState("");
  const list = useDeliveries(webhook, outcome);
  const rows = rowsOf(list.data);
  return (
    <section className="stack">
      <div className="between">
        <h3>{t("deliveries.title")}</h3>
        <NativeSelect
          aria-label={t("deliveries.outcome")}
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value)}
          data={[
            { value: "", label: t("deliveries.all") },
            ...OUTCOMES.map((value) => ({ value, label: t(`deliveries.${value}`) })),
          ]}
        />
      </div>
      <NoRows list={list} count={rows.length}>
        <Empty>{t("deliveries.empty")}</Empty>
      </NoRows>
      <ul className="groups">
        {rows.map((row) => (
          <li key={row.id} className="stack">
            <Row webhook={webhook} row={row} />
          </li>
        ))}
      </ul>
      <More list={list} />
    </section>
  );
}

function Row({ webhook, row }: { webhook: string; row: Delivery }) {
  const { t } = useTranslation("settings");
  const redeliver = useChange((_: undefined, key) =>
    api.POST("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", {
      params: { path: { webhook_id: webhook, delivery_id: row.id }, header: once(key) } as never,
    }),
  );
  return (
    <>
      <div className="between">
        <span className="wrap">
          <Badge tone={TONES[row.outcome]}>{t(`deliveries.${row.outcome}`)}</Badge>
          {row.event.type}
          <Time at={row.created_at} />
        </span>
        <Button
          variant="subtle"
          aria-label={`${t("deliveries.again")}: ${row.event.type}`}
          loading={redeliver.isPending}
          onClick={() => redeliver.mutate(undefined)}
        >
          {t("deliveries.again")}
        </Button>
      </div>
      {row.next_attempt_at && row.outcome === "pending" && (
        <p className="small quiet">
          {t("deliveries.next")} <Time at={row.next_attempt_at} />
        </p>
      )}
      <NotSaved error={redeliver.error} />
      <details>
        <summary className="small">
          {t("deliveries.attempts", { count: row.attempts.length })}
        </summary>
        <div className="stack">
          {row.attempts.map((attempt) => (
            <div key={attempt.at} className="small">
              <p>
                <Time at={attempt.at} /> · {attempt.status ?? attempt.error} ·{" "}
                {t("deliveries.took", { count: attempt.took_ms })}
              </p>
              {attempt.response && <pre className={css.body}>{attempt.response}</pre>}
              {!attempt.sent_as_shown && <p className="quiet">{t("deliveries.notAsShown")}</p>}
            </div>
          ))}
          {row.request && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it takes the keys
            <pre className={css.body} tabIndex={0}>
              {JSON.stringify(row.request, null, 2)}
            </pre>
          )}
        </div>
      </details>
    </>
  );
}
