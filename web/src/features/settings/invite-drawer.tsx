import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once, type Schema } from "@/shared/api";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { useChange } from "./change";
import { RoleChecks } from "./member-drawer";
import { Secret } from "./parts";
import type { Role } from "./queries";

type New = { email: string; name: string; roles: Role[] };

/** Somebody new: they get a link, by which they choose a password. */
export function InviteDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["settings", "translation"]);
  const [form, setForm] = useState<New>({ email: "", name: "", roles: [] });
  const [isChecked, setChecked] = useState(false);
  const invite = useChange<New, Schema["MadeInvitation"]>((body, key) =>
    api.POST("/v1/invitations", { body, params: { header: once(key) } as never }),
  );
  const refused = refusal(invite.error);
  const wrong = (field: keyof New, text: string) =>
    isChecked && form[field].length === 0 ? text : refused?.field(field);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (form.email !== "" && form.name !== "" && form.roles.length > 0) invite.mutate(form);
  };
  return (
    <SideDrawer title={t("people.invite")} onClose={onClose}>
      {invite.data ? (
        <Secret
          label={t("people.link")}
          text={invite.data.link}
          hint={t(invite.data.emailed ? "people.emailed" : "people.notEmailed")}
          onClose={onClose}
        />
      ) : (
        <form className="form" onSubmit={send} noValidate>
          <TextInput
            label={t("name")}
            data-autofocus
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
            error={wrong("name", t("nameMissing"))}
          />
          <TextInput
            label={t("email")}
            type="email"
            value={form.email}
            onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
            error={wrong("email", t("emailMissing"))}
          />
          <RoleChecks
            roles={form.roles}
            onRoles={(roles) => setForm({ ...form, roles })}
            error={wrong("roles", t("people.roleMissing"))}
          />
          {refused?.fields.length ? null : <NotSaved error={invite.error} />}
          <div className="row">
            <Button type="submit" variant="filled" loading={invite.isPending}>
              {t("people.sendInvitation")}
            </Button>
            <Button onClick={onClose}>{t("action.cancel", { ns: "translation" })}</Button>
          </div>
        </form>
      )}
    </SideDrawer>
  );
}
