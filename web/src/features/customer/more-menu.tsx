import { Button, Menu } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { useIsPast } from "@/shared/moment";
import { useOffers } from "@/shared/offers";
import { useMay } from "@/shared/session";
import { say } from "@/shared/toast";
import { useReactivate, useUnflag } from "./queries";
import { ReasonDrawer } from "./reason-drawer";
import { RenameDrawer } from "./rename-drawer";
import { RiskDrawer } from "./risk-drawer";

const PATH = "/organizations/$organisation/customers/{-$customer}/{-$tab}";

type Open = "rename" | "flag" | "risk" | "dormant";

export function MoreMenu({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState<Open>();
  const unflag = useUnflag(customer.id);
  const reactivate = useReactivate(customer.id);
  const close = () => setOpen(undefined);
  const told = { onError: (error: Error) => say(t("state.notChanged", { reason: error.message })) };
  const isPast = useIsPast();
  const navigate = useNavigate({ from: PATH });
  const mayLookBack = may("event.read") && !isPast;
  const lookBack = () =>
    navigate({ search: (old) => ({ ...old, as_of: new Date().toISOString() }) });
  const mayEdit = may("customer.edit");
  useOffers([
    ...(mayEdit ? [{ label: t("customer.rename"), run: () => setOpen("rename") }] : []),
    ...(mayEdit && !customer.flag ? [{ label: t("flag.raise"), run: () => setOpen("flag") }] : []),
    ...(mayEdit && customer.lifecycle !== "dormant"
      ? [{ label: t("dormant.mark"), run: () => setOpen("dormant") }]
      : []),
    ...(may("risk.write") ? [{ label: t("risk.title"), run: () => setOpen("risk") }] : []),
    ...(mayLookBack
      ? [{ label: t("customer.history"), key: "h", run: () => void lookBack() }]
      : []),
  ]);
  useHotkeys([["h", () => mayLookBack && lookBack()]]);
  if (!mayLookBack && !may("customer.edit") && !may("risk.write")) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button rightSection={<IconChevronDown size={16} aria-hidden />}>
            {t("action.more")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {may("customer.edit") && (
            <>
              <Menu.Item onClick={() => setOpen("rename")}>{t("customer.rename")}</Menu.Item>
              {customer.flag ? (
                <Menu.Item onClick={() => unflag.mutate(undefined, told)}>
                  {t("flag.remove")}
                </Menu.Item>
              ) : (
                <Menu.Item onClick={() => setOpen("flag")}>{t("flag.raise")}</Menu.Item>
              )}
              {customer.lifecycle === "dormant" ? (
                <Menu.Item onClick={() => reactivate.mutate(undefined, told)}>
                  {t("dormant.reactivate")}
                </Menu.Item>
              ) : (
                <Menu.Item onClick={() => setOpen("dormant")}>{t("dormant.mark")}</Menu.Item>
              )}
            </>
          )}
          {may("risk.write") && (
            <Menu.Item onClick={() => setOpen("risk")}>{t("risk.title")}</Menu.Item>
          )}
          {mayLookBack && (
            <Menu.Item rightSection={<kbd className="small quiet">H</kbd>} onClick={lookBack}>
              {t("customer.history")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {open === "rename" && <RenameDrawer customer={customer} onClose={close} />}
      {open === "flag" && <ReasonDrawer customer={customer.id} what="flag" onClose={close} />}
      {open === "dormant" && <ReasonDrawer customer={customer.id} what="dormant" onClose={close} />}
      {open === "risk" && <RiskDrawer customer={customer} onClose={close} />}
    </>
  );
}
