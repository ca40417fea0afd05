import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/rules";
import { Badge } from "@/shared/badges";
import { rowsOf } from "@/shared/customer";
import { NotSaved, Waiting } from "@/shared/states";
import { say } from "@/shared/toast";
import { type Foreseen, useRules, useRunByHand } from "./queries";
import css from "./rules.module.css";
import { Trace } from "./runs";
import { TONES, useWords } from "./words";

/** A rule for this customer now: first what would come of it, then the run. */
export function RunByHand({ customer }: { customer: string }) {
  const { t } = useTranslation("rules");
  const rules = rowsOf(useRules(undefined).data).filter(({ state }) => state === "active");
  const [chosen, choose] = useState("");
  const { preview, run } = useRunByHand(chosen, customer);
  const name = rules.find(({ id }) => id === chosen)?.name ?? "";
  if (rules.length === 0) return <p className="quiet">{t("runNone")}</p>;
  return (
    <div className="stack">
      <NativeSelect
        aria-label={t("runChoose")}
        value={chosen}
        onChange={(event) => {
          run.reset();
          choose(event.currentTarget.value);
        }}
        data={[
          { value: "", label: t("runChoose") },
          ...rules.map((rule) => ({ value: rule.id, label: rule.name })),
        ]}
      />
      {chosen !== "" && preview.isPending && <Waiting rows={2} />}
      <NotSaved error={preview.error ?? run.error} />
      {chosen !== "" && preview.data && (
        <>
          <Preview foreseen={preview.data} />
          <div className="row">
            <Button
              variant="filled"
              loading={run.isPending}
              onClick={() =>
                run.mutate(undefined, {
                  onSuccess: () => {
                    choose("");
                    say(t("runStarted", { name }));
                  },
                })
              }
            >
              {t("run")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function Preview({ foreseen }: { foreseen: Foreseen }) {
  const { t } = useTranslation("rules");
  const words = useWords();
  return (
    <div className="stack">
      <p className="wrap">
        {t("would")}: <Badge tone={TONES[foreseen.outcome]}>{t(`is_${foreseen.outcome}`)}</Badge>
      </p>
      {foreseen.reason && <p className={`quiet ${css.reason}`}>{foreseen.reason}</p>}
      <Trace steps={foreseen.steps} />
      {foreseen.conditions.length > 0 && (
        <details className="small">
          <summary>{t("conditions")}</summary>
          <ul>
            {foreseen.conditions.map((met) => (
              <li key={`${met.field} ${met.op}`}>
                {words.leaf(met)}: {t(`is_${met.holds}` as "is_true")}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
