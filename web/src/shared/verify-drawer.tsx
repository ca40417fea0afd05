import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, read } from "./api";
import "./locales/verify";
import { SideDrawer } from "./side-drawer";
import { Failure, Waiting } from "./states";
import { Verified } from "./verified";

/** Whether anybody changed what was recorded of a customer. */
export function VerifyDrawer({ customer, onClose }: { customer: string; onClose: () => void }) {
  const { t } = useTranslation("verify");
  const check = useQuery({
    queryKey: ["verify", customer],
    gcTime: 0,
    queryFn: ({ signal }) => {
      const params = { path: { customer_id: customer } };
      return read(api.GET("/v1/customers/{customer_id}/verify", { params, signal }));
    },
  });
  return (
    <SideDrawer title={t("title")} onClose={onClose}>
      {check.isPending && <Waiting rows={3} />}
      {check.isError && <Failure error={check.error} retry={() => check.refetch()} />}
      {check.data && (
        <Verified
          ok={check.data.ok}
          verdict={t("customer", { count: check.data.events })}
          isSigned={false}
          firstBad={check.data.first_bad}
        />
      )}
    </SideDrawer>
  );
}
