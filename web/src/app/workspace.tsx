import { useHotkeys, useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { DirectoryPanel } from "@/features/directory/directory-panel";
import type { Filters } from "@/features/directory/filters";
import { FirstCustomer } from "@/features/directory/first-customer";
import { WithCapabilities } from "@/shared/capabilities";
import { late } from "@/shared/late";
import { SideDrawer } from "@/shared/side-drawer";
import { useUndoLast } from "@/shared/undo";
import { Actions } from "./actions";
import css from "./app.module.css";
import { BottomBar, type Panel } from "./bottom-bar";
import { CustomerPanel } from "./customer-panel";
import { TopBar } from "./top-bar";

const PATH = "/organizations/$organisation/customers/{-$customer}/{-$tab}";
const PastCustomer = late(async () => (await import("./past")).PastCustomer);
const BulkBar = late(async () => (await import("@/features/bulk/bulk-bar")).BulkBar);
const NewCustomerDrawer = late(
  async () => (await import("@/features/directory/new-customer-drawer")).NewCustomerDrawer,
);

export function Workspace() {
  const { t } = useTranslation();
  const { customer, tab } = useParams({ from: PATH });
  const { as_of, time, ...filters } = useSearch({ from: PATH });
  const navigate = useNavigate({ from: PATH });
  const isPhone = useMediaQuery("(width < 48rem)", false, { getInitialValueInEffect: false });
  const isNarrow = useMediaQuery("(width < 75rem)") ?? false;
  const panels = usePanels(customer);
  const [naming, setNaming] = useState<string>();
  const undoLast = useUndoLast();
  useHotkeys([["z", undoLast]]);
  // On a phone each panel is in its turn what the page is about.
  const [Centre, Side] = isPhone ? (["div", "section"] as const) : (["main", "aside"] as const);

  const open = (id: string) => {
    panels.show("customer");
    return navigate({ params: (old) => ({ ...old, customer: id }), search: filters });
  };
  const filter = (next: Filters, replace = false) =>
    navigate({ search: { ...next, as_of, time }, replace });
  const isPast = as_of !== undefined && customer !== undefined;
  const inTime = (panels: (bar?: ReactNode) => ReactNode) =>
    isPast ? (
      <Suspense>
        <PastCustomer
          key={customer}
          customer={customer}
          moment={{ as_of, time }}
          onMoment={(moment, replace) => navigate({ search: { ...filters, ...moment }, replace })}
          onLeave={() => navigate({ search: filters })}
        >
          {panels}
        </PastCustomer>
      </Suspense>
    ) : customer === undefined ? (
      panels()
    ) : (
      <WithCapabilities customer={customer}>{panels()}</WithCapabilities>
    );

  return (
    <div
      className={css.page}
      data-panel={panels.panel}
      data-list={panels.list}
      data-actions={panels.actions}
      data-past={isPast}
    >
      <TopBar onActions={customer === undefined ? undefined : () => panels.setDrawer(true)} />
      <Panels isPhone={isPhone} panel={panels.panel}>
        <nav className={css.list} aria-label={t("directory.title")}>
          <DirectoryPanel
            filters={filters}
            onFilters={filter}
            selected={customer}
            onSelect={open}
            onNew={(name) => setNaming(name ?? "")}
            bulk={(chosen) => (
              <Suspense>
                <BulkBar {...chosen} />
              </Suspense>
            )}
          />
        </nav>
        {inTime((bar) => (
          <>
            <Centre className={css.centre}>
              {bar}
              {customer === undefined ? (
                <FirstCustomer
                  filters={filters}
                  onFirst={
                    isPhone
                      ? undefined
                      : (id) =>
                          navigate({
                            params: (old) => ({ ...old, customer: id }),
                            search: (old) => old,
                            replace: true,
                          })
                  }
                />
              ) : (
                <CustomerPanel
                  key={customer}
                  customer={customer}
                  tab={tab}
                  onActions={() => panels.showActions(isNarrow, isPhone)}
                />
              )}
            </Centre>
            {customer !== undefined && (!isNarrow || (isPhone && panels.panel === "actions")) && (
              <Side className={css.actions} aria-label={t("actions.title")}>
                <Actions key={customer} customer={customer} />
              </Side>
            )}
            {customer !== undefined && isNarrow && !isPhone && panels.drawer && (
              <SideDrawer
                title={t("actions.title")}
                size="20rem"
                onClose={() => panels.setDrawer(false)}
              >
                <Actions key={customer} customer={customer} />
              </SideDrawer>
            )}
          </>
        ))}
      </Panels>
      <BottomBar panel={panels.panel} onPanel={panels.show} hasCustomer={customer !== undefined} />
      {naming !== undefined && (
        <Suspense>
          <NewCustomerDrawer
            name={naming}
            onClose={() => setNaming(undefined)}
            onOpen={(id) => {
              setNaming(undefined);
              panels.show("customer");
              void navigate({
                params: (old) => ({ ...old, customer: id, tab: undefined }),
                search: {},
              });
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Beside each other the customer is what the page is about; one at a time, whichever shows. */
function Panels(props: { isPhone: boolean; panel: Panel; children: ReactNode }) {
  const { t } = useTranslation();
  if (!props.isPhone) return props.children;
  return (
    <main className={css.panels}>
      {props.panel === "list" && <h1 className="hidden">{t("directory.title")}</h1>}
      {props.panel === "actions" && <h1 className="hidden">{t("actions.title")}</h1>}
      {props.children}
    </main>
  );
}

/** Which panels are open: all that fit, on a phone one at a time. */
function usePanels(customer: string | undefined) {
  const [chosen, show] = useState<{ panel: Panel; of: string | undefined }>();
  const [list, setList] = useLocalStorage({ key: "dossier-list", defaultValue: true });
  const [actions, setActions] = useLocalStorage({ key: "dossier-actions", defaultValue: true });
  const [drawer, setDrawer] = useState(false);
  useHotkeys([
    ["[", () => setList(!list)],
    [
      "]",
      () => {
        setActions(!actions);
        setDrawer(!drawer);
      },
    ],
  ]);
  const own: Panel = customer === undefined ? "list" : "customer";
  return {
    panel: chosen !== undefined && chosen.of === customer ? chosen.panel : own,
    show: (panel: Panel) => show({ panel, of: customer }),
    list,
    actions,
    drawer,
    setDrawer,
    showActions: (isNarrow: boolean, isPhone: boolean) => {
      if (isPhone) show({ panel: "actions", of: customer });
      else if (isNarrow) setDrawer(true);
      else setActions(true);
    },
  };
}
