import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { type Filters, readFilters } from "@/features/directory/filters";
import { readPeriods } from "@/features/insight/periods";
import { readArchived, readRulePart } from "@/features/rules/parts";
import { Organisations } from "@/features/session/organisations";
import { SignInPage } from "@/features/session/sign-in-page";
import { readTaskFilters } from "@/features/tasks/filters";
import { workIn } from "@/shared/api";
import { patiently } from "@/shared/late";
import { type Moment, readMoment } from "@/shared/moment";
import { Refused } from "@/shared/problem";
import { meQuery } from "@/shared/session";
import { Broken, Missing } from "./broken";
import { Inside } from "./inside";
import { Workspace } from "./workspace";

type Context = { client: QueryClient };

const root = createRootRouteWithContext<Context>()({
  errorComponent: Broken,
  notFoundComponent: Missing,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === "string" && /^\/(?!\/|\\|sign-in)/.test(search.next)
      ? { next: search.next }
      : {},
  component: SignInPage,
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/accept-invitation",
  component: lazyRouteComponent(
    patiently(() => import("@/features/session/invitation-page")),
    "InvitationPage",
  ),
});

/** Who has one organisation goes there; who has several says which. */
const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async ({ context, location }) => {
    const me = await signedIn(context.client, undefined, location.href);
    if (me.organisations.length > 1) return;
    throw redirect({
      to: "/organizations/$organisation/customers/{-$customer}/{-$tab}",
      params: { organisation: me.organisation.id },
    });
  },
  component: Organisations,
});

/** What of an organisation is shown, whichever page of it. */
const organisation = createRoute({
  getParentRoute: () => root,
  path: "/organizations/$organisation",
  beforeLoad: async ({ context, params, location }) => {
    workIn(params.organisation);
    await signedIn(context.client, params.organisation, location.href);
  },
  component: Inside,
});

const customers = createRoute({
  getParentRoute: () => organisation,
  path: "customers/{-$customer}/{-$tab}",
  validateSearch: (search: Record<string, unknown>): Filters & Moment => ({
    ...readFilters(search),
    ...readMoment(search),
  }),
  component: Workspace,
});

const tasks = createRoute({
  getParentRoute: () => organisation,
  path: "tasks",
  validateSearch: readTaskFilters,
  component: lazyRouteComponent(
    patiently(() => import("./tasks-page")),
    "TasksPage",
  ),
});

const rules = createRoute({
  getParentRoute: () => organisation,
  path: "rules",
  validateSearch: readArchived,
  component: lazyRouteComponent(
    patiently(() => import("./rules-pages")),
    "RulesPage",
  ),
});

const newRule = createRoute({
  getParentRoute: () => organisation,
  path: "rules/new",
  component: lazyRouteComponent(
    patiently(() => import("./rules-pages")),
    "NewRulePage",
  ),
});

const rule = createRoute({
  getParentRoute: () => organisation,
  path: "rules/$rule",
  validateSearch: readRulePart,
  component: lazyRouteComponent(
    patiently(() => import("./rules-pages")),
    "RulePage",
  ),
});

const settings = createRoute({
  getParentRoute: () => organisation,
  path: "settings/{-$section}",
  component: lazyRouteComponent(
    patiently(() => import("./settings-page")),
    "SettingsPage",
  ),
});

const riskReport = createRoute({
  getParentRoute: () => organisation,
  path: "reports/risk-flags",
  validateSearch: readPeriods,
  component: lazyRouteComponent(
    patiently(() => import("./risk-report-page")),
    "RiskReportPage",
  ),
});

async function signedIn(client: QueryClient, organisation: string | undefined, next: string) {
  try {
    return await client.ensureQueryData(meQuery(organisation));
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 401) {
      throw redirect({ to: "/sign-in", search: next === "/" ? {} : { next } });
    }
    throw error;
  }
}

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      invitation,
      home,
      organisation.addChildren([customers, tasks, rules, newRule, rule, settings, riskReport]),
    ]),
    context: { client },
    defaultPreload: false,
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
