import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { useOffers } from "@/shared/offers";
import { useMay } from "@/shared/session";
import { say } from "@/shared/toast";
import { useFolders, useMoveFolder } from "./queries";

export function FolderChoice({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const mayEdit = useMay()("customer.edit");
  const folders = useFolders().data ?? [];
  const move = useMoveFolder(customer.id);
  const folder = customer.folder;
  const told = { onError: (error: Error) => say(t("state.notChanged", { reason: error.message })) };
  useOffers(
    (mayEdit ? folders : [])
      .filter(({ id }) => id !== folder?.id)
      .map(({ id, name }) => ({
        label: `${t("actions.folder")}: ${name}`,
        run: () => move.mutate({ id, name }, told),
      })),
  );
  if (!mayEdit || folders.length === 0) {
    return <p className={folder ? "" : "quiet"}>{folder?.name ?? t("customer.noFolder")}</p>;
  }
  const isListed = folders.some(({ id }) => id === folder?.id);
  const unlisted = { value: folder?.id ?? "", label: folder?.name ?? t("customer.noFolder") };
  return (
    <NativeSelect
      aria-label={t("actions.folder")}
      data-key="f"
      value={folder?.id ?? ""}
      onChange={({ currentTarget: { value } }) => {
        const chosen = folders.find(({ id }) => id === value);
        if (chosen === undefined) return;
        move.mutate({ id: chosen.id, name: chosen.name }, told);
      }}
      data={[
        ...(isListed ? [] : [unlisted]),
        ...folders.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}
