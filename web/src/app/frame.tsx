import type { ReactNode } from "react";
import css from "./frame.module.css";
import { TopBar } from "./top-bar";

/** A page beside the workspace: the bar, and below it what it is about, which may name it. */
export function Frame({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div className={css.page}>
      {title !== undefined && <title>{`${title} · Dossier`}</title>}
      <TopBar />
      <main className={css.main}>
        <div className={css.content}>{children}</div>
      </main>
    </div>
  );
}
