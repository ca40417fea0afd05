import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Tasks } from "@/features/tasks/tasks";
import { Frame } from "./frame";

const PATH = "/organizations/$organisation/tasks";

export function TasksPage() {
  const { t } = useTranslation();
  const filters = useSearch({ from: PATH });
  const navigate = useNavigate({ from: PATH });
  return (
    <Frame title={t("nav.tasks")}>
      <Tasks filters={filters} onFilters={(search) => void navigate({ search })} />
    </Frame>
  );
}
