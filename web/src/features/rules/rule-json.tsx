import { Textarea } from "@mantine/core";
import { use, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Definition } from "./definition";
import { Wrong } from "./errors";
import { lineAt, nearestPlace } from "./json-place";
import css from "./rules.module.css";

/** The definition as text; what the service finds wrong is shown where it stands. */
export function RuleJson(props: {
  definition: Definition;
  onDefinition: (definition: Definition) => void;
  onBroken: (isBroken: boolean) => void;
}) {
  const { t } = useTranslation("rules");
  const faults = use(Wrong);
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => JSON.stringify(props.definition, null, 2));
  const [broken, setBroken] = useState<string>();
  const change = (next: string) => {
    setText(next);
    try {
      const read = JSON.parse(next) as Definition;
      const isRule =
        typeof read === "object" && read !== null && Array.isArray(read.then) && !!read.trigger;
      setBroken(isRule ? undefined : t("jsonShape"));
      props.onBroken(!isRule);
      if (isRule) props.onDefinition(read);
    } catch (error) {
      setBroken(t("jsonBroken", { reason: (error as Error).message }));
      props.onBroken(true);
    }
  };
  const show = (pointer: string) => {
    const { start, end } = nearestPlace(text, pointer);
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  };
  return (
    <div className="stack">
      <Textarea
        ref={field}
        className={css.json}
        label={t("json")}
        rows={24}
        spellCheck={false}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        error={broken}
      />
      {faults.map(({ pointer, detail, allowed }) => (
        <div key={pointer} className={css.wrong}>
          <button type="button" className="link" onClick={() => show(pointer)}>
            {t("line", { line: lineAt(text, nearestPlace(text, pointer).start) })}
          </button>{" "}
          {pointer}: {detail}
          {allowed.length > 0 && (
            <details className="small quiet">
              <summary>{t("allowed", { count: allowed.length })}</summary>
              {allowed.join(", ")}
            </details>
          )}
        </div>
      ))}
    </div>
  );
}
