import { useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Hit, type Kind, useSearch } from "@/features/search/queries";
import { type Customer, customerQuery } from "@/shared/customer";
import { choose, LANGUAGES, type Language } from "@/shared/i18n";
import "@/shared/locales/palette";
import { type Offer, offersNow } from "@/shared/offers";
import { useMay } from "@/shared/session";
import { known } from "@/shared/text";
import { fits } from "./fits";
import { pagesFor } from "./pages";
import { visitedLately } from "./visited";

type Group = "recent" | "commands" | "pages" | Kind;
export type Item = {
  id: string;
  group: Group;
  label: string;
  hint?: string;
  key?: string;
  run: () => void;
};

const TABS: Partial<Record<Kind, string>> = {
  orders: "quotes",
  quotes: "quotes",
  invoices: "finance",
  tasks: "tasks",
};
const FEW = 8;
/** The keys of what is done often. */
const OFTEN = "intsfalrhcw";

/** What fits what was typed: with nothing typed, what was open lately and what can be done. */
export function useItems(text: string): Item[] {
  const hits = useHits(text);
  const recent = useRecent();
  const commands = useCommands();
  const pages = usePages();
  const isEmpty = text === "";
  const found = [...recent, ...commands, ...pages].filter(({ label }) => fits(label, text));
  const known = new Set(recent.map(({ id }) => id));
  if (isEmpty) return [...recent.slice(0, FEW), ...commands, ...pages];
  return [...found, ...hits.filter(({ id }) => !known.has(id) || !found.some((f) => f.id === id))];
}

function useOpen() {
  const navigate = useNavigate();
  const { organisation = "" } = useParams({ strict: false });
  return (customer: string, tab?: string) =>
    void navigate({
      to: "/organizations/$organisation/customers/{-$customer}/{-$tab}",
      params: { organisation, customer, tab },
    });
}

function useHits(text: string): Item[] {
  const open = useOpen();
  const { data = [] } = useSearch(text);
  if (text === "") return [];
  return data.flatMap(({ kind, id, label, hint, customer }: Hit) =>
    customer === undefined
      ? []
      : [{ id, group: kind, label, hint, run: () => open(customer, TABS[kind]) }],
  );
}

function useRecent(): Item[] {
  const client = useQueryClient();
  const open = useOpen();
  const { customer } = useParams({ strict: false });
  return visitedLately().flatMap((id) => {
    const label = known(client.getQueryData<Customer>(customerQuery(id).queryKey)?.display_name);
    if (label === undefined || id === customer) return [];
    return [{ id, group: "recent" as const, label, run: () => open(id) }];
  });
}

/** As they were when the palette was opened. */
function useCommands(): Item[] {
  const [offers] = useState(() => offersNow().toSorted((a, b) => order(a) - order(b)));
  return offers.map(({ label, key, run }) => ({
    id: `do ${label}`,
    group: "commands",
    label,
    key,
    run,
  }));
}

/** First what is done often, then what has no key, last the places to look at. */
function order({ key }: Offer): number {
  if (key === undefined) return OFTEN.length;
  const at = OFTEN.indexOf(key);
  return at === -1 ? OFTEN.length + 1 : at;
}

function usePages(): Item[] {
  const { t } = useTranslation("palette");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const { organisation = "" } = useParams({ strict: false });
  const { setColorScheme } = useMantineColorScheme();
  const pages = pagesFor(useMay());
  return [
    ...pages.map(({ page, to, key }) => ({
      label: t("go", { page: common(`nav.${page}`) }),
      key: `g ${key}`,
      run: () => void navigate({ to, params: { organisation } }),
    })),
    ...(["auto", "light", "dark"] as const).map((scheme) => ({
      label: t("look", { look: common(`account.${scheme}`) }),
      run: () => setColorScheme(scheme),
    })),
    ...(Object.keys(LANGUAGES) as Language[]).map((language) => ({
      label: t("language", { language: LANGUAGES[language] }),
      run: () => void choose(language),
    })),
  ].map((item) => ({ ...item, id: `page ${item.label}`, group: "pages" as const }));
}
