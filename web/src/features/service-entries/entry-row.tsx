import { Button } from "@mantine/core";
import { IconHeadset, IconTool, IconTruck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { moment } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import type { Tone } from "@/shared/theme";
import { Day } from "@/shared/time";
import { type Kind, type ServiceEntry, type Step, useStepEntry } from "./queries";
import css from "./service-entries.module.css";

const ICONS: Record<Kind, typeof IconTruck> = {
  delivery: IconTruck,
  installation: IconTool,
  service_case: IconHeadset,
};
const TONES: Record<ServiceEntry["state"], Tone> = {
  scheduled: "yellow",
  completed: "teal",
  cancelled: "gray",
};
const STEPS: Record<ServiceEntry["state"], Step[]> = {
  scheduled: ["complete", "cancel"],
  completed: ["reopen"],
  cancelled: ["reopen"],
};

export function EntryRow(props: { customer: string; entry: ServiceEntry; mayWrite: boolean }) {
  const { entry } = props;
  const { t } = useTranslation();
  const locale = useLocale();
  const step = useStepEntry(props.customer);
  const Icon = ICONS[entry.kind];
  return (
    <li className={css.row}>
      <Icon size={16} className={css.icon} aria-hidden />
      <div>
        <p className="wrap">
          <strong className={css.kind}>{t(`service.${entry.kind}`)}</strong>
          {known(entry.title)}
          <Badge tone={TONES[entry.state]}>{t(`service.${entry.state}`)}</Badge>
        </p>
        <p className="small quiet">
          {entry.scheduled_for.length === 10 ? (
            <Day on={entry.scheduled_for} />
          ) : (
            moment(entry.scheduled_for, locale)
          )}
          {entry.added_by?.name && ` · ${entry.added_by.name}`}
        </p>
        <NotSaved error={step.error} />
      </div>
      {props.mayWrite && (
        <div className="row">
          {STEPS[entry.state].map((to) => (
            <Button
              key={to}
              variant="subtle"
              loading={step.isPending && step.variables.step === to}
              onClick={() => step.mutate({ entry: entry.id, step: to })}
            >
              {t(`service.${to}`)}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}
