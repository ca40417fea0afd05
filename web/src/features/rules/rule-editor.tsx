import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/rules";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { type Definition, EMPTY, latest, type Rule, sends } from "./definition";
import { Wrong, wrongAt } from "./errors";
import { useChangeRule, useCreateRule } from "./queries";
import { RuleForm } from "./rule-form";
import { RuleJson } from "./rule-json";
import css from "./rules.module.css";

type Props = {
  /** Left out of a new one. */
  rule?: Rule;
  onSaved: (id: string) => void;
  onRehearse?: () => void;
};

/** What a rule says, in fields or as the JSON that the service takes; both are the same. */
export function RuleEditor({ rule, onSaved, onRehearse }: Props) {
  const { t } = useTranslation("rules");
  const [definition, setDefinition] = useState<Definition>(
    rule === undefined ? EMPTY : latest(rule).definition,
  );
  const [isJson, setJson] = useState(false);
  const [isBroken, setBroken] = useState(false);
  const editor = useRef<HTMLDivElement>(null);
  const create = useCreateRule();
  const change = useChangeRule(rule?.id ?? "");
  const command = rule === undefined ? create : change;
  const refused = refusal(command.error);
  const needsRehearsal = refused?.problem.code === "rehearsal_needed";
  const save = (state: "draft" | "active") => {
    if (isBroken) return;
    command.mutate(
      { ...definition, state },
      {
        onSuccess: ({ id }) => onSaved(rule?.id ?? id),
        // The form is long: one is led to what is wrong in it.
        onError: () => requestAnimationFrame(() => firstWrong(editor.current)?.focus()),
      },
    );
  };
  const isActive = rule?.state === "active";
  return (
    <Wrong value={wrongAt(refused)}>
      <div ref={editor} className={`stack ${css.editor}`}>
        <div className="flush">
          <Button variant="subtle" disabled={isBroken} onClick={() => setJson(!isJson)}>
            {t(isJson ? "asForm" : "asJson")}
          </Button>
        </div>
        {isJson ? (
          <RuleJson definition={definition} onDefinition={setDefinition} onBroken={setBroken} />
        ) : (
          <RuleForm definition={definition} onDefinition={setDefinition} />
        )}
        {needsRehearsal ? (
          <p role="alert" className={css.wrong}>
            {t("rehearsalFirst")}
          </p>
        ) : (
          !(isJson && refused && refused.fields.length > 0) && <NotSaved error={command.error} />
        )}
        <div className="wrap">
          {sends(definition.then) ? (
            <Button variant="filled" loading={command.isPending} onClick={() => save("draft")}>
              {t("saveDraft")}
            </Button>
          ) : (
            <>
              <Button variant="filled" loading={command.isPending} onClick={() => save("active")}>
                {t(isActive ? "saveInForce" : "saveOn")}
              </Button>
              <Button disabled={command.isPending} onClick={() => save("draft")}>
                {t("saveDraft")}
              </Button>
            </>
          )}
          {needsRehearsal && onRehearse && <Button onClick={onRehearse}>{t("rehearse")}</Button>}
        </div>
        {sends(definition.then) && <p className="quiet">{t("sendsHint")}</p>}
      </div>
    </Wrong>
  );
}

function firstWrong(editor: HTMLElement | null) {
  return editor?.querySelector<HTMLElement>('[aria-invalid="true"]');
}
