import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { localDay } from "@/shared/format";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import css from "./interactions.module.css";
import { TYPES, type Type, useFollowUp, useLogInteraction } from "./queries";

/** One line, Ctrl+Enter: what was said, by which way, and what is to be done next. */
export function InteractionComposer(props: { customer: string; onClose: () => void }) {
  const { customer, onClose } = props;
  const { t } = useTranslation();
  const log = useLogInteraction(customer);
  const followUp = useFollowUp(customer);
  const [type, setType] = useState<Type>("call");
  const [note, setNote] = useState("");
  const [at, setAt] = useState("");
  const [due, setDue] = useState("");
  const [logged, setLogged] = useState<string>();
  const [taskError, setTaskError] = useState<Error | null>(null);
  const refused = refusal(log.error);
  const isFuture = at !== "" && new Date(at).getTime() > Date.now();

  const remind = async (cause: string | undefined) => {
    if (due === "") return onClose();
    const said = note.trim().split("\n")[0] ?? "";
    const title = said === "" ? t("interaction.followUpTitle") : said.slice(0, 120);
    try {
      await followUp({ title: t("interaction.followUp", { title }), due_on: due, cause });
      onClose();
    } catch (error) {
      setLogged(cause ?? "");
      setTaskError(error as Error);
    }
  };
  const send = () => {
    if (isFuture || log.isPending) return;
    if (logged !== undefined) return void remind(logged);
    log.mutate(
      {
        type,
        note: note.trim() === "" ? undefined : note.trim(),
        occurred_at: at === "" ? undefined : new Date(at).toISOString(),
      },
      { onSuccess: (done) => void remind(done.events[0]?.id) },
    );
  };

  return (
    <form
      className={css.composer}
      aria-label={t("interaction.log")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      noValidate
    >
      <div className={css.line}>
        <NativeSelect
          aria-label={t("interaction.type")}
          value={type}
          disabled={logged !== undefined}
          onChange={(event) => setType(event.currentTarget.value as Type)}
          data={TYPES.map((value) => ({ value, label: t(`interaction.${value}`) }))}
          error={refused?.field("type")}
        />
        <Textarea
          className={css.note}
          aria-label={t("interaction.note")}
          placeholder={t("interaction.noteHint")}
          autoFocus
          rows={1}
          disabled={logged !== undefined}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={refused?.field("note")}
        />
        <Button type="submit" variant="filled" loading={log.isPending}>
          {logged === undefined ? t("interaction.save") : t("interaction.saveTask")}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </div>
      <div className={css.line}>
        <TextInput
          type="datetime-local"
          label={t("interaction.when")}
          description={at === "" ? t("interaction.now") : undefined}
          inputWrapperOrder={["label", "input", "error", "description"]}
          disabled={logged !== undefined}
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
          error={isFuture ? t("interaction.future") : refused?.field("occurred_at")}
        />
        <TextInput
          type="date"
          label={t("interaction.followUpOn")}
          description={due === "" ? t("interaction.noFollowUp") : undefined}
          inputWrapperOrder={["label", "input", "error", "description"]}
          min={localDay(new Date())}
          value={due}
          onChange={(event) => setDue(event.currentTarget.value)}
        />
      </div>
      {refused?.problem.status !== 422 && <NotSaved error={log.error} />}
      <NotSaved error={taskError} />
    </form>
  );
}
