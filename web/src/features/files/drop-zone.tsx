import { Button, NativeSelect } from "@mantine/core";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/shared/session";
import css from "./files.module.css";
import type { Scope } from "./queries";

/** Where files are dropped or chosen, with who will read them: said before they are sent. */
export function DropZone(props: {
  onFiles: (files: FileList, scope: Scope) => void;
  children: ReactNode;
}) {
  const { t } = useTranslation("files");
  const { t: shared } = useTranslation();
  const scopes = (useMe().note_scopes ?? []) as Scope[];
  const [chosen, setScope] = useState<Scope>();
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const scope = chosen ?? scopes[0];
  if (scope === undefined) return props.children;
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    props.onFiles(event.dataTransfer.files, scope);
  };
  return (
    <section
      className={css.zone}
      data-over={isOver}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
      aria-label={t("add")}
    >
      <div className={css.bar}>
        <span className="quiet">{t("drop")}</span>
        <Button variant="filled" onClick={() => input.current?.click()}>
          {t("add")}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t("add")}
          onChange={({ currentTarget }) => {
            if (currentTarget.files !== null) props.onFiles(currentTarget.files, scope);
            // The same file may be chosen again.
            currentTarget.value = "";
          }}
        />
        <NativeSelect
          aria-label={t("scope")}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value as Scope)}
          data={scopes.map((value) => ({ value, label: shared(`scope.${value}`) }))}
        />
        <p className={scope === "customer" ? css.warning : "small quiet"}>
          {shared(`scope.${scope}Reads`)}
        </p>
      </div>
      {props.children}
    </section>
  );
}
