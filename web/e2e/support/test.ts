import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from "@playwright/test";
import { Api } from "./api";
import { type Service, serviceOf } from "./service";

export type Role =
  | "owner"
  | "admin"
  | "manager"
  | "executive"
  | "support"
  | "finance"
  | "sales"
  | "field"
  | "viewer";

/** The page of somebody who is signed in, and what went wrong on it. */
export type Window = Page & { wrongs: string[] };

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>;
type Fixtures = {
  service: Service;
  /** The page of the demo's person of a role; each call opens another window. */
  as: (role: Role, options?: BrowserContextOptions & { at?: string }) => Promise<Window>;
  /** What a test needs to be there beforehand, through the API. */
  api: (role: Role) => Promise<Api>;
};

const signedIn = new Map<string, StorageState>();

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
  service: async ({}, use, info) => {
    await use(await serviceOf(info.file));
  },

  as: async ({ browser, service, contextOptions }, use, info) => {
    const windows: Window[] = [];
    await use(async (role, { at = "/", ...options } = {}) => {
      const storageState = await signIn(service, role);
      const context = await browser.newContext({
        ...contextOptions,
        baseURL: service.url,
        storageState,
        ...options,
      });
      const page = watched(await context.newPage());
      windows.push(page);
      await page.goto(at);
      return page;
    });
    for (const page of windows) {
      if (info.status === info.expectedStatus) expect(page.wrongs).toEqual([]);
      else if (info.status !== "skipped") {
        await page.screenshot({ path: info.outputPath(`window-${windows.indexOf(page)}.png`) });
      }
      await page.context().close();
    }
  },

  api: async ({ service }, use) => {
    await use(async (role) => new Api(service.url, cookies(await signIn(service, role))));
  },
});

export { expect };

export function password({ dataDir }: Service): string {
  return readFileSync(join(dataDir, "demo-password"), "utf8").trim();
}

async function signIn(service: Service, role: Role): Promise<StorageState> {
  const key = `${service.url} ${role}`;
  const known = signedIn.get(key);
  if (known !== undefined) return known;
  const answer = await fetch(`${service.url}/v1/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: service.url },
    body: JSON.stringify({ email: `${role}@demo.localhost`, password: password(service) }),
  });
  if (!answer.ok) throw new Error(`${role} is not let in: ${await answer.text()}`);
  const state: StorageState = {
    origins: [],
    cookies: answer.headers.getSetCookie().map((cookie) => {
      const [pair = ""] = cookie.split(";");
      const at = pair.indexOf("=");
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const { hostname: domain } = new URL(service.url);
      const secure = false;
      const sameSite = "Lax" as const;
      return { name, value, domain, path: "/", expires: -1, httpOnly: true, secure, sameSite };
    }),
  };
  signedIn.set(key, state);
  return state;
}

function cookies(state: StorageState): string {
  return state.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** A page that remembers what went wrong on it, other than what the service refuses. */
function watched(page: Page): Window {
  const wrongs: string[] = [];
  page.on("pageerror", (error) => wrongs.push(`${error}`));
  page.on("console", (said) => {
    const isRefusal = /status of 4\d\d/.test(said.text());
    if (said.type() === "error" && !isRefusal) wrongs.push(said.text());
  });
  page.on("response", (answer) => {
    if (answer.status() >= 500) wrongs.push(`${answer.status()} ${answer.url()}`);
  });
  return Object.assign(page, { wrongs });
}
