/** What the directory shows; it stands in the address, so that a link or a reload keeps it. */
export type Filters = {
  q?: string;
  folder?: string;
  status?: string;
  tag?: string;
  show?: Show;
  sort?: Sort;
};

export const SHOWS = ["favourites", "mine", "vip", "dormant", "under_review", "archived"] as const;
export type Show = (typeof SHOWS)[number];
export const SORTS = ["name", "-name", "-updated_at", "-last_activity_at"] as const;
export type Sort = (typeof SORTS)[number];

export function readFilters(search: Record<string, unknown>): Filters {
  const text = (value: unknown) => {
    const plain = typeof value === "number" ? `${value}` : value;
    return typeof plain === "string" && plain !== "" ? plain : undefined;
  };
  const word = <T extends string>(words: readonly T[], value: unknown) =>
    words.find((other) => other === value);
  const sort = word(SORTS, search.sort);
  return only({
    q: text(search.q),
    folder: text(search.folder),
    status: text(search.status),
    tag: text(search.tag),
    show: word(SHOWS, search.show),
    sort: sort === "name" ? undefined : sort,
  });
}

/** What the service is asked for. A search has its own order. */
export function toQuery(filters: Filters, me: string) {
  const query = filters.q?.trim();
  const tags = [filters.tag, filters.show === "vip" ? "vip" : undefined].filter(
    (tag) => tag !== undefined,
  );
  const filter = only({
    folder: filters.folder,
    status: filters.status,
    [tags.length > 1 ? "tags][has_all" : "tags"]: tags.length > 0 ? tags.join(",") : undefined,
    lifecycle: filters.show === "dormant" ? "dormant" : undefined,
    under_review: filters.show === "under_review" ? "true" : undefined,
    workers: filters.show === "mine" ? me : undefined,
    favourite: filters.show === "favourites" ? "true" : undefined,
  });
  return only({
    q: query,
    filter,
    sort: query ? undefined : filters.sort,
    archived: filters.show === "archived" ? true : undefined,
  });
}

export function isFiltered({ sort: _sort, ...filters }: Filters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

function only<T extends Record<string, unknown>>(values: T): T {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as T;
}

/** The same as a condition, for a job that is meant for all of them. */
export function toCondition(filters: Filters, me: string) {
  const leaf = (field: string, op: string, value: unknown) => ({ field, op, value });
  const { folder, status, tag, show } = filters;
  const all = [
    folder !== undefined && leaf("folder", "eq", folder),
    status !== undefined && leaf("status", "eq", status),
    tag !== undefined && leaf("tags", "has", tag),
    show === "vip" && leaf("tags", "has", "vip"),
    show === "dormant" && leaf("lifecycle", "eq", "dormant"),
    show === "under_review" && leaf("under_review", "eq", true),
    show === "mine" && leaf("workers", "has", me),
  ];
  return { all: all.filter((one) => one !== false) };
}
