import { CloseButton, NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Customer } from "@/shared/customer";
import { useOffers } from "@/shared/offers";
import { useMay } from "@/shared/session";
import { known } from "@/shared/text";
import { say } from "@/shared/toast";
import { useAssign, useMembers, useUnassign } from "./queries";

export function Workers({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const may = useMay();
  const mayEdit = may("customer.edit");
  const members = useMembers(mayEdit && may("user.read")).data ?? [];
  const assign = useAssign(customer.id);
  const unassign = useUnassign(customer.id);
  const workers = customer.workers ?? [];
  const others = members.filter(({ id }) => !workers.some((worker) => worker.id === id));
  const told = { onError: (error: Error) => say(t("state.notChanged", { reason: error.message })) };
  useOffers(
    (mayEdit ? others : []).map(({ id, name }) => ({
      label: `${t("worker.assign")}: ${known(name) ?? id}`,
      run: () => assign.mutate({ id, name: known(name) ?? "" }, told),
    })),
  );
  return (
    <div className="stack">
      <ul>
        {workers.map((worker) => (
          <li key={worker.id} className="between">
            <span className="cut">{worker.name}</span>
            {mayEdit && (
              <CloseButton
                size="sm"
                aria-label={t("worker.remove", { name: worker.name })}
                onClick={() => unassign.mutate({ id: worker.id, name: worker.name ?? "" }, told)}
              />
            )}
          </li>
        ))}
        {workers.length === 0 && <li className="quiet">{t("worker.none")}</li>}
      </ul>
      {mayEdit && others.length > 0 && (
        <NativeSelect
          aria-label={t("worker.assign")}
          data-key="a"
          value=""
          onChange={({ currentTarget: { value } }) => {
            const member = others.find(({ id }) => id === value);
            if (member) assign.mutate({ id: member.id, name: known(member.name) ?? "" }, told);
          }}
          data={[
            { value: "", label: t("worker.assign") },
            ...others.map(({ id, name }) => ({ value: id, label: known(name) ?? id })),
          ]}
        />
      )}
    </div>
  );
}
