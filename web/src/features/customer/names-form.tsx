import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { Clash } from "./clash";
import type { Texts } from "./conflict";
import { useChangeType, useRename } from "./contact-queries";
import { useMerged } from "./merged";

const LABELS = {
  first_name: "firstName",
  last_name: "lastName",
  company_name: "companyName",
} as const;
const NAMES = ["first_name", "last_name", "company_name"] as const;
export const TYPES = ["person", "company", "supplier", "other"] as const;

/** Names, as of when the form was opened. */
export function NamesForm({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const { t } = useTranslation();
  const rename = useRename(customer.id);
  const { form, clashes, set, take, submit } = useMerged(customer, namesOf, (change, told) =>
    rename.mutate({ names: change.changes, version: change.version }, told),
  );
  const shown = NAMES.filter((field) =>
    customer.type === "person" ? field !== "company_name" : field === "company_name",
  );
  const refused = refusal(rename.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit(onDone);
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      {shown.map((field, at) => (
        <div key={field} className="stack">
          <TextInput
            label={t(`newCustomer.${LABELS[field]}`)}
            data-autofocus={at === 0 ? true : undefined}
            value={form[field] ?? ""}
            onChange={set(field)}
            error={refused?.field(field)}
          />
          <Clash field={field} clashes={clashes} onTake={take} />
        </div>
      ))}
      {refused?.problem.code !== "version_conflict" && <NotSaved error={rename.error} />}
      <div>
        <Button type="submit" variant="filled" loading={rename.isPending}>
          {t("customer.saveNames")}
        </Button>
      </div>
    </form>
  );
}

function namesOf(customer: Customer): Texts {
  return Object.fromEntries(NAMES.map((field) => [field, known(customer[field]) ?? ""]));
}

/** What the customer is. A company has a company's name, and a person their own. */
export function TypeForm({ customer }: { customer: Customer }) {
  const { t } = useTranslation(["contact", "translation"]);
  const change = useChangeType(customer.id);
  const [type, setType] = useState<(typeof TYPES)[number]>(customer.type ?? "person");
  const [name, setName] = useState("");
  const isOther = type !== customer.type;
  const needsName =
    isOther && (type === "person" ? !known(customer.last_name) : !known(customer.company_name));
  const field = type === "person" ? "last_name" : "company_name";
  const refused = refusal(change.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ type, ...(needsName ? { [field]: name.trim() } : {}) });
  };
  return (
    <form className="form" onSubmit={send} noValidate>
      <NativeSelect
        label={t("type")}
        description={isOther ? t("typeHint") : undefined}
        value={type}
        onChange={(event) => setType(event.currentTarget.value as (typeof TYPES)[number])}
        data={TYPES.map((value) => ({ value, label: t(`type.${value}`, { ns: "translation" }) }))}
        error={refused?.field("type")}
      />
      {needsName && (
        <TextInput
          label={t(`newCustomer.${LABELS[field]}`, { ns: "translation" })}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={refused?.field(field)}
        />
      )}
      {refused?.fields.length ? null : <NotSaved error={change.error} />}
      {isOther && (
        <div>
          <Button type="submit" loading={change.isPending}>
            {t("saveType")}
          </Button>
        </div>
      )}
    </form>
  );
}
