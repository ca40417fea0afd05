import { Tooltip } from "@mantine/core";
import { ago, day, moment } from "./format";
import { useLocale } from "./i18n";
import { useNow } from "./moment";

/** When something happened: near things by how long ago, and exactly on hover. */
export function Time({ at }: { at: string }) {
  const locale = useLocale();
  const now = useNow();
  return (
    <Tooltip label={moment(at, locale)}>
      <time dateTime={at} className="small quiet number">
        {ago(at, locale, now)}
      </time>
    </Tooltip>
  );
}

export function Day({ on }: { on: string }) {
  const locale = useLocale();
  return <time dateTime={on}>{day(on, locale)}</time>;
}
