import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/tasks";
import { useMay } from "@/shared/session";
import type { Show } from "./filters";
import { TaskList } from "./task-list";

const SHOWS = ["open", "overdue", "done"] as const satisfies Show[];

/** What is to do for one customer. */
export function CustomerTasks({ customer, onNew }: { customer: string; onNew: () => void }) {
  const { t } = useTranslation("tasks");
  const mayWrite = useMay()("task.write");
  const [show, setShow] = useState<Show>("open");
  const add = <Button onClick={onNew}>{t("new")}</Button>;
  return (
    <div className="stack">
      <div className="between">
        <NativeSelect
          aria-label={t("show")}
          value={show}
          onChange={(event) => setShow(event.currentTarget.value as Show)}
          data={SHOWS.map((value) => ({ value, label: t(`show_${value}`) }))}
        />
        {mayWrite && add}
      </div>
      <TaskList whose={{ customer }} show={show} />
    </div>
  );
}
