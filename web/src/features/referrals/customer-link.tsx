import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { known } from "@/shared/text";

export function CustomerLink({ id, name, tab }: { id: string; name: unknown; tab?: string }) {
  const { t } = useTranslation();
  return (
    <Link
      className="underlined"
      from="/organizations/$organisation/customers/{-$customer}/{-$tab}"
      to="/organizations/$organisation/customers/{-$customer}/{-$tab}"
      params={(old) => ({ ...old, customer: id, tab })}
      search={(old) => old}
    >
      {known(name) ?? t("customer.erased")}
    </Link>
  );
}
