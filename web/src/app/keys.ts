import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useRef } from "react";

const SEQUENCE_MS = 1000;

/** Whether single characters are keys: they can be switched off (WCAG 2.1.4). */
export function useSingleKeys() {
  return useLocalStorage({
    key: "dossier-single-keys",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
}

/**
 * The keys that come before all others: "g" and a letter go to a page, and where single characters
 * are switched off nothing else hears of them.
 */
export function useFirstKeys(go: (key: string) => void) {
  const [isOn] = useSingleKeys();
  const begun = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (submits(event)) return;
      if (!isSingle(event) || isField(event.target)) return;
      const isSecond = event.timeStamp - begun.current < SEQUENCE_MS;
      const begins = isOn && !isSecond && event.key === "g";
      begun.current = begins ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (!isOn || isSecond || begins) event.stopImmediatePropagation();
      if (isOn && isSecond) go(event.key);
    };
    window.addEventListener("keydown", hear, true);
    return () => window.removeEventListener("keydown", hear, true);
  }, [isOn, go]);
}

/** Ctrl+Enter and Ctrl+S save the form that one is writing in. */
function submits(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, target } = event;
  if (!(ctrlKey || metaKey) || (key !== "Enter" && key.toLowerCase() !== "s")) return false;
  const form = target instanceof HTMLElement ? target.closest("form") : null;
  if (form === null) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.requestSubmit();
  return true;
}

function isSingle({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select") !== null)
  );
}
