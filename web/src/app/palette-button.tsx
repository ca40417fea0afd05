import { ActionIcon, Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { late } from "@/shared/late";
import css from "./app.module.css";

const Palette = late(async () => (await import("./palette")).Palette);

/** Opens the palette; who closes it without a choice is where they were. */
export function PaletteButton() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const before = useRef<Element>(null);
  const open = () => {
    before.current = document.activeElement;
    setOpen(true);
  };
  useHotkeys([["mod+k", () => (isOpen ? setOpen(false) : open())]], [], true);
  const close = (isDone: boolean) => {
    setOpen(false);
    if (!isDone && before.current instanceof HTMLElement) before.current.focus();
  };
  return (
    <>
      <span className={css.roomy}>
        <Button
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={<kbd className="small quiet">Ctrl K</kbd>}
          onClick={open}
        >
          {t("nav.palette")}
        </Button>
      </span>
      <span className={css.tight}>
        <ActionIcon aria-label={t("nav.palette")} onClick={open}>
          <IconSearch size={20} />
        </ActionIcon>
      </span>
      {isOpen && (
        <Suspense>
          <Palette onClose={close} />
        </Suspense>
      )}
    </>
  );
}
