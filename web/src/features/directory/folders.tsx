import { UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight, IconFolder, IconStar } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { count } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import css from "./directory.module.css";
import { useFavourites, useFolders } from "./queries";

/** The customers that one has marked, above the folders. */
export function Favourites(props: { chosen: boolean; onChoose: (chosen: boolean) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const marked = useFavourites().data;
  return (
    <div className={css.folders}>
      <UnstyledButton
        className={css.folder}
        aria-pressed={props.chosen}
        onClick={() => props.onChoose(!props.chosen)}
      >
        <IconStar size={16} aria-hidden className={css.icon} />
        <span className="cut">{t("directory.favourites")}</span>
        <span className={`number small quiet ${css.end}`}>
          {marked !== undefined && count(marked, locale)}
        </span>
      </UnstyledButton>
    </div>
  );
}

export function Folders(props: {
  chosen: string | undefined;
  onChoose: (folder: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const folders = useFolders().data ?? [];
  const [open, setOpen] = useLocalStorage({ key: "dossier-folders", defaultValue: true });
  const chosen = folders.find((folder) => folder.id === props.chosen);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  if (folders.length === 0) return null;
  const shown = open ? folders : folders.filter((folder) => folder === chosen);
  return (
    <section className={css.folders} aria-label={t("directory.folders")}>
      <UnstyledButton
        className={css.foldersHead}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Chevron size={16} aria-hidden className={css.turns} />
        {t("directory.folders")}
      </UnstyledButton>
      <ul className={css.folderList}>
        {shown.map((folder) => (
          <li key={folder.id}>
            <UnstyledButton
              className={css.folder}
              aria-pressed={folder.id === props.chosen}
              onClick={() => props.onChoose(folder.id === props.chosen ? undefined : folder.id)}
            >
              <IconFolder size={16} aria-hidden className={css.icon} />
              <span className="cut">{folder.name}</span>
              <span className={`number small quiet ${css.end}`}>
                {count(folder.customers ?? 0, locale)}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
