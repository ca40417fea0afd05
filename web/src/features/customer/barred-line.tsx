import { use } from "react";
import { useTranslation } from "react-i18next";
import { Barred } from "@/shared/capabilities";
import "@/shared/locales/visit";
import { useIsPast } from "@/shared/moment";
import css from "./visit.module.css";

/** Why nothing can be changed here, where one's role would allow it. */
export function BarredLine() {
  const { t } = useTranslation("visit");
  const why = use(Barred).get("customer.edit");
  if (useIsPast() || (why !== "reach" && why !== "archived")) return null;
  return <p className={`small quiet ${css.barred}`}>{t(why)}</p>;
}
