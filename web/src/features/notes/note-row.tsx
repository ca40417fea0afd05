import { ActionIcon, Button, Menu, Textarea } from "@mantine/core";
import { IconDots, IconPin } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { Time } from "@/shared/time";
import { say } from "@/shared/toast";
import css from "./notes.module.css";
import { NEW, type Note, useDeleteNote, useEditNote, usePinNote } from "./queries";

type Mode = "read" | "edit" | "delete";

export function NoteRow(props: { customer: string; note: Note; mayWrite: boolean }) {
  const { customer, note } = props;
  const { t } = useTranslation();
  const [mode, setMode] = useState<Mode>("read");
  const text = known(note.text) ?? t("customer.erased");
  const isNew = note.id.startsWith(NEW);
  return (
    <li className={css.note} data-new={isNew}>
      <div className="between">
        <span className="wrap">
          {note.pinned && <IconPin size={16} aria-label={t("note.pinned")} />}
          <Badge tone={note.scope === "customer" ? "yellow" : "gray"}>
            {t(`scope.${note.scope}`)}
          </Badge>
          <span className="small quiet">{note.written_by.name}</span>
          <Time at={note.written_at} />
          {note.edited_at && <span className="small quiet">{t("note.edited")}</span>}
        </span>
        {props.mayWrite && !isNew && <NoteMenu customer={customer} note={note} onMode={setMode} />}
      </div>
      {mode === "edit" ? (
        <EditNote customer={customer} note={note} onDone={() => setMode("read")} />
      ) : (
        <p className="reading">{text}</p>
      )}
      {mode === "delete" && (
        <ConfirmDelete customer={customer} note={note.id} onDone={() => setMode("read")} />
      )}
    </li>
  );
}

function NoteMenu(props: { customer: string; note: Note; onMode: (mode: Mode) => void }) {
  const { note, onMode } = props;
  const { t } = useTranslation();
  const pin = usePinNote(props.customer);
  const toggle = () =>
    pin.mutate(
      { note: note.id, pinned: !note.pinned },
      { onError: (error) => say(t("state.notChanged", { reason: error.message })) },
    );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={24} aria-label={t("note.actions")}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onMode("edit")}>{t("note.edit")}</Menu.Item>
        <Menu.Item onClick={toggle}>{t(note.pinned ? "note.unpin" : "note.pin")}</Menu.Item>
        <Menu.Item onClick={() => onMode("delete")}>{t("note.delete")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function EditNote(props: { customer: string; note: Note; onDone: () => void }) {
  const { note, onDone } = props;
  const { t } = useTranslation();
  const edit = useEditNote(props.customer);
  const [began] = useState(known(note.text) ?? "");
  const [text, setText] = useState(began);
  const now = known(note.text) ?? "";
  // While it is being sent the row already shows what was typed.
  const isOthers = !edit.isPending && now !== began && now !== text;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "")
      edit.mutate({ note: note.id, text: text.trim() }, { onSuccess: onDone });
  };
  return (
    <form className="stack" onSubmit={save} noValidate>
      <Textarea
        aria-label={t("note.text")}
        autoFocus
        rows={4}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && onDone()}
        error={text.trim() === "" ? t("note.missing") : refusal(edit.error)?.field("text")}
      />
      {isOthers && (
        <div role="alert" className="stack small">
          <p>{t("conflict.note")}</p>
          <p className="reading quiet">{now}</p>
        </div>
      )}
      {refusal(edit.error)?.problem.status !== 422 && <NotSaved error={edit.error} />}
      <div className="row">
        <Button type="submit" loading={edit.isPending}>
          {t("note.saveEdit")}
        </Button>
        <Button variant="subtle" onClick={onDone}>
          {t("action.cancel")}
        </Button>
      </div>
    </form>
  );
}

function ConfirmDelete(props: { customer: string; note: string; onDone: () => void }) {
  const { t } = useTranslation();
  const remove = useDeleteNote(props.customer);
  return (
    <div className="stack">
      <div className="row">
        <Button
          color="red.9"
          variant="filled"
          autoFocus
          loading={remove.isPending}
          onClick={() => remove.mutate({ note: props.note })}
        >
          {t("note.delete")}
        </Button>
        <Button variant="subtle" onClick={props.onDone}>
          {t("note.keep")}
        </Button>
      </div>
      <NotSaved error={remove.error} />
    </div>
  );
}
