import { Button, NativeSelect } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/tasks";
import { useMay, useMe } from "@/shared/session";
import { SHOWS, type Show, type TaskFilters } from "./filters";
import { useOlder } from "./queries";
import { TaskDrawer } from "./task-drawer";
import { TaskList } from "./task-list";
import css from "./tasks.module.css";

/** What is to do: what came today first, and above it how much is left from before. */
export function Tasks(props: { filters: TaskFilters; onFilters: (filters: TaskFilters) => void }) {
  const { filters, onFilters } = props;
  const { t } = useTranslation("tasks");
  const mayWrite = useMay()("task.write");
  const { user } = useMe();
  const [isNew, setNew] = useState(false);
  const show = filters.show ?? "today";
  const whose = filters.who === "me" ? { assignee: user.id } : {};
  const showing = (next: Show) =>
    onFilters({ ...filters, show: next === "today" ? undefined : next });
  return (
    <>
      <div className="between">
        <h1>{t("title")}</h1>
        {mayWrite && (
          <Button
            variant="filled"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setNew(true)}
          >
            {t("new")}
          </Button>
        )}
      </div>
      <div className={css.filters}>
        <NativeSelect
          aria-label={t("show")}
          value={show}
          onChange={(event) => showing(event.currentTarget.value as Show)}
          data={SHOWS.map((value) => ({ value, label: t(`show_${value}`) }))}
        />
        <NativeSelect
          aria-label={t("whose")}
          value={filters.who ?? ""}
          onChange={(event) =>
            onFilters({ ...filters, who: event.currentTarget.value === "me" ? "me" : undefined })
          }
          data={[
            { value: "", label: t("everybody") },
            { value: "me", label: t("mine") },
          ]}
        />
        {show === "today" && <Older whose={whose} onShow={() => showing("older")} />}
      </div>
      <TaskList whose={whose} show={show} />
      {isNew && <TaskDrawer onClose={() => setNew(false)} />}
    </>
  );
}

function Older({ whose, onShow }: { whose: { assignee?: string }; onShow: () => void }) {
  const { t } = useTranslation("tasks");
  const older = useOlder(whose, true).data;
  if (older === undefined || older.count === 0) return null;
  return (
    <button type="button" className="link" onClick={onShow}>
      {t(older.more ? "olderMore" : "older", { count: older.count })}
    </button>
  );
}
