import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { Money } from "@/shared/money";
import { useMay } from "@/shared/session";
import { NotSaved } from "@/shared/states";
import type { Tone } from "@/shared/theme";
import { Day } from "@/shared/time";
import { type Quote, type Step, useStepQuote } from "./queries";

const TONES: Record<Quote["state"], Tone> = {
  draft: "gray",
  sent: "yellow",
  expired: "gray",
  accepted: "teal",
  rejected: "red",
};
const STEPS: Partial<Record<Quote["state"], Step[]>> = {
  draft: ["send"],
  sent: ["accept", "reject"],
};

export function QuoteRow({ customer, quote }: { customer: string; quote: Quote }) {
  const { t } = useTranslation();
  const mayWrite = useMay()("quote.write");
  const step = useStepQuote(customer);
  return (
    <tr>
      <td>{quote.number ?? "–"}</td>
      <td>
        <Badge tone={TONES[quote.state]}>{t(`quote.${quote.state}`)}</Badge>
      </td>
      <td data-label={t("quote.validUntil")}>
        <Day on={quote.valid_until} />
      </td>
      <td className="number">
        <Money amount={quote.total.amount} currency={quote.total.currency} />
      </td>
      <td>
        <span className="row">
          {mayWrite &&
            (STEPS[quote.state] ?? []).map((to) => (
              <Button
                key={to}
                loading={step.isPending && step.variables.step === to}
                onClick={() => step.mutate({ quote: quote.id, step: to })}
              >
                {t(`quote.${to}`)}
              </Button>
            ))}
        </span>
        <NotSaved error={step.error} />
      </td>
    </tr>
  );
}
