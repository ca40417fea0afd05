import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Conflict } from "./conflict";

/** What a field says now beside what one has typed. */
export function Clash(props: {
  field: string;
  clashes: Conflict[];
  onTake: (clash: Conflict) => void;
}) {
  const { t } = useTranslation();
  return props.clashes
    .filter(({ field }) => field === props.field)
    .map((clash) => (
      <div key={clash.field} role="alert" className="stack small">
        <p>{t("conflict.changed", { theirs: clash.theirs || "–", was: clash.was || "–" })}</p>
        <div className="row">
          <Button onClick={() => props.onTake(clash)}>
            {t("conflict.theirs", { theirs: clash.theirs || "–" })}
          </Button>
          <span className="quiet">{t("conflict.mine")}</span>
        </div>
      </div>
    ));
}
