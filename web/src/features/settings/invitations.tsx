import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, once, type Schema } from "@/shared/api";
import { NotSaved } from "@/shared/states";
import { Time } from "@/shared/time";
import { useChange } from "./change";
import { Part, Secret, Sure } from "./parts";
import { type Role, useInvitations } from "./queries";
import css from "./settings.module.css";

type Invitation = Schema["Invitation"];

/** Who is invited and has not come yet. */
export function Invitations() {
  const { t } = useTranslation("settings");
  const invitations = useInvitations(true).data ?? [];
  if (invitations.length === 0) return null;
  return (
    <Part title={t("people.invitations")}>
      <table className="table">
        <tbody>
          {invitations.map((invitation) => (
            <Row key={invitation.id} invitation={invitation} />
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function Row({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation(["settings", "translation"]);
  const params = (key: string) =>
    ({ path: { invitation_id: invitation.id }, header: once(key) }) as never;
  const renew = useChange<undefined, Schema["MadeInvitation"]>((_, key) =>
    api.POST("/v1/invitations/{invitation_id}/renew", { params: params(key) }),
  );
  const withdraw = useChange((_: undefined, key) =>
    api.DELETE("/v1/invitations/{invitation_id}", { params: params(key) }),
  );
  const name = invitation.name ?? invitation.email ?? "";
  const roles = invitation.roles.map((role) => t(`role.${role as Role}`, { ns: "translation" }));
  return (
    <tr>
      <td>
        {name}
        <p className="small quiet">{invitation.email}</p>
        {renew.data && (
          <Secret
            label={t("people.link")}
            text={renew.data.link}
            hint={t(renew.data.emailed ? "people.emailed" : "people.notEmailed")}
          />
        )}
      </td>
      <td>{roles.join(", ")}</td>
      <td>
        {t(invitation.expired ? "people.expired" : "people.until")}{" "}
        <Time at={invitation.expires_at} />
      </td>
      <td className={css.last}>
        <div className={css.deeds}>
          <Button
            variant="subtle"
            aria-label={`${t("people.renew")}: ${name}`}
            loading={renew.isPending}
            onClick={() => renew.mutate(undefined)}
          >
            {t("people.renew")}
          </Button>
          <Sure
            label={t("people.withdraw")}
            name={name}
            question={t("people.withdrawSure", { name })}
            busy={withdraw.isPending}
            onSure={() => withdraw.mutate(undefined)}
          />
        </div>
        <NotSaved error={renew.error ?? withdraw.error} />
      </td>
    </tr>
  );
}
