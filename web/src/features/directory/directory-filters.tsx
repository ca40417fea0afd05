import { CloseButton, NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "@/shared/session";
import { asWords } from "@/shared/text";
import css from "./directory.module.css";
import { type Filters, SHOWS, type Show, SORTS, type Sort } from "./filters";
import { useFolders } from "./queries";

export function DirectoryFilters(props: {
  filters: Filters;
  onFilters: (filters: Filters) => void;
}) {
  const { filters, onFilters } = props;
  const { t } = useTranslation();
  const seesRisk = useMe().field_groups?.includes("risk") ?? false;
  const folder = useFolders().data?.find(({ id }) => id === filters.folder);
  const shows = SHOWS.filter((show) => show !== "under_review" || seesRisk);
  return (
    <div className={css.filters}>
      <NativeSelect
        aria-label={t("directory.show")}
        value={filters.show ?? ""}
        onChange={({ currentTarget: { value } }) =>
          onFilters({ ...filters, show: value === "" ? undefined : (value as Show) })
        }
        data={[
          { value: "", label: t("directory.all") },
          ...shows.map((show) => ({ value: show, label: t(`directory.${show}`) })),
        ]}
      />
      <NativeSelect
        aria-label={t("directory.sort")}
        disabled={filters.q !== undefined}
        value={filters.sort ?? "name"}
        onChange={({ currentTarget: { value } }) =>
          onFilters({ ...filters, sort: value === "name" ? undefined : (value as Sort) })
        }
        data={SORTS.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))}
      />
      {folder !== undefined && (
        <NativeSelect
          className={css.wide}
          aria-label={t("directory.status")}
          value={filters.status ?? ""}
          onChange={({ currentTarget: { value } }) =>
            onFilters({ ...filters, status: value === "" ? undefined : value })
          }
          data={[
            { value: "", label: t("directory.anyStatus") },
            ...folder.statuses.map((status) => ({ value: status, label: asWords(status) })),
          ]}
        />
      )}
      {filters.tag !== undefined && (
        <span className={css.chip}>
          {t("directory.tagged", { tag: filters.tag })}
          <CloseButton
            size="xs"
            aria-label={t("directory.clearFilters")}
            onClick={() => onFilters({ ...filters, tag: undefined })}
          />
        </span>
      )}
    </div>
  );
}
