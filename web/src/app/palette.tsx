import { Modal } from "@mantine/core";
import "@mantine/core/styles/Modal.css";
import { useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./palette.module.css";
import { type Item, useItems } from "./palette-items";

/** Everything by keyboard: one types what one looks for or wants to do. */
export function Palette({ onClose }: { onClose: (isDone: boolean) => void }) {
  const { t } = useTranslation("palette");
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 80);
  const items = useItems(asked);
  const [at, setAt] = useState(0);
  const chosen = items[Math.min(at, items.length - 1)];
  const id = useId();
  const run = (item: Item | undefined) => {
    if (item === undefined) return;
    onClose(true);
    item.run();
  };
  const keyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, items.length - 1) + step + items.length) % items.length);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <Modal.Root
      lockScroll={false}
      opened
      onClose={() => onClose(false)}
      size="36rem"
      yOffset="10vh"
      returnFocus={false}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t("title")}>
        <div className={css.palette}>
          <input
            className={css.input}
            data-autofocus
            role="combobox"
            aria-label={t("title")}
            aria-expanded
            aria-controls={id}
            aria-activedescendant={chosen && `${id}-${items.indexOf(chosen)}`}
            placeholder={t("placeholder")}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={keyDown}
          />
          <Results id={id} items={items} chosen={chosen} onRun={run} />
          {items.length === 0 && <p className={css.none}>{t("nothing", { text: asked })}</p>}
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

function Results(props: {
  id: string;
  items: Item[];
  chosen: Item | undefined;
  onRun: (item: Item) => void;
}) {
  const { id, items, chosen, onRun } = props;
  const { t } = useTranslation("palette");
  const groups = Map.groupBy(items, ({ group }) => group);
  return (
    <div id={id} role="listbox" aria-label={t("results")} className={css.results} tabIndex={-1}>
      {[...groups].map(([group, found]) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
        <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
          <div id={`${id}-${group}`} className={css.group}>
            {t(`group_${group}`)}
          </div>
          {found.map((item) => (
            <Option
              key={item.id}
              id={`${id}-${items.indexOf(item)}`}
              item={item}
              isChosen={item === chosen}
              onRun={() => onRun(item)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function Option(props: { id: string; item: Item; isChosen: boolean; onRun: () => void }) {
  const { id, item, isChosen, onRun } = props;
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) option.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus and names the option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
    <div
      ref={option}
      id={id}
      role="option"
      aria-selected={isChosen}
      className={css.option}
      onClick={onRun}
    >
      <span className="cut">{item.label}</span>
      {item.hint && <span className="cut small quiet">{item.hint}</span>}
      {item.key && <kbd className={css.key}>{item.key}</kbd>}
    </div>
  );
}
