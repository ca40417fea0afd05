import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { NotSaved } from "@/shared/states";
import type { Tone } from "@/shared/theme";
import { Day } from "@/shared/time";
import { Cells, GoTo } from "./cells";
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

export function QuoteRow(props: {
  quote: Quote;
  /** The number of the order that it became, where that is listed. */
  order: string | undefined;
  currency: string | undefined;
  onGo: (id: string) => void;
}) {
  const { quote, order } = props;
  const { t } = useTranslation();
  const step = useStepQuote(quote.customer);
  const steps = STEPS[quote.state];
  return (
    <Cells
      row={quote}
      kind={t("quote.title")}
      on={quote.drafted_at ?? quote.valid_until}
      amount={quote.total}
      currency={props.currency}
      state={<Badge tone={TONES[quote.state]}>{t(`quote.${quote.state}`)}</Badge>}
      more={
        quote.order && order ? (
          <GoTo id={quote.order} text={t("quote.toOrder", { number: order })} onGo={props.onGo} />
        ) : (
          steps && (
            <>
              {t("order.until")} <Day on={quote.valid_until} />
            </>
          )
        )
      }
    >
      {steps && (
        <span className="row">
          {steps.map((to) => (
            <Button
              key={to}
              loading={step.isPending && step.variables.step === to}
              onClick={() => step.mutate({ quote: quote.id, step: to })}
            >
              {t(`quote.${to}`)}
            </Button>
          ))}
        </span>
      )}
      <NotSaved error={step.error} />
    </Cells>
  );
}
