import { useTranslation } from "react-i18next";
import {
  type Condition,
  childrenOf,
  type Definition,
  groupOf,
  type Leaf,
  type Step,
} from "./definition";
import { useChoices } from "./queries";
import css from "./rules.module.css";
import { useWords } from "./words";

/** What a version of a rule says, in words. */
export function DefinitionView({ definition }: { definition: Definition }) {
  const { t } = useTranslation("rules");
  const words = useWords();
  const { trigger, scope, when, then, limits, time_zone } = definition;
  return (
    <dl className={css.answers}>
      <dt>{t("when")}</dt>
      <dd>{words.trigger(trigger)}</dd>
      <dt>{t("for")}</dt>
      <dd>
        <ScopeWords scope={scope} />
      </dd>
      <dt>{t("if")}</dt>
      <dd>{when ? <Tree condition={when} /> : t("always")}</dd>
      <dt>{t("thenDo")}</dt>
      <dd>
        <Steps steps={then} />
      </dd>
      {limits && (
        <>
          <dt>{t("limits")}</dt>
          <dd>
            {limits.runs_per_hour != null && (
              <p>{t("perHourWords", { count: limits.runs_per_hour })}</p>
            )}
            {limits.runs_per_customer_per_day != null && (
              <p>{t("perCustomerWords", { count: limits.runs_per_customer_per_day })}</p>
            )}
          </dd>
        </>
      )}
      {time_zone && (
        <>
          <dt>{t("zone")}</dt>
          <dd>{time_zone}</dd>
        </>
      )}
    </dl>
  );
}

function ScopeWords({ scope }: { scope: Definition["scope"] }) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const folders = useChoices("folders").data ?? [];
  const name = (id: string) => folders.find((folder) => folder.id === id)?.name ?? id;
  const parts = [
    scope?.folders?.length && t("inFolders", { names: scope.folders.map(name).join(", ") }),
    scope?.types?.map((type) => common(`type.${type}` as "type.person")).join(", "),
    scope?.tags?.length && t("withTags", { tags: scope.tags.join(", ") }),
  ].filter(Boolean);
  return parts.length === 0 ? t("everyCustomer") : parts.join(" · ");
}

function Tree({ condition }: { condition: Condition }) {
  const { t } = useTranslation("rules");
  const words = useWords();
  const group = groupOf(condition);
  if (group === undefined) return <p>{words.leaf(condition as Leaf)}</p>;
  return (
    <div className="stack">
      <p className="quiet">{t(`group_${group}`)}</p>
      <div className={css.tree}>
        {childrenOf(condition).map((child) => (
          <Tree key={JSON.stringify(child)} condition={child} />
        ))}
      </div>
    </div>
  );
}

function Steps({ steps }: { steps: Step[] }) {
  const { t } = useTranslation("rules");
  const words = useWords();
  return (
    <ol className={css.steps}>
      {steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name but their place
        <li key={at}>
          <span className={`quiet ${css.number}`}>{at + 1}</span>
          <div className="stack">
            <p>{words.step(step)}</p>
            {step.action === "branch" &&
              (["then", "else"] as const).map((way) => {
                const inner = step[way] as Step[] | undefined;
                if (!inner?.length) return null;
                return (
                  <div key={way} className={css.tree}>
                    <p className="quiet">{t(`way_${way}`)}</p>
                    <Steps steps={inner} />
                  </div>
                );
              })}
          </div>
        </li>
      ))}
    </ol>
  );
}
