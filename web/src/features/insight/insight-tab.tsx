import "@/shared/locales/insight";
import { Failure, Waiting } from "@/shared/states";
import { LifetimeValue } from "./lifetime-value";
import { useInsight } from "./queries";
import { NoForecast, Repurchase } from "./repurchase";
import { RiskFlags } from "./risk-flags";

/** What the customer is worth, what may come, and what speaks against it. */
export function InsightTab({ customer }: { customer: string }) {
  const insight = useInsight(customer);
  if (insight.isPending) return <Waiting rows={6} />;
  if (insight.isError) return <Failure error={insight.error} retry={() => insight.refetch()} />;
  const { lifetime_value, repurchase, risk } = insight.data;
  return (
    <div className="groups">
      {lifetime_value && <LifetimeValue customer={customer} values={lifetime_value} />}
      {repurchase ? <Repurchase said={repurchase} /> : lifetime_value && <NoForecast />}
      {risk && <RiskFlags customer={customer} risk={risk} />}
    </div>
  );
}
