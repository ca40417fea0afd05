import { Button, CloseButton, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { useMay } from "@/shared/session";
import { NotSaved } from "@/shared/states";
import { say } from "@/shared/toast";
import { useAddTag, useRemoveTag } from "./queries";
import css from "./tags.module.css";

const PATH = "/organizations/$organisation/customers/{-$customer}/{-$tab}";

export function Tags({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const mayEdit = useMay()("customer.edit");
  const remove = useRemoveTag(customer.id);
  const [isAdding, setAdding] = useState(false);
  const tags = customer.tags ?? [];
  return (
    <div className="stack">
      <ul className={css.tags}>
        {tags.map((tag) => (
          <li key={tag} className={css.tag}>
            <Link
              className={`cut ${css.word}`}
              title={t("tag.list", { tag })}
              from={PATH}
              to={PATH}
              params={(old) => old}
              search={(old) => ({ ...old, q: undefined, tag })}
            >
              {tag}
            </Link>
            {mayEdit && (
              <CloseButton
                size="sm"
                aria-label={t("tag.remove", { tag })}
                onClick={() =>
                  remove.mutate(
                    { tag },
                    { onError: (error) => say(t("state.notChanged", { reason: error.message })) },
                  )
                }
              />
            )}
          </li>
        ))}
        {tags.length === 0 && <li className="quiet">{t("tag.none")}</li>}
        {mayEdit && !isAdding && (
          <li>
            <Button
              variant="subtle"
              data-key="l"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setAdding(true)}
            >
              {t("tag.add")}
            </Button>
          </li>
        )}
      </ul>
      {isAdding && <AddTag customer={customer.id} onClose={() => setAdding(false)} />}
    </div>
  );
}

function AddTag({ customer, onClose }: { customer: string; onClose: () => void }) {
  const { t } = useTranslation();
  const add = useAddTag(customer);
  const [tag, setTag] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (tag.trim() === "") return;
    add.mutate({ tag: tag.trim() }, { onSuccess: () => setTag("") });
  };
  const wrong = refusal(add.error)?.field("tag");
  return (
    <form className="stack" onSubmit={send}>
      <div className={css.add}>
        <TextInput
          aria-label={t("tag.label")}
          placeholder={t("tag.hint")}
          autoFocus
          data-key="l"
          maxLength={64}
          value={tag}
          onChange={(event) => setTag(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && onClose()}
          error={wrong}
        />
        <Button type="submit">{t("tag.add")}</Button>
        <Button variant="subtle" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
      {wrong === undefined && <NotSaved error={add.error} />}
    </form>
  );
}
