import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once, type Schema } from "@/shared/api";
import { Badge } from "@/shared/badges";
import { refusal } from "@/shared/problem";
import { useMe } from "@/shared/session";
import { SideDrawer } from "@/shared/side-drawer";
import { Empty, Failure, NotSaved, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { Day, Time } from "@/shared/time";
import { useChange } from "./change";
import { Part, Secret, Sure } from "./parts";
import { type Role, useMembers, useTokens } from "./queries";

type Token = Schema["Token"];

/** Keys for apps that act for somebody. */
export function Tokens() {
  const { t } = useTranslation("settings");
  const tokens = useTokens();
  const [isNew, setNew] = useState(false);
  if (tokens.isPending) return <Waiting />;
  if (tokens.isError) return <Failure error={tokens.error} retry={() => tokens.refetch()} />;
  const add = (
    <Button variant="filled" onClick={() => setNew(true)}>
      {t("tokens.new")}
    </Button>
  );
  return (
    <Part title={t("tokens.title")} hint={t("tokens.hint")} action={add}>
      {tokens.data.length === 0 ? (
        <Empty>{t("tokens.empty")}</Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>{t("name")}</th>
              <th>{t("tokens.whose")}</th>
              <th>{t("tokens.used")}</th>
              <th>{t("tokens.until")}</th>
              <th>
                <span className="hidden">{t("deeds")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.data.map((token) => (
              <Row key={token.id} token={token} />
            ))}
          </tbody>
        </table>
      )}
      {isNew && <NewToken onClose={() => setNew(false)} />}
    </Part>
  );
}

function Row({ token }: { token: Token }) {
  const { t } = useTranslation(["settings", "translation"]);
  const owner = useMembers().data?.find(({ id }) => id === token.user);
  const revoke = useChange((_: undefined, key) =>
    api.DELETE("/v1/tokens/{token_id}", {
      params: { path: { token_id: token.id }, header: once(key) } as never,
    }),
  );
  return (
    <tr>
      <td>
        {token.name}{" "}
        {token.role && (
          <span className="quiet">
            {t("tokens.atMost", { role: t(`role.${token.role as Role}`, { ns: "translation" }) })}
          </span>
        )}
      </td>
      <td>{known(owner?.name) ?? "–"}</td>
      <td data-label={t("tokens.used")}>
        {token.last_used_at ? <Time at={token.last_used_at} /> : "–"}
      </td>
      <td data-label={t("tokens.until")}>
        {token.expires_at ? <Day on={token.expires_at} /> : t("tokens.forever")}
      </td>
      <td className="number">
        {token.revoked_at ? (
          <Badge tone="gray">{t("tokens.revoked")}</Badge>
        ) : (
          <Sure
            label={t("tokens.revoke")}
            name={token.name}
            question={t("tokens.revokeSure", { name: token.name })}
            busy={revoke.isPending}
            onSure={() => revoke.mutate(undefined)}
          />
        )}
        <NotSaved error={revoke.error} />
      </td>
    </tr>
  );
}

function NewToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["settings", "translation"]);
  const { roles } = useMe();
  const [form, setForm] = useState({ name: "", role: "", until: "" });
  const [isChecked, setChecked] = useState(false);
  const create = useChange<Schema["NewToken"], Schema["CreatedToken"]>((body, key) =>
    api.POST("/v1/tokens", { body, params: { header: once(key) } as never }),
  );
  const refused = refusal(create.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (form.name.trim() === "") return;
    create.mutate({
      name: form.name.trim(),
      role: form.role === "" ? undefined : (form.role as Role),
      expires_at: form.until === "" ? undefined : new Date(`${form.until}T23:59:59`).toISOString(),
    });
  };
  return (
    <SideDrawer title={t("tokens.new")} onClose={onClose}>
      {create.data ? (
        <Secret
          label={create.data.name}
          text={create.data.token}
          hint={t("tokens.once")}
          onClose={onClose}
        />
      ) : (
        <form className="form" onSubmit={send} noValidate>
          <TextInput
            label={t("name")}
            description={t("tokens.nameHint")}
            data-autofocus
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
            error={isChecked && form.name.trim() === "" ? t("nameMissing") : refused?.field("name")}
          />
          <NativeSelect
            label={t("tokens.role")}
            value={form.role}
            onChange={(event) => setForm({ ...form, role: event.currentTarget.value })}
            error={refused?.field("role")}
            data={[
              { value: "", label: t("tokens.allRoles") },
              ...(roles as Role[]).map((role) => ({
                value: role,
                label: t(`role.${role}`, { ns: "translation" }),
              })),
            ]}
          />
          <TextInput
            label={t("tokens.until")}
            description={t("tokens.untilHint")}
            type="date"
            value={form.until}
            onChange={(event) => setForm({ ...form, until: event.currentTarget.value })}
            error={refused?.field("expires_at")}
          />
          {refused?.fields.length ? null : <NotSaved error={create.error} />}
          <div className="row">
            <Button type="submit" variant="filled" loading={create.isPending}>
              {t("tokens.create")}
            </Button>
            <Button onClick={onClose}>{t("action.cancel", { ns: "translation" })}</Button>
          </div>
        </form>
      )}
    </SideDrawer>
  );
}
