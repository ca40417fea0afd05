import { useHotkeys } from "@mantine/hooks";
import { CatchBoundary, useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomerHeader } from "@/features/customer/customer-header";
import { Overview } from "@/features/customer/overview";
import { useLook } from "@/features/customer/visit";
import { InteractionComposer } from "@/features/interactions/interaction-composer";
import { useCustomer } from "@/shared/customer";
import { late } from "@/shared/late";
import { useOffers } from "@/shared/offers";
import { useMay, useMe } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import css from "./app.module.css";
import { useControlKeys } from "./control-keys";
import { TabRow } from "./tab-row";
import { asTab, keyOf, type Tab, tabsFor } from "./tabs";

const BarredLine = late(async () => (await import("@/features/customer/barred-line")).BarredLine);
const Interactions = late(
  async () => (await import("@/features/interactions/interactions-tab")).InteractionsTab,
);
const Notes = late(async () => (await import("./notes-and-tags")).NotesAndTags);
const Quotes = late(async () => (await import("@/features/quotes/quotes-tab")).QuotesTab);
const Finance = late(async () => (await import("@/features/finance/finance-tab")).FinanceTab);
const Service = late(
  async () => (await import("@/features/service-entries/service-tab")).ServiceTab,
);
const Referrals = late(
  async () => (await import("@/features/referrals/referrals-tab")).ReferralsTab,
);
const Tasks = late(async () => (await import("@/features/tasks/customer-tasks")).CustomerTasks);
const TaskDrawer = late(async () => (await import("@/features/tasks/task-drawer")).TaskDrawer);
const Insight = late(async () => (await import("@/features/insight/insight-tab")).InsightTab);
const Files = late(async () => (await import("@/features/files/files-tab")).FilesTab);
const Audit = late(async () => (await import("@/features/audit/audit-tab")).AuditTab);

export function CustomerPanel(props: {
  customer: string;
  tab?: string;
  /** Opens the panel of what one does with a customer. */
  onActions: () => void;
}) {
  const { customer: id, tab: asked } = props;
  const { t } = useTranslation();
  const may = useMay();
  const { roles } = useMe();
  const navigate = useNavigate({
    from: "/organizations/$organisation/customers/{-$customer}/{-$tab}",
  });
  const customer = useCustomer(id);
  useLook(id, customer.data?.new_activity);
  const [isLogging, setLogging] = useState(false);
  const [isAddingTask, setAddingTask] = useState(false);
  const tabs = tabsFor(may, roles);
  const tab = asTab(asked, tabs);
  const go = (next: Tab) =>
    navigate({ params: (old) => ({ ...old, tab: next }), search: (old) => old });
  const log = () => may("interaction.write") && setLogging(true);
  const note = () => may("note.write") && go("notes");

  const addTask = () => may("task.write") && setAddingTask(true);

  useOffers([
    ...(may("interaction.write") ? [{ label: t("interaction.save"), key: "i", run: log }] : []),
    ...(may("note.write") ? [{ label: t("note.short"), key: "n", run: note }] : []),
    ...(may("task.write") ? [{ label: t("task.new"), key: "t", run: addTask }] : []),
    ...tabs.map((to, at) => ({
      label: `${t("tab.title")}: ${t(`tab.${to}`)}`,
      key: keyOf(at, tabs.length),
      run: () => void go(to),
    })),
  ]);
  useHotkeys([
    ["i", log],
    ["n", note],
    ["t", addTask],
    ...tabs.flatMap((to, at): [string, () => void][] => {
      const key = keyOf(at, tabs.length);
      return key === undefined ? [] : [[key, () => void go(to)]];
    }),
  ]);
  useControlKeys(props.onActions);

  if (customer.isPending)
    return (
      <Centre>
        <Waiting rows={6} height={48} />
      </Centre>
    );
  if (customer.isError) {
    return (
      <Centre>
        <Failure error={customer.error} retry={() => customer.refetch()} />
      </Centre>
    );
  }
  const name = known(customer.data.display_name) ?? t("customer.erased");
  return (
    <>
      <title>{`${name} · Dossier`}</title>
      <CustomerHeader
        customer={customer.data}
        onLog={may("interaction.write") ? log : undefined}
        onNote={may("note.write") ? note : undefined}
        onTab={(to) => tabs.includes(to) && go(to)}
      />
      <Suspense>
        <BarredLine />
      </Suspense>
      <TabRow tabs={tabs} tab={tab} />
      {isLogging && <InteractionComposer customer={id} onClose={() => setLogging(false)} />}
      {isAddingTask && (
        <Suspense>
          <TaskDrawer customer={id} onClose={() => setAddingTask(false)} />
        </Suspense>
      )}
      <section className={css.tab} aria-label={tab && t(`tab.${tab}`)} key={tab}>
        <h2 className="hidden">{tab && t(`tab.${tab}`)}</h2>
        <CatchBoundary getResetKey={() => `${tab}`} errorComponent={Fault}>
          <Suspense fallback={<Waiting />}>
            {tab === "overview" && <Overview customer={customer.data} onAll={() => go("audit")} />}
            {tab === "interactions" && (
              <Interactions customer={id} onLog={may("interaction.write") ? log : undefined} />
            )}
            {tab === "notes" && <Notes customer={customer.data} />}
            {tab === "quotes" && <Quotes customer={id} />}
            {tab === "tasks" && <Tasks customer={id} onNew={addTask} />}
            {tab === "finance" && <Finance customer={customer.data} />}
            {tab === "service" && <Service customer={id} />}
            {tab === "referrals" && <Referrals customer={id} />}
            {tab === "insight" && <Insight customer={id} />}
            {tab === "files" && <Files customer={id} />}
            {tab === "audit" && <Audit customer={id} />}
            {tab === undefined && <Empty>{t("tab.notForYou")}</Empty>}
          </Suspense>
        </CatchBoundary>
      </section>
    </>
  );
}

/** A fault of one tab leaves the others. */
function Fault({ error, reset }: { error: unknown; reset: () => void }) {
  return <Failure error={error instanceof Error ? error : new Error(`${error}`)} retry={reset} />;
}

function Centre({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={css.tab}>
      <h1 className="hidden">{t("panel.customer")}</h1>
      {children}
    </div>
  );
}
