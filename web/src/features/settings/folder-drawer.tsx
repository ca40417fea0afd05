import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "@/shared/api";
import { refusal } from "@/shared/problem";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { asWords } from "@/shared/text";
import { useChange } from "./change";
import { Sure } from "./parts";
import { type Folder, useCountWith } from "./queries";
import { StatusList } from "./status-list";

type Form = { name: string; parent: string; statuses: string[]; initial: string };

/** A folder's name and its statuses in their order; a new one also says where it lies. */
export function FolderDrawer(props: {
  folder: Folder | undefined;
  others: Folder[];
  onClose: () => void;
}) {
  const { folder, others, onClose } = props;
  const { t } = useTranslation(["settings", "translation"]);
  const [form, setForm] = useState<Form>({
    name: folder?.name ?? "",
    parent: "",
    statuses: folder?.statuses ?? [],
    initial: folder?.default_status ?? "",
  });
  const [isChecked, setChecked] = useState(false);
  const save = useSave(folder);
  const refused = refusal(save.error);
  const initial = form.statuses.includes(form.initial) ? form.initial : (form.statuses[0] ?? "");
  const gone = folder?.statuses.filter((status) => !form.statuses.includes(status)) ?? [];
  const send = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (form.name.trim() === "" || form.statuses.length === 0) return;
    save.mutate({ ...form, name: form.name.trim(), initial }, { onSuccess: onClose });
  };
  return (
    <SideDrawer title={folder?.name ?? t("folders.new")} onClose={onClose}>
      <div className="groups">
        <form className="form" onSubmit={send} noValidate>
          <TextInput
            label={t("name")}
            data-autofocus
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
            error={isChecked && form.name.trim() === "" ? t("nameMissing") : refused?.field("name")}
          />
          {folder === undefined && others.length > 0 && (
            <NativeSelect
              label={t("folders.parent")}
              value={form.parent}
              onChange={(event) => setForm({ ...form, parent: event.currentTarget.value })}
              data={[
                { value: "", label: t("folders.top") },
                ...others.map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
          )}
          <StatusList
            statuses={form.statuses}
            onStatuses={(statuses) => setForm({ ...form, statuses })}
            error={
              isChecked && form.statuses.length === 0
                ? t("folders.statusMissing")
                : refused?.field("statuses")
            }
          />
          {folder && gone.map((status) => <Gone key={status} folder={folder} status={status} />)}
          <NativeSelect
            label={t("folders.initial")}
            value={initial}
            onChange={(event) => setForm({ ...form, initial: event.currentTarget.value })}
            data={form.statuses.map((value) => ({ value, label: asWords(value) }))}
          />
          {refused?.fields.length ? null : <NotSaved error={save.error} />}
          <div className="row">
            <Button type="submit" variant="filled" loading={save.isPending}>
              {t("folders.save")}
            </Button>
            <Button onClick={onClose}>{t("action.cancel", { ns: "translation" })}</Button>
          </div>
        </form>
        {folder && <Archive folder={folder} onDone={onClose} />}
      </div>
    </SideDrawer>
  );
}

/** Whom it touches that a status goes. */
function Gone({ folder, status }: { folder: Folder; status: string }) {
  const { t } = useTranslation("settings");
  const count = useCountWith(folder.id, status).data;
  if (count === undefined) return null;
  return (
    <p className="small" role="status">
      {t("folders.gone", { count, status: asWords(status) })}
    </p>
  );
}

function Archive({ folder, onDone }: { folder: Folder; onDone: () => void }) {
  const { t } = useTranslation("settings");
  const archive = useChange((_: undefined, key) =>
    api.POST("/v1/folders/{folder_id}/archive", {
      params: { path: { folder_id: folder.id }, header: once(key) },
      body: {},
    }),
  );
  return (
    <div className="stack">
      <div className="flush">
        <Sure
          label={t("folders.archive")}
          name={folder.name}
          question={t("folders.archiveSure", { count: folder.customers ?? 0, name: folder.name })}
          busy={archive.isPending}
          onSure={() => archive.mutate(undefined, { onSuccess: onDone })}
        />
      </div>
      <NotSaved error={archive.error} />
    </div>
  );
}

/** A new folder at once; of one that there is only what has changed. */
function useSave(folder: Folder | undefined) {
  return useChange(async (form: Form, key) => {
    const { name, parent, statuses, initial } = form;
    const list = { statuses, default_status: initial };
    if (folder === undefined) {
      const body = { name, ...list, parent: parent === "" ? undefined : parent };
      return api.POST("/v1/folders", { body, params: { header: once(key) } });
    }
    const params = (part: string) => ({
      path: { folder_id: folder.id },
      header: once(`${key}-${part}`),
    });
    const isListed =
      initial === folder.default_status && statuses.join("\n") === folder.statuses.join("\n");
    const renamed = await api.POST("/v1/folders/{folder_id}/name", {
      params: params("name"),
      body: { name },
    });
    if (renamed.error !== undefined || isListed) return renamed;
    return api.POST("/v1/folders/{folder_id}/statuses", { params: params("statuses"), body: list });
  });
}
