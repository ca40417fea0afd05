import { ActionIcon, Button, CloseButton, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Customer, customerQuery, rowsOf } from "@/shared/customer";
import { count } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { useOffers } from "@/shared/offers";
import { useMay, useMe } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
import css from "./directory.module.css";
import { DirectoryFilters } from "./directory-filters";
import { type Choice, DirectoryList } from "./directory-list";
import { type Filters, isFiltered, toCondition, toQuery } from "./filters";
import { Favourites, Folders } from "./folders";
import { useDirectory } from "./queries";
import { extend, isChosen, isNobody, NOBODY, of, toggle, useSelection } from "./selection";

type Props = {
  filters: Filters;
  onFilters: (filters: Filters, replace?: boolean) => void;
  selected: string | undefined;
  onSelect: (customer: string) => void;
  onNew: (name?: string) => void;
  /** What can be done to those who are chosen. */
  bulk: (chosen: Chosen) => ReactNode;
};

/** Customers by their ids, or all that the list would show; how many, where that is known. */
export type Chosen = {
  selection: { ids: string[] } | { filter: ReturnType<typeof toCondition>; q?: string };
  count: number | undefined;
  /** All that match, where not all are chosen already. */
  all: { count: number | undefined; choose: () => void } | undefined;
  folder: string | undefined;
  clear: () => void;
};

export function DirectoryPanel(props: Props) {
  const { filters, onFilters, selected, onSelect, onNew } = props;
  const { t } = useTranslation();
  const locale = useLocale();
  const { user } = useMe();
  const may = useMay();
  const mayCreate = may("customer.create");
  const list = useDirectory(filters, user.id);
  const all = rowsOf(list.data);
  const { rows, exact, similar, showSimilar } = useSimilar(all, filters.q);
  const page = list.data?.pages[0]?.page;
  const client = useQueryClient();
  const search = useRef<HTMLInputElement>(null);

  const step = (by: number) => {
    const at = rows.findIndex((row) => row.id === selected);
    const next = rows[at + by];
    if (next === undefined) return;
    onSelect(next.id);
    // Who goes through the list comes to the next ones in a moment.
    const ahead = rows.slice(at + by + 1, at + by + 4);
    for (const { id } of by > 0 ? ahead : rows.slice(Math.max(at - 2, 0), at - 1)) {
      void client.prefetchQuery(customerQuery(id));
    }
  };
  useOffers(mayCreate ? [{ label: t("directory.new"), key: "c", run: () => onNew() }] : []);
  const ids = rows.map(({ id }) => id);
  const [selection, select] = useSelection(JSON.stringify(toQuery(filters, user.id)));
  const choice: Choice | undefined = may("customer.edit")
    ? {
        isChoosing: !isNobody(selection),
        has: (id) => isChosen(selection, id),
        toggle: (id, isRange) => select((isRange ? extend : toggle)(selection, id, ids)),
      }
    : undefined;
  const choose = (isRange: boolean) => selected && choice?.toggle(selected, isRange);
  /** The range grows with the row that is open. */
  const stretch = (by: number) => {
    const next = ids[ids.indexOf(selected ?? "") + by];
    if (choice === undefined || next === undefined) return;
    const from = selection.anchor === undefined && selected ? [selected] : [];
    const begun = from.reduce((kept, id) => toggle(kept, id, ids), selection);
    select(extend(begun, next, ids));
    step(by);
  };
  // Favourites are one's own, and the archive is apart: no conditions that a job could be given.
  const isApart = filters.show === "favourites" || filters.show === "archived";
  const everybody = () => select(isApart ? of(ids) : { ...NOBODY, isAll: true });
  /** Elsewhere the arrows scroll. */
  const inList = (by: number) => (event: KeyboardEvent) => {
    if (!(event.target instanceof Element && event.target.closest("nav ul a[href]"))) return;
    event.preventDefault();
    step(by);
  };
  useHotkeys([
    ["x", () => choose(false)],
    ["shift+X", () => choose(true)],
    ["shift+ArrowDown", () => stretch(1)],
    ["shift+ArrowUp", () => stretch(-1)],
    ["mod+A", () => choice && rows.length > 0 && everybody()],
    ["Escape", () => !isCovered() && select(NOBODY), { preventDefault: false }],
    ["ArrowDown", inList(1), { preventDefault: false }],
    ["ArrowUp", inList(-1), { preventDefault: false }],
    ["/", () => search.current?.focus()],
    ["j", () => step(1)],
    ["k", () => step(-1)],
    ["c", () => mayCreate && onNew()],
  ]);

  return (
    <div className={css.panel}>
      <div className={css.head}>
        <SearchField
          field={search}
          text={filters.q ?? ""}
          onText={(q) => onFilters({ ...filters, q: q === "" ? undefined : q }, true)}
          onStep={step}
        />
        {mayCreate && (
          <Tooltip label={t("directory.new")}>
            <ActionIcon
              variant="filled"
              color="indigo"
              aria-label={t("directory.new")}
              onClick={() => onNew()}
            >
              <IconPlus size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <Favourites
        chosen={filters.show === "favourites"}
        onChoose={(chosen) => onFilters({ ...filters, show: chosen ? "favourites" : undefined })}
      />
      <Folders
        chosen={filters.folder}
        onChoose={(folder) => onFilters({ ...filters, folder, status: undefined })}
      />
      <DirectoryFilters filters={filters} onFilters={onFilters} />
      <p className={css.count} aria-live="polite">
        {page?.count !== undefined &&
          t(page.count_is_exact === false ? "directory.countMore" : "directory.count", {
            count: page.count,
            text: count(page.count, locale),
          })}
        {filters.q !== undefined &&
          all.length > 0 &&
          (exact === 0
            ? t("directory.onlySimilar")
            : t(list.hasNextPage ? "directory.matchMore" : "directory.match", { count: exact }))}
        {rows.length < all.length && (
          <>
            {" · "}
            <button type="button" className="link" onClick={showSimilar}>
              {t("directory.similar", { count: similar })}
            </button>
          </>
        )}
      </p>
      <div className={css.progress} data-busy={list.isFetching && !list.isPending} />
      {list.isPending ? (
        <div className={css.rest}>
          <Waiting rows={10} height={56} />
        </div>
      ) : list.isError && rows.length === 0 ? (
        <div className={css.rest}>
          <Failure error={list.error} retry={() => list.refetch()} />
        </div>
      ) : rows.length === 0 ? (
        <div className={css.rest}>
          <NobodyHere
            filters={filters}
            onFilters={onFilters}
            onNew={mayCreate ? onNew : undefined}
          />
        </div>
      ) : (
        <DirectoryList
          rows={rows}
          q={filters.q}
          selected={selected}
          hasMore={list.hasNextPage && rows.length === all.length}
          more={() => !list.isFetchingNextPage && list.fetchNextPage()}
          choice={choice}
        />
      )}
      {choice?.isChoosing &&
        props.bulk({
          selection: selection.isAll
            ? { filter: toCondition(filters, user.id), q: filters.q }
            : { ids: [...selection.ids] },
          count: selection.isAll ? exactly(page) : selection.ids.size,
          all: selection.isAll ? undefined : { count: exactly(page), choose: everybody },
          folder: filters.folder,
          clear: () => select(NOBODY),
        })}
    </div>
  );
}

/** Whether a drawer lies above the list: what is pressed is for it. */
function isCovered() {
  return document.querySelector("[role=dialog]") !== null;
}

/** How many match, where they were counted to the end. */
function exactly(page: { count?: number; count_is_exact?: boolean } | undefined) {
  return page?.count_is_exact === false ? undefined : page?.count;
}

/** Names that are only like what was typed show where no name matches, or when asked for. */
function useSimilar(all: Customer[], q: string | undefined) {
  const [asked, setAsked] = useState<string>();
  const exact = all.filter((row) => row.matched !== "similar");
  const isHidden = q !== undefined && exact.length > 0 && asked !== q;
  return {
    rows: isHidden ? exact : all,
    exact: exact.length,
    similar: all.length - exact.length,
    showSimilar: () => setAsked(q),
  };
}

/** Each stroke shows at once; the list follows when the typing pauses. */
function SearchField(props: {
  field: React.RefObject<HTMLInputElement | null>;
  text: string;
  onText: (text: string) => void;
  onStep: (by: number) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(props.text);
  const [told, setTold] = useState(props.text);
  if (told !== props.text) {
    setTold(props.text);
    if (typed.trim() !== props.text) setTyped(props.text);
  }
  const tell = useDebouncedCallback((text: string) => props.onText(text.trim()), 80);
  const type = (text: string) => {
    setTyped(text);
    tell(text);
  };
  return (
    <TextInput
      ref={props.field}
      className={css.search}
      type="search"
      aria-label={t("directory.search")}
      placeholder={t("directory.searchHint")}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (by !== undefined) {
          event.preventDefault();
          props.onStep(by);
        }
        if (event.key === "Escape") {
          type("");
          event.currentTarget.blur();
        }
      }}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed !== "" && (
          <CloseButton size="sm" aria-label={t("directory.clearSearch")} onClick={() => type("")} />
        )
      }
    />
  );
}

function NobodyHere(props: {
  filters: Filters;
  onFilters: (filters: Filters) => void;
  onNew: ((name?: string) => void) | undefined;
}) {
  const { t } = useTranslation();
  const { q, ...others } = props.filters;
  if (q === undefined && !isFiltered(others)) {
    const add = <Button onClick={() => props.onNew?.()}>{t("directory.new")}</Button>;
    return <Empty action={props.onNew && add}>{t("directory.empty")}</Empty>;
  }
  const actions = (
    <div className="wrap">
      {q !== undefined && (
        <Button onClick={() => props.onFilters(others)}>{t("directory.clearSearch")}</Button>
      )}
      {isFiltered(others) && (
        <Button onClick={() => props.onFilters({ q })}>{t("directory.clearFilters")}</Button>
      )}
      {q !== undefined && props.onNew && (
        <Button onClick={() => props.onNew?.(q)}>{t("directory.createNamed", { name: q })}</Button>
      )}
    </div>
  );
  const text = q === undefined ? t("directory.emptyFilter") : t("directory.noMatch", { text: q });
  return <Empty action={actions}>{text}</Empty>;
}
