import { useTranslation } from "react-i18next";
import { rowsOf } from "@/shared/customer";
import { More } from "@/shared/more";
import { useMay } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
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
      {list.isPending && <Waiting rows={3} height={72} />}
      {list.isError && rows.length === 0 && (
        <Failure error={list.error} retry={() => list.refetch()} />
      )}
      {list.isSuccess && rows.length === 0 && <Empty>{t("note.empty")}</Empty>}
      <ol className={css.list}>
        {sorted.map((row) => (
          <NoteRow key={row.id} customer={customer} note={row} mayWrite={mayWrite} />
        ))}
      </ol>
      <More list={list} />
    </div>
  );
}
