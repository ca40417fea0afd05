import { useTranslation } from "react-i18next";
import { Failure, Waiting } from "@/shared/states";
import { Time } from "@/shared/time";
import css from "./audit.module.css";
import { type Step, useWhy } from "./queries";

/** What led to an event, from its first cause on, and what came of it. */
export function Why({ event }: { event: string }) {
  const { t } = useTranslation();
  const why = useWhy(event);
  if (why.isPending) return <Waiting rows={1} />;
  if (why.isError) return <Failure error={why.error} retry={() => why.refetch()} />;
  const { causes, event: itself, effects, complete } = why.data;
  return (
    <div className={css.why}>
      {causes.length === 0 && <p className="small quiet">{t("audit.noCause")}</p>}
      <ol>
        {[...causes].reverse().map((cause) => (
          <Link key={cause.id} step={cause} />
        ))}
        <Link step={itself} isItself />
        {effects.map((effect) => (
          <Link key={effect.id} step={effect} />
        ))}
      </ol>
      {complete === false && <p className="small quiet">{t("audit.incomplete")}</p>}
    </div>
  );
}

function Link({ step, isItself = false }: { step: Step; isItself?: boolean }) {
  return (
    <li className={css.step} data-itself={isItself}>
      <p>
        <strong className={css.actor}>{step.actor}</strong> {step.summary ?? step.type}
      </p>
      <Time at={step.recorded_at} />
      {step.effects !== undefined && step.effects.length > 0 && (
        <ol>
          {step.effects.map((effect) => (
            <Link key={effect.id} step={effect} />
          ))}
        </ol>
      )}
    </li>
  );
}
