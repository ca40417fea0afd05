import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { write } from "@/shared/api";
import { useKey } from "@/shared/command";
import { keys } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { Holders } from "./holders";
import { type NewCustomer, sendCustomer, useFolders } from "./queries";

type Props = { name: string; onClose: () => void; onOpen: (customer: string) => void };

export function NewCustomerDrawer({ name, onClose, onOpen }: Props) {
  const { t } = useTranslation();
  const folders = useFolders().data ?? [];
  const [form, setForm] = useState(() => begun(name));
  const [isMissing, setMissing] = useState(false);
  const create = useCreate(onOpen);
  const [email] = useDebouncedValue(form.email.trim(), 200);
  const [phone] = useDebouncedValue(form.phone.trim(), 200);
  const set = (field: keyof Form) => (event: { currentTarget: { value: string } }) =>
    setForm({ ...form, [field]: event.currentTarget.value });
  const refused = refusal(create.error);

  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = bodyOf(form);
    const named = body.first_name ?? body.last_name ?? body.company_name;
    setMissing(named === undefined);
    if (named !== undefined) create.mutate(body);
  };
  const missing = isMissing ? t("newCustomer.nameMissing") : undefined;

  return (
    <SideDrawer title={t("directory.new")} onClose={onClose}>
      <form className="form" onSubmit={send} noValidate>
        <NativeSelect
          label={t("newCustomer.type")}
          value={form.type}
          onChange={set("type")}
          data={[
            { value: "person", label: t("newCustomer.person") },
            { value: "company", label: t("newCustomer.company") },
          ]}
        />
        {form.type === "person" ? (
          <>
            <TextInput
              label={t("newCustomer.firstName")}
              data-autofocus
              value={form.first}
              onChange={set("first")}
              error={missing ?? refused?.field("first_name")}
            />
            <TextInput
              label={t("newCustomer.lastName")}
              value={form.last}
              onChange={set("last")}
              error={refused?.field("last_name")}
            />
          </>
        ) : (
          <TextInput
            label={t("newCustomer.companyName")}
            data-autofocus
            value={form.company}
            onChange={set("company")}
            error={missing ?? refused?.field("company_name")}
          />
        )}
        <TextInput
          label={t("newCustomer.email")}
          type="email"
          value={form.email}
          onChange={set("email")}
          error={refused?.field("emails")}
        />
        <Holders kind="emails" text={email} onOpen={onOpen} />
        <TextInput
          label={t("newCustomer.phone")}
          type="tel"
          value={form.phone}
          onChange={set("phone")}
          error={refused?.field("phones")}
        />
        <Holders kind="phones" text={phone} onOpen={onOpen} />
        {folders.length > 0 && (
          <NativeSelect
            label={t("newCustomer.folder")}
            value={form.folder}
            onChange={set("folder")}
            data={[
              { value: "", label: t("newCustomer.defaultFolder") },
              ...folders.map((folder) => ({ value: folder.id, label: folder.name })),
            ]}
          />
        )}
        {(refused === undefined || refused.problem.status !== 422) && (
          <NotSaved error={create.error} />
        )}
        <div className="row">
          <Button type="submit" variant="filled" loading={create.isPending}>
            {t("newCustomer.create")}
          </Button>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
        </div>
      </form>
    </SideDrawer>
  );
}

type Form = Record<"type" | "first" | "last" | "company" | "email" | "phone" | "folder", string>;

/** What was searched for in vain is the name to begin with, or the e-mail. */
function begun(name: string): Form {
  const isEmail = name.includes("@");
  const words = isEmail ? [] : name.split(/\s+/).filter((word) => word !== "");
  const [first = "", ...last] = words;
  return {
    type: "person",
    first,
    last: last.join(" "),
    company: isEmail ? "" : name,
    email: isEmail ? name : "",
    phone: "",
    folder: "",
  };
}

function bodyOf(form: Form): NewCustomer {
  const text = (value: string) => (value.trim() === "" ? undefined : value.trim());
  const list = (value: string) => (value.trim() === "" ? undefined : [value.trim()]);
  const isPerson = form.type === "person";
  return {
    type: isPerson ? "person" : "company",
    first_name: isPerson ? text(form.first) : undefined,
    last_name: isPerson ? text(form.last) : undefined,
    company_name: isPerson ? undefined : text(form.company),
    emails: list(form.email),
    phones: list(form.phone),
    folder: text(form.folder),
  };
}

function useCreate(onOpen: (customer: string) => void) {
  const client = useQueryClient();
  const key = useKey();
  return useMutation({
    mutationFn: (body: NewCustomer) => write(sendCustomer(body, key.of(body))),
    onSuccess: (done) => {
      key.done();
      void client.invalidateQueries({ queryKey: keys.directory });
      void client.invalidateQueries({ queryKey: ["folders"] });
      onOpen(done.id);
    },
  });
}
