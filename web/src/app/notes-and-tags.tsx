import { useTranslation } from "react-i18next";
import { NotesList } from "@/features/notes/notes-list";
import { Tags } from "@/features/tags/tags";
import type { Customer } from "@/shared/customer";

export function NotesAndTags({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  return (
    <div className="groups">
      <section className="stack">
        <h2>{t("tag.title")}</h2>
        <Tags customer={customer} />
      </section>
      <section className="stack">
        <h2>{t("note.title")}</h2>
        <NotesList customer={customer.id} />
      </section>
    </div>
  );
}
