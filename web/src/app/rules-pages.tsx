import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import "@/shared/locales/rules";
import { RuleEditor } from "@/features/rules/rule-editor";
import { RulePage as OneRule } from "@/features/rules/rule-page";
import { RulesList } from "@/features/rules/rules-list";
import { Frame } from "./frame";

const LIST = "/organizations/$organisation/rules";
const ONE = "/organizations/$organisation/rules/$rule";
const NEW = "/organizations/$organisation/rules/new";

export function RulesPage() {
  const { t } = useTranslation("rules");
  const { show } = useSearch({ from: LIST });
  const navigate = useNavigate({ from: LIST });
  return (
    <Frame title={t("title")}>
      <RulesList
        archived={show === "archived"}
        onArchived={(archived) => void navigate({ search: archived ? { show: "archived" } : {} })}
      />
    </Frame>
  );
}

export function RulePage() {
  const { rule } = useParams({ from: ONE });
  const { part = "does" } = useSearch({ from: ONE });
  const navigate = useNavigate({ from: ONE });
  return (
    <Frame>
      <OneRule
        key={rule}
        id={rule}
        part={part}
        onPart={(next) => void navigate({ search: next === "does" ? {} : { part: next } })}
      />
    </Frame>
  );
}

export function NewRulePage() {
  const { t } = useTranslation("rules");
  const navigate = useNavigate({ from: NEW });
  return (
    <Frame title={t("new")}>
      <h1>{t("new")}</h1>
      <RuleEditor
        onSaved={(rule) => void navigate({ to: ONE, params: (old) => ({ ...old, rule }) })}
      />
    </Frame>
  );
}
