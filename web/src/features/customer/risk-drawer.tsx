import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { ClearRisk, RaiseRisk, type Risk } from "@/shared/risk-flags";
import { SideDrawer } from "@/shared/side-drawer";
import { known } from "@/shared/text";
import { Time } from "@/shared/time";

/** The risk flags that are open, and a new one. */
export function RiskDrawer({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const flags = customer.risk?.flags ?? [];
  return (
    <SideDrawer title={t("risk.title")} onClose={onClose}>
      <div className="groups">
        {flags.length > 0 && (
          <ul className="groups">
            {flags.map((flag) => (
              <li key={flag.id} className="stack">
                <div className="between">
                  <h3>{t(`risk.${flag.type as Risk}`)}</h3>
                  <Time at={flag.raised_at} />
                </div>
                <p>{known(flag.reason)}</p>
                <p className="small quiet">{flag.raised_by.name}</p>
                <ClearRisk customer={customer.id} flag={flag.id} />
              </li>
            ))}
          </ul>
        )}
        <RaiseRisk customer={customer.id} onDone={onClose} />
      </div>
    </SideDrawer>
  );
}
