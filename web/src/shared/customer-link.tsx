import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "./session";
import { known } from "./text";

export function CustomerLink({ id, name, tab }: { id: string; name: unknown; tab?: string }) {
  const { t } = useTranslation();
  const { organisation } = useMe();
  return (
    <Link
      className="underlined"
      to="/organizations/$organisation/customers/{-$customer}/{-$tab}"
      params={{ organisation: organisation.id, customer: id, tab }}
    >
      {known(name) ?? t("customer.erased")}
    </Link>
  );
}
