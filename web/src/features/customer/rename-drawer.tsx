import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Customer, customerQuery } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { type Conflict, changed, conflicts, NAMES, type NameField } from "./conflict";
import { type Names, useRename } from "./queries";

/** Names, as of when the form was opened: what others change meanwhile is shown beside the field. */
export function RenameDrawer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const rename = useRename(customer.id);
  const [was, setWas] = useState(customer);
  const [form, setForm] = useState(() => namesOf(customer));
  const [clashes, setClashes] = useState<Conflict[]>([]);
  const shown = NAMES.filter((field) =>
    customer.type === "person" ? field !== "company_name" : field === "company_name",
  );
  const refused = refusal(rename.error);
  const isStale = refused?.problem.code === "version_conflict";

  const send = (names: Names, from: Customer) => {
    if (Object.keys(names).length === 0) return onClose();
    rename.mutate(
      { names, version: from.version ?? 0 },
      { onSuccess: onClose, onError: (error) => void settle(error, names, from) },
    );
  };
  // Where nobody else touched the same field, the change is sent again as of now.
  const settle = async (error: Error, names: Names, from: Customer) => {
    if (refusal(error)?.problem.code !== "version_conflict") return;
    const now = await client.fetchQuery({ ...customerQuery(customer.id), staleTime: 0 });
    const found = conflicts(from, now, names);
    setWas(now);
    setClashes(found);
    if (found.length === 0) send(names, now);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setClashes([]);
    send(changed(was, form), was);
  };

  return (
    <SideDrawer title={t("customer.rename")} onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        {shown.map((field) => (
          <div key={field} className="stack">
            <TextInput
              label={t(`newCustomer.${LABELS[field]}`)}
              value={form[field]}
              onChange={(event) => setForm({ ...form, [field]: event.currentTarget.value })}
              error={refused?.field(field)}
            />
            {clashes
              .filter((clash) => clash.field === field)
              .map((clash) => (
                <div key={field} role="alert" className="stack small">
                  <p>{t("conflict.changed", { theirs: clash.theirs, was: clash.was })}</p>
                  <div className="row">
                    <Button
                      onClick={() => {
                        setForm({ ...form, [field]: clash.theirs });
                        setClashes([]);
                      }}
                    >
                      {t("conflict.theirs", { theirs: clash.theirs })}
                    </Button>
                    <span className="quiet">{t("conflict.mine")}</span>
                  </div>
                </div>
              ))}
          </div>
        ))}
        {!isStale && <NotSaved error={rename.error} />}
        <div className="row">
          <Button type="submit" variant="filled" loading={rename.isPending}>
            {t("customer.saveNames")}
          </Button>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
        </div>
      </form>
    </SideDrawer>
  );
}

const LABELS = {
  first_name: "firstName",
  last_name: "lastName",
  company_name: "companyName",
} as const;

function namesOf(customer: Customer): Record<NameField, string> {
  return {
    first_name: known(customer.first_name) ?? "",
    last_name: known(customer.last_name) ?? "",
    company_name: known(customer.company_name) ?? "",
  };
}
