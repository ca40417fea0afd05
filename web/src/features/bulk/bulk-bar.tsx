import { Button, CloseButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/bulk";
import { count } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import css from "./bulk.module.css";
import { BulkDrawer } from "./bulk-drawer";
import type { Command, Selection } from "./queries";

/** What can be done to those who are chosen, below the list. */
export function BulkBar(props: {
  selection: Selection;
  count: number | undefined;
  all: { count: number | undefined; choose: () => void } | undefined;
  folder: string | undefined;
  clear: () => void;
}) {
  const { all } = props;
  const { t } = useTranslation("bulk");
  const locale = useLocale();
  const [open, setOpen] = useState<Command>();
  const number = (value: number) => ({ count: value, text: count(value, locale) });
  return (
    <section className={css.bar} aria-label={t("bar")}>
      <div className="between">
        <strong aria-live="polite">
          {props.count === undefined ? t("chosenAll") : t("chosen", number(props.count))}
        </strong>
        <span className="wrap">
          {all && (
            <button type="button" className="link small" onClick={all.choose}>
              {all.count === undefined ? t("all") : t("allOf", number(all.count))}
            </button>
          )}
          <CloseButton size="sm" aria-label={t("clear")} onClick={props.clear} />
        </span>
      </div>
      <div className={css.ways}>
        <Button onClick={() => setOpen("customer.change_status")}>{t("status")}</Button>
        <Button onClick={() => setOpen("customer.move_folder")}>{t("folder")}</Button>
        <Button onClick={() => setOpen("customer.tag")}>{t("tag")}</Button>
        <Button onClick={() => setOpen("customer.assign_worker")}>{t("assign")}</Button>
      </div>
      {open && (
        <BulkDrawer
          selection={props.selection}
          count={props.count}
          folder={props.folder}
          command={open}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}
