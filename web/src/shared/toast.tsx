import { Button, CloseButton } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import css from "./toast.module.css";

/** What can still be done about it: take it back, in most cases. */
type Way = { label: string; run: () => void };
type Said = { text: string; way?: Way; number: number } | undefined;
let said: Said;
const listeners = new Set<() => void>();

function set(next: Said) {
  said = next;
  for (const listener of listeners) listener();
}

/** One line at the bottom, for what happened elsewhere than where one looks. */
export function say(text: string, way?: Way) {
  set({ text, way, number: (said?.number ?? 0) + 1 });
}

export function Toast() {
  const { t } = useTranslation();
  const toast = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => said,
  );
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (toast === undefined || held) return;
    const timer = setTimeout(() => set(undefined), 6000);
    return () => clearTimeout(timer);
  }, [toast, held]);
  return (
    <div role="status" className={css.place}>
      {toast && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while it is looked at
        <div
          className={css.toast}
          onMouseEnter={() => setHeld(true)}
          onMouseLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span>{toast.text}</span>
          {toast.way && (
            <Button
              variant="subtle"
              onClick={() => {
                toast.way?.run();
                set(undefined);
              }}
            >
              {toast.way.label}
            </Button>
          )}
          <CloseButton size="sm" aria-label={t("action.close")} onClick={() => set(undefined)} />
        </div>
      )}
    </div>
  );
}
