import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Step } from "./definition";
import { useWrong } from "./errors";
import { PeriodField } from "./period-field";
import { type Field, useChoices } from "./queries";
import css from "./rules.module.css";
import { Weekdays } from "./weekdays";

type Kind =
  | "line"
  | "text"
  | "period"
  | "offset"
  | "time"
  | "date"
  | "weekdays"
  | "target"
  | "folders"
  | "users"
  | "webhooks"
  | "templates";

/** What each action takes, in the order in which one fills it in. */
const MEMBERS = {
  create_task: [
    ["title", "line"],
    ["due_in", "period"],
    ["assignee", "users"],
  ],
  change_status: [["status", "line"]],
  move_folder: [["folder", "folders"]],
  add_tag: [["tag", "line"]],
  remove_tag: [["tag", "line"]],
  raise_flag: [["reason", "line"]],
  notify: [
    ["to", "target"],
    ["text", "text"],
  ],
  send_email: [
    ["template", "templates"],
    ["subject", "line"],
    ["text", "text"],
    ["html", "text"],
  ],
  call_webhook: [["webhook", "webhooks"]],
  branch: [],
  delay: [["for", "period"]],
  wait_until: [
    ["time", "time"],
    ["weekdays", "weekdays"],
    ["field", "date"],
    ["offset", "offset"],
  ],
} as const satisfies Record<string, readonly (readonly [string, Kind])[]>;

export const ACTIONS = Object.keys(MEMBERS) as (keyof typeof MEMBERS)[];

type Props = {
  step: Step;
  fields: Field[];
  pointer: string;
  onStep: (step: Step) => void;
};

export function StepFields({ step, fields, pointer, onStep }: Props) {
  const members = MEMBERS[step.action as keyof typeof MEMBERS] ?? [];
  return members.map(([name, kind]) => (
    <Member
      key={name}
      name={name}
      kind={kind}
      value={step[name]}
      fields={fields}
      pointer={`${pointer}/${name}`}
      onValue={(value) => {
        const { [name]: _old, ...rest } = step;
        onStep((value === "" ? rest : { ...rest, [name]: value }) as Step);
      }}
    />
  ));
}

function Member(props: {
  name: string;
  kind: Kind;
  value: unknown;
  fields: Field[];
  pointer: string;
  onValue: (value: unknown) => void;
}) {
  const { name, kind, fields, onValue } = props;
  const { t } = useTranslation("rules");
  const error = useWrong()(props.pointer, true);
  const label = t(`of_${name}` as "of_title");
  const value = typeof props.value === "string" ? props.value : "";
  const change = (event: { currentTarget: { value: string } }) =>
    onValue(event.currentTarget.value);
  if (kind === "period") {
    return <PeriodField label={label} value={value} onChange={onValue} error={error} />;
  }
  if (kind === "offset") {
    return <PeriodField label={label} value={value} isSigned onChange={onValue} error={error} />;
  }
  if (kind === "weekdays") {
    const days = (props.value as string[] | undefined) ?? [];
    return <Weekdays days={days} onDays={(next) => onValue(next)} error={error} />;
  }
  if (kind === "text") {
    return (
      <Textarea
        label={label}
        autosize={false}
        rows={3}
        value={value}
        onChange={change}
        error={error}
      />
    );
  }
  if (kind === "line" || kind === "time") {
    const type = kind === "time" ? "time" : "text";
    return <TextInput label={label} type={type} value={value} onChange={change} error={error} />;
  }
  if (kind === "date") {
    const dates = fields.filter(({ type }) => type === "date" || type === "instant");
    const data = dates.map((field) => ({ value: field.field, label: field.label }));
    return <Chosen {...{ label, value, error, data }} onChange={change} />;
  }
  if (kind === "target") return <Target {...{ label, value, error }} onChange={change} />;
  return <Named {...{ label, value, error, kind }} onChange={change} />;
}

type ChoiceProps = {
  label: string;
  value: string;
  error: string | undefined;
  onChange: (event: { currentTarget: { value: string } }) => void;
};

function Chosen(props: ChoiceProps & { data: { value: string; label: string }[] }) {
  const { data, value, ...rest } = props;
  const isKnown = value === "" || data.some((choice) => choice.value === value);
  return (
    <NativeSelect
      {...rest}
      className={css.choice}
      value={value}
      data={[{ value: "", label: "–" }, ...(isKnown ? [] : [{ value, label: value }]), ...data]}
    />
  );
}

function Named(props: ChoiceProps & { kind: "folders" | "users" | "webhooks" | "templates" }) {
  const { kind, ...rest } = props;
  const choices = useChoices(kind).data ?? [];
  return <Chosen {...rest} data={choices.map(({ id, name }) => ({ value: id, label: name }))} />;
}

const ROLES = [
  "admin",
  "manager",
  "executive",
  "support",
  "finance",
  "sales",
  "field",
  "viewer",
] as const;

/** Whom a rule tells: its own owner, the customer's workers, a role, or somebody. */
function Target(props: ChoiceProps) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const users = useChoices("users").data ?? [];
  return (
    <Chosen
      {...props}
      data={[
        { value: "owner", label: t("toOwner") },
        { value: "workers", label: t("toWorkers") },
        ...ROLES.map((role) => ({
          value: role,
          label: t("toRole", { role: common(`role.${role}`) }),
        })),
        ...users.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}
