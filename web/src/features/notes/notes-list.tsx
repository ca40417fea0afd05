import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { More } from "@/shared/more";
import { useMay } from "@/shared/session";
import { Empty, NoRows } from "@/shared/states";
import { NoteComposer } from "./note-composer";
import { NoteRow } from "./note-row";
import css from "./notes.module.css";
import { useNotes } from "./queries";

export function NotesList({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const mayWrite = useMay()("note.write");
  const list = useNotes(customer);
  const rows = rowsOf(list.data);
  const sorted = [...rows.filter((row) => row.pinned), ...rows.filter((row) => !row.pinned)];
  return (
    <div className="stack">
      {mayWrite && <NoteComposer customer={customer} />}
      <NoRows list={list} count={rows.length} shape={{ rows: 3, height: 72 }}>
        <Empty>{t("note.empty")}</Empty>
      </NoRows>
      <ol className={css.list}>
        {sorted.map((row) => (
          <NoteRow key={row.id} customer={customer} note={row} mayWrite={mayWrite} />
        ))}
      </ol>
      <More list={list} />
    </div>
  );
}
