import { Tooltip } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/visit";
import css from "./customer.module.css";
import { useViewers } from "./visit";

/** Who else has the customer before their eyes now. */
export function Viewers({ customer }: { customer: string }) {
  const { t } = useTranslation("visit");
  const names = useViewers(customer).map(({ name }) => name ?? t("somebody"));
  const [first] = names;
  return (
    <span role="status" className={css.fact}>
      {first !== undefined && (
        <Tooltip label={names.join(", ")} disabled={names.length === 1}>
          <span className={css.viewers}>
            <IconEye size={16} aria-hidden />
            {names.length === 1 ? t("here", { name: first }) : t("others", { count: names.length })}
            {names.length > 1 && <span className="hidden">{names.join(", ")}</span>}
          </span>
        </Tooltip>
      )}
    </span>
  );
}
