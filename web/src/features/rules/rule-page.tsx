import { Button, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/rules";
import { refusal } from "@/shared/problem";
import { useMay } from "@/shared/session";
import { Failure, NotSaved, Waiting } from "@/shared/states";
import { inForce, latest, type Rule, sends } from "./definition";
import { DefinitionView } from "./definition-view";
import { PARTS, type RulePart } from "./parts";
import { type Switch, useRule, useSwitchRule } from "./queries";
import { Rehearsal } from "./rehearsal";
import { RuleEditor } from "./rule-editor";
import { RuleState } from "./rule-state";
import css from "./rules.module.css";
import { Runs } from "./runs";

type Props = { id: string; part: RulePart; onPart: (part: RulePart) => void };

/** A rule: what it does, what it did, and what it would have done. */
export function RulePage({ id, part, onPart }: Props) {
  const { t } = useTranslation("rules");
  const rule = useRule(id);
  const mayAdmin = useMay()("rule.admin");
  if (rule.data === undefined) {
    return (
      <>
        <h1 className="hidden">{t("rule")}</h1>
        {rule.isError ? (
          <Failure error={rule.error} retry={() => rule.refetch()} />
        ) : (
          <Waiting rows={6} />
        )}
      </>
    );
  }
  const parts = PARTS.filter((one) => mayAdmin || one === "does" || one === "runs");
  return (
    <>
      <title>{`${rule.data.name} · Dossier`}</title>
      <div className="between">
        <div className="wrap">
          <h1>{rule.data.name}</h1>
          <RuleState rule={rule.data} />
        </div>
      </div>
      {mayAdmin && rule.data.state !== "archived" && (
        <Switches
          rule={rule.data}
          onRehearse={part === "rehearse" ? undefined : () => onPart("rehearse")}
        />
      )}
      <nav className={css.parts} aria-label={t("parts")}>
        {parts.map((one) => (
          <UnstyledButton
            key={one}
            className={css.part}
            aria-current={one === part}
            onClick={() => onPart(one)}
          >
            {t(`part_${one}`)}
          </UnstyledButton>
        ))}
      </nav>
      {part === "does" && <Versions rule={rule.data} />}
      {part === "change" && (
        <RuleEditor
          key={latest(rule.data).version}
          rule={rule.data}
          onSaved={() => onPart("does")}
          onRehearse={() => onPart("rehearse")}
        />
      )}
      {part === "runs" && <Runs rule={id} empty={t("noRuns")} />}
      {part === "rehearse" && <Rehearsal rule={rule.data} />}
    </>
  );
}

/** The version in force, and the one that waits beside it. */
function Versions({ rule }: { rule: Rule }) {
  const { t } = useTranslation("rules");
  const { version, definition } = latest(rule);
  const isTwo = version !== rule.rule_version;
  return (
    <div className="groups">
      {isTwo && (
        <section className="stack">
          <h2>{t("versionWaits", { version })}</h2>
          <DefinitionView definition={definition} />
        </section>
      )}
      <section className="stack">
        <h2>{t(isTwo ? "versionInForce" : "version", { version: rule.rule_version })}</h2>
        <DefinitionView definition={inForce(rule)} />
        <p className="small quiet">{t("owner", { name: rule.owner?.name ?? "–" })}</p>
      </section>
    </div>
  );
}

/** On, off, away; and what has to be done before. */
function Switches({ rule, onRehearse }: { rule: Rule; onRehearse: (() => void) | undefined }) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const turn = useSwitchRule(rule.id);
  const [isAsking, setAsking] = useState(false);
  const { version, definition } = latest(rule);
  const isNewer = version !== rule.rule_version;
  const isNeeded = sends(definition.then) && (rule.rehearsed_version ?? 0) !== version;
  const mayBegin = rule.state !== "active" || isNewer;
  const button = (step: Switch, label: string, isFilled = false) => (
    <Button
      variant={isFilled ? "filled" : "default"}
      loading={turn.isPending && turn.variables === step}
      onClick={() => turn.mutate(step)}
    >
      {label}
    </Button>
  );
  return (
    <div className="stack">
      <div className="wrap">
        {mayBegin && !isNeeded && button("activate", t("activate", { version }), true)}
        {mayBegin && isNeeded && onRehearse && (
          <Button variant="filled" onClick={onRehearse}>
            {t("rehearse")}
          </Button>
        )}
        {rule.state === "active" && button("deactivate", t("deactivate"))}
        {!isAsking && <Button onClick={() => setAsking(true)}>{t("archive")}</Button>}
      </div>
      {isAsking && (
        <div className="wrap">
          <p>{t("archiveSure")}</p>
          {button("archive", t("archive"))}
          <Button variant="subtle" onClick={() => setAsking(false)}>
            {common("action.cancel")}
          </Button>
        </div>
      )}
      {mayBegin && isNeeded && <p className="quiet">{t("rehearsalNeeded", { version })}</p>}
      {refusal(turn.error)?.problem.code === "rehearsal_needed" ? (
        <p role="alert" className={css.wrong}>
          {t("rehearsalNeeded", { version })}
        </p>
      ) : (
        <NotSaved error={turn.error} />
      )}
    </div>
  );
}
