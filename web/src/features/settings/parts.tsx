import { Button, CopyButton } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./settings.module.css";

/** A part of the settings: what it is for, and the one way to add to it. */
export function Part(props: {
  title: string;
  hint?: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={css.part}>
      <div className="between">
        <h2>{props.title}</h2>
        {props.action}
      </div>
      {props.hint && <p className="quiet reading">{props.hint}</p>}
      {props.children}
    </section>
  );
}

/** That a change is made, where nothing else shows it. */
export function Saved({ isSaved }: { isSaved: boolean }) {
  const { t } = useTranslation("settings");
  return (
    <span role="status" className="small quiet">
      {isSaved && t("saved")}
    </span>
  );
}

/** A deed that is asked for twice: what goes is said before it goes. */
export function Sure(props: {
  label: string;
  name: string;
  question: string;
  busy: boolean;
  onSure: () => void;
}) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return (
      <Button
        variant="subtle"
        aria-label={`${props.label}: ${props.name}`}
        onClick={() => setAsked(true)}
      >
        {props.label}
      </Button>
    );
  }
  return (
    <span className={css.sure} role="alert">
      {props.question}
      <span className="row">
        <Button color="red.9" variant="filled" loading={props.busy} onClick={props.onSure}>
          {props.label}
        </Button>
        <Button autoFocus onClick={() => setAsked(false)}>
          {t("action.cancel")}
        </Button>
      </span>
    </span>
  );
}

/** What is shown this once. Where it is all that a drawer still has to say, it closes it. */
export function Secret(props: { label: string; text: string; hint: string; onClose?: () => void }) {
  const { label, text, hint, onClose } = props;
  const { t } = useTranslation(["settings", "translation"]);
  return (
    <div className="groups">
      <div className={css.secret} role="status">
        <p>
          <strong>{label}</strong> {hint}
        </p>
        <code className={css.code}>{text}</code>
        <CopyButton value={text} timeout={1500}>
          {({ copied, copy }) => (
            <div>
              <Button onClick={copy}>{copied ? t("copied") : t("copy")}</Button>
            </div>
          )}
        </CopyButton>
      </div>
      {onClose && (
        <div>
          <Button onClick={onClose}>{t("action.close", { ns: "translation" })}</Button>
        </div>
      )}
    </div>
  );
}

/** Several of a list. */
export function Checks<Value extends string>(props: {
  legend: string;
  all: { value: Value; label: string }[];
  chosen: readonly Value[];
  onChosen: (chosen: Value[]) => void;
  error?: string;
}) {
  const { chosen, onChosen } = props;
  return (
    <fieldset className={css.checks}>
      <legend className="small">{props.legend}</legend>
      {props.all.map(({ value, label }) => (
        <label key={value} className={css.check}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ currentTarget: { checked } }) =>
              onChosen(checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          />
          {label}
        </label>
      ))}
      {props.error && <p className={css.wrong}>{props.error}</p>}
    </fieldset>
  );
}
