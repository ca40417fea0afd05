import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import "@/shared/locales/archive";
import type { Customer } from "@/shared/customer";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { useArchive } from "./queries";

/** Asks once more, and says what becomes of the customer. */
export function ArchiveDrawer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation(["archive", "translation"]);
  const archive = useArchive(customer.id);
  const name = known(customer.display_name) ?? t("customer.erased", { ns: "translation" });
  return (
    <SideDrawer title={t("title", { name })} onClose={onClose}>
      <div className="form">
        <p>{t("hint")}</p>
        <NotSaved error={archive.error} />
        <div className="row">
          <Button
            variant="filled"
            color="red.9"
            data-autofocus
            loading={archive.isPending}
            onClick={() => archive.mutate(undefined, { onSuccess: onClose })}
          >
            {t("save")}
          </Button>
          <Button onClick={onClose}>{t("action.cancel", { ns: "translation" })}</Button>
        </div>
      </div>
    </SideDrawer>
  );
}
