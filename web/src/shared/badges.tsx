import { Tooltip } from "@mantine/core";
import { IconBan, IconFlag, IconMoon, IconShield, IconStar } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import css from "./badges.module.css";
import type { Customer } from "./customer";
import { known } from "./text";
import type { Tone } from "./theme";

export function Badge(props: { tone: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={css.badge} data-tone={props.tone}>
      {props.icon}
      {props.children}
    </span>
  );
}

/** Three at most, in their fixed order; what more there is stands in a tooltip. */
export function Badges({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const has = (badge: string) => customer.badges?.some((other) => other === badge) ?? false;
  const all = [
    customer.do_not_work_with && (
      <Badge key="no" tone="red" icon={<IconBan size={12} aria-hidden />}>
        {t("badge.doNotWorkWith")}
      </Badge>
    ),
    has("under_review") && (
      <Badge key="review" tone="red" icon={<IconShield size={12} aria-hidden />}>
        {t("badge.underReview")}
      </Badge>
    ),
    customer.lifecycle === "dormant" && (
      <Badge key="dormant" tone="gray" icon={<IconMoon size={12} aria-hidden />}>
        {t("badge.dormant")}
      </Badge>
    ),
    has("vip") && (
      <Badge key="vip" tone="grape" icon={<IconStar size={12} aria-hidden />}>
        {t("badge.vip")}
      </Badge>
    ),
  ].filter((badge) => badge !== undefined && badge !== false);
  return (
    <span className={css.badges}>
      {all.slice(0, 3)}
      {all.length > 3 && (
        <Tooltip label={<span className={css.badges}>{all.slice(3)}</span>}>
          <span className="small quiet">+{all.length - 3}</span>
        </Tooltip>
      )}
      {customer.flag && <FlagMark reason={known(customer.flag.reason)} />}
    </span>
  );
}

/** The flag; why it is there is read on hover, and by whom the page is read aloud. */
function FlagMark({ reason }: { reason: string | undefined }) {
  const { t } = useTranslation();
  const id = useId();
  const text = reason === undefined ? t("badge.flag") : t("badge.flagged", { reason });
  return (
    <Tooltip label={text} openDelay={100}>
      <span className={css.flag} id={id}>
        <IconFlag size={16} aria-hidden />
        <span className="hidden">{text}</span>
      </span>
    </Tooltip>
  );
}
