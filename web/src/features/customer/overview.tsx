import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { Entries } from "@/shared/entries";
import { useLocale } from "@/shared/i18n";
import { late } from "@/shared/late";
import { Money } from "@/shared/money";
import { useMay } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
import { asWords, known } from "@/shared/text";
import { Day, Time } from "@/shared/time";
import css from "./customer.module.css";
import { useCompleteTask, useLastContact, useLatest, useOpenTasks } from "./queries";

const Since = late(async () => (await import("./since")).Since);

/** Who, what state, whose, last contact, next task, open money; then what happened last. */
export function Overview({ customer, onAll }: { customer: Customer; onAll: () => void }) {
  const { t } = useTranslation();
  const owner = customer.workers?.map(({ name }) => name).join(", ");
  const folder = [customer.folder?.name, customer.status && asWords(customer.status)];
  return (
    <div className="groups">
      <Suspense>
        <Since customer={customer.id} />
      </Suspense>
      <dl className={css.answers}>
        <Answer term={t("overview.who")}>
          <Who customer={customer} />
        </Answer>
        <Answer term={t("overview.state")}>
          {folder.filter(Boolean).join(" · ") || t("customer.noFolder")}
          {customer.lifecycle === "dormant" && (
            <p className="quiet">{known(customer.dormant?.reason) ?? t("badge.dormant")}</p>
          )}
        </Answer>
        <Answer term={t("overview.owner")}>
          {owner || <span className="quiet">{t("customer.noOwner")}</span>}
        </Answer>
        <Answer term={t("overview.lastContact")}>
          <LastContact customer={customer.id} />
        </Answer>
        <Answer term={t("overview.nextTask")}>
          <NextTask customer={customer.id} />
        </Answer>
        {customer.finance?.by_currency !== undefined && (
          <Answer term={t("overview.openMoney")}>
            <OpenMoney customer={customer} />
          </Answer>
        )}
      </dl>
      <Latest customer={customer.id} onAll={onAll} />
    </div>
  );
}

function Answer({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={css.answer}>
      <dt className="small quiet">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Who({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const address = customer.addresses?.[0] as Record<string, unknown> | undefined;
  const country = known(address?.country);
  const names = new Intl.DisplayNames(locale, { type: "region" });
  const place = [known(address?.city), country && names.of(country)].filter(Boolean).join(", ");
  return (
    <>
      {t(`type.${customer.type ?? "other"}`)}
      {place !== "" && <p className="quiet">{place}</p>}
    </>
  );
}

function LastContact({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const last = useLastContact(customer);
  if (!last.data) {
    return <span className="quiet">{last.isSuccess ? t("overview.noContact") : "–"}</span>;
  }
  const { type, logged_by, occurred_at, note } = last.data;
  return (
    <>
      {t(`interaction.${type}`)} · {logged_by.name} · <Time at={occurred_at} />
      {known(note) && <p className={`quiet ${css.short}`}>{known(note)}</p>}
    </>
  );
}

function NextTask({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const tasks = useOpenTasks(customer);
  const complete = useCompleteTask(customer);
  const mayDo = useMay()("task.write");
  if (!tasks.data || tasks.data.length === 0) {
    return <span className="quiet">{tasks.isSuccess ? t("overview.noTask") : "–"}</span>;
  }
  return (
    <ul className="stack">
      {tasks.data.slice(0, 3).map((task) => (
        <li key={task.id} className="row">
          {mayDo && (
            <Tooltip label={t("task.done")}>
              <ActionIcon
                variant="default"
                aria-label={`${t("task.done")}: ${known(task.title) ?? ""}`}
                loading={complete.isPending && complete.variables.task === task.id}
                onClick={() => complete.mutate({ task: task.id })}
              >
                <IconCheck size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          <span>
            {known(task.title)}
            {task.due_on && (
              <span className="quiet">
                {" · "}
                <Day on={task.due_on} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function OpenMoney({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const sums = customer.finance?.by_currency ?? [];
  if (sums.length === 0) return <span className="quiet">{t("overview.noMoney")}</span>;
  return sums.map((sum) => (
    <p key={sum.currency}>
      <Money amount={sum.balance ?? "0"} currency={sum.currency} />
      {(sum.overdue_invoices ?? 0) > 0 && (
        <span className={css.overdue}>{t("counter.overdue", { count: sum.overdue_invoices })}</span>
      )}
    </p>
  ));
}

function Latest({ customer, onAll }: { customer: string; onAll: () => void }) {
  const { t } = useTranslation();
  const latest = useLatest(customer, 5);
  return (
    <section className="stack">
      <div className="between">
        <h2>{t("overview.latest")}</h2>
        <Button variant="subtle" onClick={onAll}>
          {t("overview.all")}
        </Button>
      </div>
      {latest.isPending && <Waiting rows={5} />}
      {latest.isError && <Failure error={latest.error} retry={() => latest.refetch()} />}
      {latest.data?.length === 0 && <Empty>{t("overview.nothing")}</Empty>}
      {latest.data && <Entries entries={latest.data} />}
    </section>
  );
}
