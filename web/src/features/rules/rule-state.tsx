import { useTranslation } from "react-i18next";
import "@/shared/locales/rules";
import { Badge } from "@/shared/badges";
import type { Rule } from "./definition";

/** Whether a rule acts, and which version waits beside the one in force. */
export function RuleState({ rule }: { rule: Rule }) {
  const { t } = useTranslation("rules");
  const draft = rule.draft as { rule_version: number } | null | undefined;
  return (
    <span className="wrap">
      <Badge tone={rule.state === "active" ? "teal" : "gray"}>
        {t(`state_${rule.state}`, { version: rule.rule_version })}
      </Badge>
      {draft && <Badge tone="yellow">{t("waits", { version: draft.rule_version })}</Badge>}
    </span>
  );
}
