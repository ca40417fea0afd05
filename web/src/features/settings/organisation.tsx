import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "@/shared/api";
import { refusal } from "@/shared/problem";
import { Failure, NotSaved, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { useChange } from "./change";
import { Part, Saved } from "./parts";
import { useFolders, useOrganisation } from "./queries";

/** What holds for the organisation as a whole. */
export function Organisation() {
  const said = useOrganisation();
  if (said.isPending) return <Waiting />;
  if (said.isError) return <Failure error={said.error} retry={() => said.refetch()} />;
  const { zone, folder, sender } = said.data;
  const from = (sender?.to ?? {}) as Record<string, unknown>;
  return (
    <>
      <Zone zone={known(zone?.to)} />
      <DefaultFolder folder={known(folder?.to)} />
      <Sender name={known(from.name) ?? ""} address={known(from.address) ?? ""} />
    </>
  );
}

function Zone({ zone }: { zone: string | undefined }) {
  const { t } = useTranslation("settings");
  const [chosen, setChosen] = useState(zone ?? "");
  const save = useChange((time_zone: string, key) =>
    api.POST("/v1/organisation/time-zone", { body: { time_zone }, params: { header: once(key) } }),
  );
  const zones = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== "") save.mutate(chosen);
  };
  return (
    <Part title={t("organisation.zone")} hint={t("organisation.zoneHint")}>
      <form className="form" onSubmit={send}>
        <NativeSelect
          aria-label={t("organisation.zone")}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={[
            ...(zone === undefined ? [{ value: "", label: t("organisation.zoneNone") }] : []),
            ...zones,
          ]}
        />
        <NotSaved error={save.error} />
        <div className="row">
          <Button type="submit" loading={save.isPending}>
            {t("organisation.zoneSave")}
          </Button>
          <Saved isSaved={save.isSuccess} />
        </div>
      </form>
    </Part>
  );
}

function DefaultFolder({ folder }: { folder: string | undefined }) {
  const { t } = useTranslation("settings");
  const folders = useFolders().data ?? [];
  const [chosen, setChosen] = useState(folder ?? "");
  const save = useChange((id: string, key) =>
    api.POST("/v1/organisation/default-folder", {
      body: { folder: id },
      params: { header: once(key) },
    }),
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== "") save.mutate(chosen);
  };
  return (
    <Part title={t("organisation.folder")} hint={t("organisation.folderHint")}>
      <form className="form" onSubmit={send}>
        <NativeSelect
          aria-label={t("organisation.folder")}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={[
            ...(folder === undefined ? [{ value: "", label: t("organisation.folderNone") }] : []),
            ...folders.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <NotSaved error={save.error} />
        <div className="row">
          <Button type="submit" loading={save.isPending}>
            {t("organisation.folderSave")}
          </Button>
          <Saved isSaved={save.isSuccess} />
        </div>
      </form>
    </Part>
  );
}

function Sender(props: { name: string; address: string }) {
  const { t } = useTranslation("settings");
  const [form, setForm] = useState(props);
  const save = useChange((body: { name: string; address: string }, key) =>
    api.POST("/v1/organisation/sender", { body, params: { header: once(key) } }),
  );
  const refused = refusal(save.error);
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name: form.name.trim(), address: form.address.trim() });
  };
  return (
    <Part title={t("organisation.sender")} hint={t("organisation.senderHint")}>
      <form className="form" onSubmit={send} noValidate>
        <TextInput
          label={t("name")}
          value={form.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          error={refused?.field("name")}
        />
        <TextInput
          label={t("email")}
          type="email"
          value={form.address}
          onChange={(event) => setForm({ ...form, address: event.currentTarget.value })}
          error={refused?.field("address")}
        />
        {refused?.fields.length ? null : <NotSaved error={save.error} />}
        <div className="row">
          <Button type="submit" loading={save.isPending}>
            {t("organisation.senderSave")}
          </Button>
          <Saved isSaved={save.isSuccess} />
        </div>
      </form>
    </Part>
  );
}
