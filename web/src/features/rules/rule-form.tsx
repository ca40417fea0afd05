import { NumberInput, TextInput } from "@mantine/core";
import "@mantine/core/styles/NumberInput.css";
import { useTranslation } from "react-i18next";
import { ConditionForm } from "./condition-form";
import type { Definition, Limits } from "./definition";
import { useWrong } from "./errors";
import { useFields } from "./queries";
import css from "./rules.module.css";
import { ScopeForm } from "./scope-form";
import { StepsForm } from "./steps-form";
import { TriggerForm } from "./trigger-form";

export function RuleForm(props: {
  definition: Definition;
  onDefinition: (definition: Definition) => void;
}) {
  const { definition } = props;
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  const fields = useFields(definition.trigger.events ?? []);
  const set = (part: Partial<Definition>) => props.onDefinition({ ...definition, ...part });
  return (
    <div className="groups">
      <TextInput
        label={t("name")}
        value={definition.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={wrong("/name")}
      />
      <section className="stack">
        <h2>{t("when")}</h2>
        <TriggerForm trigger={definition.trigger} onTrigger={(trigger) => set({ trigger })} />
      </section>
      <section className="stack">
        <h2>{t("for")}</h2>
        <ScopeForm scope={definition.scope ?? {}} onScope={(scope) => set({ scope })} />
      </section>
      <section className="stack">
        <h2>{t("if")}</h2>
        <ConditionForm
          condition={definition.when ?? { all: [] }}
          fields={fields}
          pointer="/when"
          onCondition={(when) => set({ when })}
        />
      </section>
      <section className="stack">
        <h2>{t("thenDo")}</h2>
        <StepsForm
          steps={definition.then}
          fields={fields}
          pointer="/then"
          onSteps={(then) => set({ then })}
        />
      </section>
      <section className="stack">
        <h2>{t("limits")}</h2>
        <LimitsForm limits={definition.limits ?? {}} onLimits={(limits) => set({ limits })} />
        <TextInput
          label={t("zone")}
          description={t("zoneHint")}
          placeholder="Europe/Berlin"
          value={definition.time_zone ?? ""}
          onChange={(event) => set({ time_zone: event.currentTarget.value || null })}
          error={wrong("/time_zone")}
        />
      </section>
    </div>
  );
}

function LimitsForm(props: { limits: Limits; onLimits: (limits: Limits | null) => void }) {
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  const set = (name: keyof Limits) => (value: number | string) => {
    const next = { ...props.limits, [name]: typeof value === "number" ? value : undefined };
    const isNone = Object.values(next).every((limit) => limit == null);
    props.onLimits(isNone ? null : next);
  };
  const input = (name: keyof Limits, label: string) => (
    <NumberInput
      size="xs"
      label={label}
      placeholder={t("unlimited")}
      min={1}
      allowDecimal={false}
      hideControls
      value={props.limits[name] ?? ""}
      onChange={set(name)}
      error={wrong(`/limits/${name}`)}
    />
  );
  return (
    <div className={css.line}>
      {input("runs_per_hour", t("perHour"))}
      {input("runs_per_customer_per_day", t("perCustomer"))}
    </div>
  );
}
