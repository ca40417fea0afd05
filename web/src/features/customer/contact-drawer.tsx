import { useTranslation } from "react-i18next";
import "@/shared/locales/contact";
import type { Customer } from "@/shared/customer";
import { SideDrawer } from "@/shared/side-drawer";
import { Addresses } from "./addresses";
import { ExternalIds } from "./external-ids";
import { NamesForm, TypeForm } from "./names-form";
import { Ways } from "./ways";

/** Who the customer is and where they are reached, the name first. */
export function ContactDrawer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation("contact");
  return (
    <SideDrawer title={t("title")} onClose={onClose}>
      <div className="groups">
        <NamesForm customer={customer} onDone={onClose} />
        <Ways customer={customer} way="emails" />
        <Ways customer={customer} way="phones" />
        <Addresses customer={customer} />
        <ExternalIds customer={customer} />
        <TypeForm customer={customer} />
      </div>
    </SideDrawer>
  );
}
