import { ActionIcon, Tooltip } from "@mantine/core";
import { IconStar, IconStarFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { useIsPast } from "@/shared/moment";
import { say } from "@/shared/toast";
import { useFavourite } from "./queries";

/** One's own mark: it is there at once, and nobody else sees it. */
export function FavouriteStar({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const mark = useFavourite(customer.id);
  const isMarked = customer.favourite ?? false;
  const label = t(isMarked ? "favourite.remove" : "favourite.add");
  const Star = isMarked ? IconStarFilled : IconStar;
  if (useIsPast()) return null;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color={isMarked ? "indigo" : "gray"}
        aria-label={label}
        aria-pressed={isMarked}
        onClick={() =>
          mark.mutate(!isMarked, {
            onError: (error) => say(t("state.notChanged", { reason: error.message })),
          })
        }
      >
        <Star size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
