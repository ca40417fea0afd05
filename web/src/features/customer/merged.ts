import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Customer, customerQuery } from "@/shared/customer";
import { refusal } from "@/shared/problem";
import { type Conflict, changed, conflicts, type Texts } from "./conflict";

type Change = { changes: Texts; form: Texts; version: number };
type Told = { onSuccess: () => void; onError: (error: Error) => void };

/**
 * A form over fields of a customer as of when it was opened. Where nobody else touched the same
 * field meanwhile, what one changed is sent again as of now; else both are shown.
 */
export function useMerged(
  customer: Customer,
  textsOf: (customer: Customer) => Texts,
  send: (change: Change, told: Told) => void,
) {
  const client = useQueryClient();
  const [was, setWas] = useState(customer);
  const [form, setForm] = useState(() => textsOf(customer));
  const [clashes, setClashes] = useState<Conflict[]>([]);

  const attempt = (from: Customer, mine: Texts, onDone: () => void) => {
    const changes = changed(textsOf(from), mine);
    if (Object.keys(changes).length === 0) return onDone();
    send(
      { changes, form: mine, version: from.version ?? 0 },
      { onSuccess: onDone, onError: (error) => void settle(error, from, mine, onDone) },
    );
  };
  const settle = async (error: Error, from: Customer, mine: Texts, onDone: () => void) => {
    if (refusal(error)?.problem.code !== "version_conflict") return;
    const now = await client.fetchQuery({ ...customerQuery(customer.id), staleTime: 0 });
    const [old, fresh] = [textsOf(from), textsOf(now)];
    const found = conflicts(old, fresh, mine);
    const merged = { ...fresh, ...changed(old, mine) };
    setWas(now);
    setForm(merged);
    setClashes(found);
    if (found.length === 0) attempt(now, merged, onDone);
  };
  return {
    form,
    clashes,
    set: (field: string) => (event: { currentTarget: { value: string } }) =>
      setForm({ ...form, [field]: event.currentTarget.value }),
    take: ({ field, theirs }: Conflict) => {
      setForm({ ...form, [field]: theirs });
      setClashes(clashes.filter((other) => other.field !== field));
    },
    submit: (onDone: () => void) => {
      setClashes([]);
      attempt(was, form, onDone);
    },
  };
}
