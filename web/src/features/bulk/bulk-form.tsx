import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Checkbox.css";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/shared/session";
import { asWords, known } from "@/shared/text";
import { COMMANDS, type Command, useFolders, useMembers } from "./queries";

export type Wish = { command: { type: Command; data: Record<string, string> }; run_rules: boolean };

/** What each command is told, by the field of its data. */
const FIELD: Record<Command, "status" | "folder" | "tag" | "user"> = {
  "customer.change_status": "status",
  "customer.move_folder": "folder",
  "customer.tag": "tag",
  "customer.untag": "tag",
  "customer.assign_worker": "user",
  "customer.unassign_worker": "user",
};

export function BulkForm(props: {
  command: Command;
  folder: string | undefined;
  isBusy: boolean;
  refused: string | undefined;
  onChange: () => void;
  onLook: (wish: Wish) => void;
}) {
  const { t } = useTranslation("bulk");
  const [command, setCommand] = useState(props.command);
  const [value, setValue] = useState("");
  const [rules, setRules] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const field = FIELD[command];
  const change = (next: () => void) => {
    next();
    setMissing(false);
    props.onChange();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    setMissing(value.trim() === "");
    if (value.trim() === "") return;
    props.onLook({ command: { type: command, data: { [field]: value.trim() } }, run_rules: rules });
  };
  const told = { error: isMissing ? t("missing") : props.refused };
  return (
    <form className="form" onSubmit={send} noValidate>
      <NativeSelect
        label={t("command")}
        value={command}
        onChange={({ currentTarget }) =>
          change(() => {
            const next = COMMANDS.find((one) => one === currentTarget.value);
            if (next === undefined) return;
            setCommand(next);
            if (FIELD[next] !== field) setValue("");
          })
        }
        data={COMMANDS.map((one) => ({ value: one, label: t(one) }))}
      />
      {field === "tag" ? (
        <TextInput
          label={t("tag")}
          data-autofocus
          maxLength={64}
          value={value}
          onChange={({ currentTarget }) => change(() => setValue(currentTarget.value))}
          {...told}
        />
      ) : (
        <Options
          field={field}
          folder={props.folder}
          value={value}
          onValue={(next) => change(() => setValue(next))}
          {...told}
        />
      )}
      <Checkbox
        label={t("rules")}
        description={t("rulesHint")}
        checked={rules}
        onChange={({ currentTarget }) => change(() => setRules(currentTarget.checked))}
      />
      <div className="row">
        <Button type="submit" loading={props.isBusy}>
          {t("check")}
        </Button>
      </div>
    </form>
  );
}

function Options(props: {
  field: "status" | "folder" | "user";
  folder: string | undefined;
  value: string;
  onValue: (value: string) => void;
  error: string | undefined;
}) {
  const { field } = props;
  const { t } = useTranslation("bulk");
  const may = useMay();
  const folders = useFolders().data ?? [];
  const members = useMembers(field === "user" && may("user.read")).data ?? [];
  const within = folders.filter(({ id }) => props.folder === undefined || id === props.folder);
  const statuses = [...new Set(within.flatMap((folder) => folder.statuses))];
  const options = {
    status: statuses.map((status) => ({ value: status, label: asWords(status) })),
    folder: folders.map(({ id, name }) => ({ value: id, label: name })),
    user: members.map(({ id, name }) => ({ value: id, label: known(name) ?? id })),
  };
  return (
    <NativeSelect
      label={t(field === "user" ? "worker" : field)}
      description={field === "status" && props.folder === undefined ? t("statusHint") : undefined}
      data-autofocus
      value={props.value}
      onChange={({ currentTarget }) => props.onValue(currentTarget.value)}
      data={[{ value: "", label: t("choose") }, ...options[field]]}
      error={props.error}
    />
  );
}
