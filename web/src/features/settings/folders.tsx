import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Waiting } from "@/shared/states";
import { asWords } from "@/shared/text";
import { FolderDrawer } from "./folder-drawer";
import { Part } from "./parts";
import { type Folder, useFolders } from "./queries";

/** Folders, each with the statuses that its customers go through. */
export function Folders() {
  const { t } = useTranslation("settings");
  const folders = useFolders();
  const [open, setOpen] = useState<string | "new">();
  if (folders.isPending) return <Waiting />;
  if (folders.isError) return <Failure error={folders.error} retry={() => folders.refetch()} />;
  const chosen = folders.data.find(({ id }) => id === open);
  const parentOf = ({ parent }: Folder) => folders.data.find(({ id }) => id === parent)?.name;
  const add = (
    <Button variant="filled" onClick={() => setOpen("new")}>
      {t("folders.new")}
    </Button>
  );
  return (
    <Part title={t("folders.title")} hint={t("folders.hint")} action={add}>
      {folders.data.length === 0 && <Empty>{t("folders.empty")}</Empty>}
      <table className="table">
        <thead>
          <tr>
            <th>{t("name")}</th>
            <th>{t("folders.statuses")}</th>
            <th className="number">{t("folders.customers")}</th>
            <th>
              <span className="hidden">{t("deeds")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {folders.data.map((folder) => (
            <tr key={folder.id}>
              <td>
                {folder.name}
                {folder.parent && (
                  <p className="small quiet">{t("folders.in", { name: parentOf(folder) })}</p>
                )}
              </td>
              <td>{folder.statuses.map(asWords).join(" → ")}</td>
              <td className="number" data-label={t("folders.customers")}>
                {folder.customers ?? "–"}
              </td>
              <td className="number">
                <Button
                  variant="subtle"
                  aria-label={`${t("change")}: ${folder.name}`}
                  onClick={() => setOpen(folder.id)}
                >
                  {t("change")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open !== undefined && (open === "new" || chosen) && (
        <FolderDrawer
          key={open}
          folder={chosen}
          others={folders.data.filter(({ id }) => id !== open)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Part>
  );
}
