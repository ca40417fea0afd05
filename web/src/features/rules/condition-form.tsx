import { Button, CloseButton, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type Condition,
  childrenOf,
  type Group,
  groupOf,
  type Leaf,
  operand,
  regroup,
  replaced,
  takesNoValue,
  typed,
} from "./definition";
import { useWrong } from "./errors";
import { type Field, useChoices } from "./queries";
import css from "./rules.module.css";

type Props = {
  condition: Condition;
  fields: Field[];
  pointer: string;
  onCondition: (condition: Condition) => void;
  /** Not of the outermost group. */
  onRemove?: () => void;
};

const NEW: Leaf = { field: "after.status", op: "eq", value: "" };

/** A group of conditions, or one. */
export function ConditionForm(props: Props) {
  const { condition, fields, pointer, onCondition, onRemove } = props;
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  const group = groupOf(condition);
  if (group === undefined) return <LeafForm {...props} condition={condition as Leaf} />;
  const children = childrenOf(condition);
  const set = (next: Condition[]) => onCondition(regroup(group, next));
  return (
    <div className="stack">
      <div className={css.line}>
        <NativeSelect
          aria-label={t("group")}
          value={group}
          onChange={(event) => onCondition(regroup(event.currentTarget.value as Group, children))}
          data={(["all", "any", "not"] as const)
            .filter((one) => one !== "not" || children.length > 0)
            .map((value) => ({ value, label: t(`group_${value}`) }))}
          error={wrong(pointer) ?? wrong(`${pointer}/${group}`)}
        />
        {onRemove && (
          <CloseButton aria-label={t("remove", { what: t(`group_${group}`) })} onClick={onRemove} />
        )}
      </div>
      <div className={css.tree}>
        {children.length === 0 && <p className="quiet">{t("noCondition")}</p>}
        {children.map((child, at) => (
          <ConditionForm
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no name but their place
            key={at}
            condition={child}
            fields={fields}
            pointer={group === "not" ? `${pointer}/not` : `${pointer}/${group}/${at}`}
            onCondition={(next) => set(replaced(children, at, next))}
            onRemove={() => {
              const rest = replaced(children, at, undefined);
              onCondition(rest.length === 0 ? { all: [] } : regroup(group, rest));
            }}
          />
        ))}
        {(group !== "not" || children.length === 0) && (
          <div className="wrap flush">
            <Button variant="subtle" onClick={() => set([...children, NEW])}>
              {t("addCondition")}
            </Button>
            <Button variant="subtle" onClick={() => set([...children, { any: [NEW] }])}>
              {t("addGroup")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function LeafForm(props: Omit<Props, "condition"> & { condition: Leaf }) {
  const { condition: leaf, fields, pointer, onCondition, onRemove } = props;
  const { t } = useTranslation("rules");
  const wrong = useWrong();
  const field = fields.find((one) => one.field === leaf.field);
  const ops = field?.ops ?? [leaf.op];
  const choose = (name: string) => {
    const next = fields.find((one) => one.field === name);
    const op = next?.ops.includes(leaf.op) ? leaf.op : (next?.ops[0] ?? "eq");
    onCondition({ field: name, op, value: takesNoValue(op) ? undefined : "" });
  };
  return (
    <div className={css.line}>
      <NativeSelect
        aria-label={t("field")}
        value={leaf.field}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          ...(field === undefined ? [{ value: leaf.field, label: leaf.field }] : []),
          ...fields.map(({ field: value, label }) => ({ value, label })),
        ]}
        error={wrong(`${pointer}/field`) ?? wrong(pointer)}
      />
      <NativeSelect
        aria-label={t("operator")}
        value={leaf.op}
        onChange={({ currentTarget: { value: op } }) => {
          const value = operand(field?.type ?? "text", op, typed(leaf.value));
          onCondition({ field: leaf.field, op, ...(!takesNoValue(op) && { value }) });
        }}
        data={ops.map((value) => ({ value, label: t(`op_${value}` as "op_eq") }))}
        error={wrong(`${pointer}/op`)}
      />
      {!takesNoValue(leaf.op) && (
        <ValueField
          key={`${leaf.field} ${leaf.op}`}
          leaf={leaf}
          field={field}
          onValue={(value) => onCondition({ ...leaf, value })}
          error={wrong(`${pointer}/value`, true)}
        />
      )}
      <CloseButton aria-label={t("remove", { what: leaf.field })} onClick={onRemove} />
    </div>
  );
}

const LISTED = ["in", "nin", "has_any", "has_all", "between"];

function ValueField(props: {
  leaf: Leaf;
  field: Field | undefined;
  onValue: (value: unknown) => void;
  error: string | undefined;
}) {
  const { leaf, field, onValue, error } = props;
  const { t } = useTranslation("rules");
  const type = field?.type ?? "text";
  const folders = useChoices("folders").data ?? [];
  // What is typed stays as it is typed: "a, " is on its way to a list of two.
  const [text, setText] = useState(typed(leaf.value));
  const isList = LISTED.includes(leaf.op);
  const choices =
    type === "bool"
      ? ["true", "false"].map((value) => ({ value, label: t(`is_${value as "true"}`) }))
      : /\.folder$/.test(leaf.field)
        ? folders.map(({ id, name }) => ({ value: id, label: name }))
        : (field?.choices ?? []).map((value) => ({ value, label: value.replaceAll("_", " ") }));
  if (choices.length > 0 && !isList) {
    return (
      <NativeSelect
        aria-label={t("value")}
        value={typed(leaf.value)}
        onChange={(event) => onValue(operand(type, leaf.op, event.currentTarget.value))}
        data={[{ value: "", label: "–" }, ...choices]}
        error={error}
      />
    );
  }
  return (
    <TextInput
      aria-label={t("value")}
      placeholder={isList ? t("listHint") : leaf.op === "within_last" ? "P30D" : undefined}
      type={type === "date" && !isList && leaf.op !== "within_last" ? "date" : "text"}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        onValue(operand(type, leaf.op, value));
      }}
      error={error}
    />
  );
}
