import { ActionIcon } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { rowsOf } from "@/shared/customer";
import { CustomerLink } from "@/shared/customer-link";
import { useNow } from "@/shared/moment";
import { More } from "@/shared/more";
import { useCustomerNames } from "@/shared/names";
import { useMay } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { Day } from "@/shared/time";
import { say } from "@/shared/toast";
import type { Show } from "./filters";
import { isOlder, isOverdue, type Task, useSetDone, useTasks } from "./queries";
import { TaskDrawer } from "./task-drawer";
import css from "./tasks.module.css";

type Props = {
  whose: { customer?: string; assignee?: string };
  show: Show;
  action?: ReactNode;
};

export function TaskList({ whose, show, action }: Props) {
  const { t } = useTranslation("tasks");
  const list = useTasks(whose, show);
  const [edited, setEdited] = useState<Task>();
  const all = rowsOf(list.data);
  const rows = show === "older" ? all.filter(isOlder) : all;
  const isOfOne = whose.customer !== undefined;
  const names = useCustomerNames(isOfOne ? [] : rows.map(({ customer }) => customer));
  if (list.isPending) return <Waiting rows={6} />;
  if (list.isError) return <Failure error={list.error} retry={() => list.refetch()} />;
  return (
    <>
      {rows.length === 0 && !list.hasNextPage && (
        <Empty action={action}>{t(`empty_${show}`)}</Empty>
      )}
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>{t("task")}</th>
              {!isOfOne && <th>{t("customer")}</th>}
              <th>{t("due")}</th>
              <th>{t("assignee")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((task) => (
              <Row
                key={task.id}
                task={task}
                name={isOfOne ? undefined : names.get(task.customer ?? "")}
                isOfOne={isOfOne}
                onEdit={() => setEdited(task)}
              />
            ))}
          </tbody>
        </table>
      )}
      <More list={list} />
      {edited && <TaskDrawer task={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}

function Row(props: {
  task: Task;
  name: string | undefined;
  isOfOne: boolean;
  onEdit: () => void;
}) {
  const { task, name, isOfOne, onEdit } = props;
  const { t } = useTranslation("tasks");
  const mayWrite = useMay()("task.write");
  const title = known(task.title) ?? "–";
  const isDone = task.state === "done";
  const isLate = isOverdue(task, useNow());
  return (
    <tr data-done={isDone} className={css.task}>
      <td>
        <div className="row">
          {mayWrite && <DoneButton task={task} title={title} />}
          {mayWrite ? (
            <button type="button" className={css.title} onClick={onEdit}>
              {title}
            </button>
          ) : (
            <span>{title}</span>
          )}
          {isDone && <Badge tone="teal">{t("done")}</Badge>}
        </div>
      </td>
      {!isOfOne && (
        <td data-none={!name}>
          {task.customer && name ? (
            <CustomerLink id={task.customer} name={name} />
          ) : (
            <span className="quiet">–</span>
          )}
        </td>
      )}
      <td data-overdue={isLate} data-none={!task.due_on} className={css.due}>
        {task.due_on ? <Day on={task.due_on} /> : <span className="quiet">–</span>}
        {isLate && ` · ${t("overdue")}`}
      </td>
      <td data-none={!task.assignee?.name} className="quiet">
        {task.assignee?.name ?? "–"}
      </td>
    </tr>
  );
}

/** Done at once, and taken back as easily. */
function DoneButton({ task, title }: { task: Task; title: string }) {
  const { t } = useTranslation("tasks");
  const { t: common } = useTranslation();
  const set = useSetDone((done) => t(done ? "completed" : "reopened", { title }));
  const isDone = task.state === "done";
  const Icon = isDone ? IconCircleCheck : IconCircle;
  return (
    <ActionIcon
      size={24}
      color={isDone ? "teal" : "gray"}
      aria-label={t(isDone ? "reopen" : "complete", { title })}
      onClick={() =>
        set.mutate(
          { task: task.id, done: !isDone },
          { onError: (error) => say(common("state.notChanged", { reason: error.message })) },
        )
      }
    >
      <Icon size={20} />
    </ActionIcon>
  );
}
