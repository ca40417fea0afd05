import { ActionIcon, Button, CloseButton, NativeSelect } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ConditionForm } from "./condition-form";
import { type Condition, moved, replaced, type Step, withNow } from "./definition";
import { useWrong } from "./errors";
import type { Field } from "./queries";
import css from "./rules.module.css";
import { ACTIONS, StepFields } from "./step-fields";

type Props = {
  steps: Step[];
  fields: Field[];
  pointer: string;
  onSteps: (steps: Step[]) => void;
};

/** Steps in their order; a branch has steps of its own in both ways. */
export function StepsForm({ steps, fields, pointer, onSteps }: Props) {
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  return (
    <div>
      {steps.map((step, at) => (
        <StepForm
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name but their place
          key={at}
          step={step}
          number={at + 1}
          fields={fields}
          pointer={`${pointer}/${at}`}
          onStep={(next) => onSteps(replaced(steps, at, next))}
          onUp={at > 0 ? () => onSteps(moved(steps, at, -1)) : undefined}
          onDown={at < steps.length - 1 ? () => onSteps(moved(steps, at, 1)) : undefined}
        />
      ))}
      <div className="flush">
        <Button
          variant="subtle"
          onClick={() => onSteps([...steps, { action: "create_task", title: "" }])}
        >
          {t("addStep")}
        </Button>
      </div>
      {wrong(pointer) && <p className={css.wrong}>{wrong(pointer)}</p>}
    </div>
  );
}

function StepForm(props: {
  step: Step;
  number: number;
  fields: Field[];
  pointer: string;
  onStep: (step: Step | undefined) => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}) {
  const { step, number, fields, pointer, onStep, onUp, onDown } = props;
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  return (
    <div className={css.step}>
      <div className="row">
        <span className={`quiet ${css.number}`}>{number}</span>
        <NativeSelect
          aria-label={t("action", { number })}
          value={step.action}
          onChange={({ currentTarget: { value: action } }) =>
            onStep(
              action === "branch" ? { action, when: { all: [] }, then: [], else: [] } : { action },
            )
          }
          data={ACTIONS.map((value) => ({ value, label: t(`do_${value}`) }))}
          error={wrong(pointer) ?? wrong(`${pointer}/action`)}
        />
        <ActionIcon aria-label={t("up", { number })} disabled={!onUp} onClick={onUp}>
          <IconArrowUp size={16} />
        </ActionIcon>
        <ActionIcon aria-label={t("down", { number })} disabled={!onDown} onClick={onDown}>
          <IconArrowDown size={16} />
        </ActionIcon>
        <CloseButton aria-label={t("removeStep", { number })} onClick={() => onStep(undefined)} />
      </div>
      <StepFields step={step} fields={fields} pointer={pointer} onStep={onStep} />
      {step.action === "branch" && (
        <div className={css.tree}>
          <ConditionForm
            condition={(step.when as Condition | undefined) ?? { all: [] }}
            fields={withNow(fields, t("now"))}
            pointer={`${pointer}/when`}
            onCondition={(when) => onStep({ ...step, when })}
          />
          {(["then", "else"] as const).map((way) => (
            <div key={way}>
              <h3>{t(`way_${way}`)}</h3>
              <StepsForm
                steps={(step[way] as Step[] | undefined) ?? []}
                fields={fields}
                pointer={`${pointer}/${way}`}
                onSteps={(inner) => onStep({ ...step, [way]: inner })}
              />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
