import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/tasks";
import { refusal } from "@/shared/problem";
import { useMay, useMe } from "@/shared/session";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { CustomerChoice } from "./customer-choice";
import { type Task, useAddTask, useEditTask, useMembers } from "./queries";

type Props = {
  /** Left out of a new one. */
  task?: Task;
  /** Of a new one, where it is known. */
  customer?: string;
  onClose: () => void;
};

export function TaskDrawer({ task, customer, onClose }: Props) {
  const { t } = useTranslation("tasks");
  const { t: common } = useTranslation();
  const add = useAddTask();
  const edit = useEditTask(task?.id ?? "");
  const command = task === undefined ? add : edit;
  const [title, setTitle] = useState(known(task?.title) ?? "");
  const [due, setDue] = useState(task?.due_on ?? "");
  const [assignee, setAssignee] = useState(task?.assignee?.id ?? "");
  const [note, setNote] = useState(known(task?.note) ?? "");
  const [whose, setWhose] = useState<{ id: string; name: string }>();
  const [isChecked, setChecked] = useState(false);
  const refused = refusal(command.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (title.trim() === "") return;
    const content = {
      title: title.trim(),
      due_on: due === "" ? null : due,
      assignee: assignee === "" ? null : assignee,
      note: note.trim() === "" ? null : note.trim(),
    };
    const done = { onSuccess: onClose };
    if (task === undefined) {
      add.mutate({ ...content, customer: customer ?? whose?.id ?? null }, done);
    } else edit.mutate(content, done);
  };
  const isMissing = isChecked && title.trim() === "";
  return (
    <SideDrawer title={t(task === undefined ? "new" : "edit")} onClose={onClose}>
      <form className="form" onSubmit={send} noValidate>
        <TextInput
          label={t("task")}
          data-autofocus
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={isMissing ? t("titleMissing") : refused?.field("title")}
        />
        <TextInput
          label={t("due")}
          type="date"
          value={due}
          onChange={(event) => setDue(event.currentTarget.value)}
          error={refused?.field("due_on")}
        />
        <Assignee value={assignee} onChange={setAssignee} error={refused?.field("assignee")} />
        {task === undefined && customer === undefined && (
          <CustomerChoice chosen={whose} onChoose={setWhose} error={refused?.field("customer")} />
        )}
        <Textarea
          label={t("note")}
          rows={4}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={refused?.field("note")}
        />
        {(refused?.fields.length ?? 0) === 0 && <NotSaved error={command.error} />}
        <div className="row">
          <Button type="submit" variant="filled" loading={command.isPending}>
            {t(task === undefined ? "create" : "save")}
          </Button>
          <Button onClick={onClose}>{common("action.cancel")}</Button>
        </div>
      </form>
    </SideDrawer>
  );
}

function Assignee(props: {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}) {
  const { t } = useTranslation("tasks");
  const { user } = useMe();
  const members = useMembers(useMay()("user.read")).data ?? [user];
  return (
    <NativeSelect
      label={t("assignee")}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      error={props.error}
      data={[
        { value: "", label: t("nobody") },
        ...members.map(({ id, name }) => ({ value: id, label: known(name) ?? id })),
      ]}
    />
  );
}
