import { useHotkeys } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useOffers } from "@/shared/offers";
import { useMay } from "@/shared/session";
import { say } from "@/shared/toast";

const KEYS = ["s", "f", "a", "l", "w"] as const;
const WAIT_MS = 100;

/** Keys that go to a control of the customer; the panel that holds it is opened for them. */
export function useControlKeys(onActions: () => void) {
  const { t } = useTranslation();
  const may = useMay();
  const go = (key: string) => {
    const there = controlOf(key);
    if (there) return use(there);
    if (key === "s") return may("customer.edit") && say(t("customer.noStatus"));
    onActions();
    setTimeout(() => use(controlOf(key)), WAIT_MS);
  };
  useOffers([
    ...(may("customer.edit")
      ? [
          { label: t("customer.changeStatus"), key: "s", run: () => go("s") },
          { label: t("customer.changeFolder"), key: "f", run: () => go("f") },
          { label: t("worker.assign"), key: "a", run: () => go("a") },
          { label: t("tag.add"), key: "l", run: () => go("l") },
        ]
      : []),
    ...(may("event.read") ? [{ label: t("audit.why"), key: "w", run: () => go("w") }] : []),
  ]);
  useHotkeys(KEYS.map((key): [string, () => void] => [key, () => go(key)]));
}

function controlOf(key: string): HTMLElement | undefined {
  const all = document.querySelectorAll<HTMLElement>(`[data-key="${key}"]`);
  return [...all].find((control) => control.checkVisibility());
}

function use(control: HTMLElement | undefined) {
  control?.focus();
  if (control instanceof HTMLSelectElement) control.showPicker?.();
  else control?.click();
}
