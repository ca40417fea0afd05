import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { useMe } from "@/shared/session";
import { Empty } from "@/shared/states";
import type { Filters } from "./filters";
import css from "./first-customer.module.css";
import { useDirectory } from "./queries";

/** Nobody is open yet: where there is room beside the list its first customer is. */
export function FirstCustomer(props: {
  filters: Filters;
  onFirst: ((customer: string) => void) | undefined;
}) {
  const { onFirst } = props;
  const { t } = useTranslation();
  const list = useDirectory(props.filters, useMe().user.id);
  const first = list.isPlaceholderData ? undefined : rowsOf(list.data)[0]?.id;
  useEffect(() => {
    if (first !== undefined) onFirst?.(first);
  }, [first, onFirst]);
  return (
    <div className={css.place}>
      <h1 className="hidden">{t("directory.title")}</h1>
      {list.isSuccess && first === undefined && <Empty>{t("directory.nobodyOpen")}</Empty>}
    </div>
  );
}
