import { useTranslation } from "react-i18next";
import css from "./directory.module.css";

/** Chooses a row for what is done to many; it shows on hover and focus, and once somebody is chosen. */
export function SelectButton(props: {
  name: string;
  isChosen: boolean;
  onToggle: (isRange: boolean) => void;
}) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useSemanticElements: single keys are not heard in an input
    <button
      type="button"
      role="checkbox"
      aria-checked={props.isChosen}
      aria-label={t("directory.select", { name: props.name })}
      className={css.select}
      onClick={(event) => props.onToggle(event.shiftKey)}
    >
      <span className={css.mark} aria-hidden>
        {props.isChosen && "✓"}
      </span>
    </button>
  );
}
