import { Button, NativeSelect, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { refusal } from "@/shared/problem";
import { useMe } from "@/shared/session";
import { NotSaved } from "@/shared/states";
import css from "./notes.module.css";
import { type Scope, useAddNote } from "./queries";

/** A note, and who will read it: said before it is saved. */
export function NoteComposer({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const scopes = (useMe().note_scopes ?? []) as Scope[];
  const add = useAddNote(customer);
  const [text, setText] = useState("");
  const [chosen, setScope] = useState<Scope>();
  const [isMissing, setMissing] = useState(false);
  const scope = chosen ?? scopes[0];
  const refused = refusal(add.error);

  const save = () => {
    const note = text.trim();
    setMissing(note === "");
    if (note === "" || scope === undefined) return;
    setText("");
    // What was typed comes back if it was not saved, before what is being typed by then.
    add
      .mutateAsync({ text: note, scope })
      .catch(() => setText((now) => (now === "" ? note : `${note}\n\n${now}`)));
  };

  return (
    <form
      className={css.composer}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") (event.target as HTMLElement).blur();
      }}
      noValidate
    >
      <Textarea
        aria-label={t("note.text")}
        placeholder={t("note.hint")}
        rows={3}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={isMissing && text.trim() === "" ? t("note.missing") : refused?.field("text")}
      />
      <div className="wrap">
        <NativeSelect
          aria-label={t("note.scope")}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value as Scope)}
          data={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
        />
        <Button type="submit" variant="filled">
          {t("note.save")}
        </Button>
        {scope !== undefined && (
          <p className="small" data-warns={scope === "customer"}>
            <span className={scope === "customer" ? css.warning : "quiet"}>
              {t(`scope.${scope}Reads`)}
            </span>
          </p>
        )}
      </div>
      {refused?.problem.status !== 422 && <NotSaved error={add.error} />}
    </form>
  );
}
