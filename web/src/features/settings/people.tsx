import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "@/shared/api";
import { Badge } from "@/shared/badges";
import { useMay, useMe } from "@/shared/session";
import { Failure, NotSaved, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { useChange } from "./change";
import { Invitations } from "./invitations";
import { InviteDrawer } from "./invite-drawer";
import { MemberDrawer } from "./member-drawer";
import { Part, Sure } from "./parts";
import { type Member, type Role, useMembers } from "./queries";
import css from "./settings.module.css";

export function People() {
  const { t } = useTranslation("settings");
  const mayChange = useMay()("user.admin");
  const members = useMembers();
  const [open, setOpen] = useState<string>();
  const [isInviting, setInviting] = useState(false);
  if (members.isPending) return <Waiting rows={10} />;
  if (members.isError) return <Failure error={members.error} retry={() => members.refetch()} />;
  const chosen = members.data.find(({ id }) => id === open);
  return (
    <>
      <Part
        title={t("people.title")}
        action={
          mayChange && (
            <Button variant="filled" onClick={() => setInviting(true)}>
              {t("people.invite")}
            </Button>
          )
        }
      >
        <table className="table">
          <thead>
            <tr>
              <th>{t("name")}</th>
              <th>{t("people.roles")}</th>
              {mayChange && (
                <>
                  <th>{t("people.reach")}</th>
                  <th>
                    <span className="hidden">{t("deeds")}</span>
                  </th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {members.data.map((member) => (
              <Row
                key={member.id}
                member={member}
                mayChange={mayChange}
                onChange={() => setOpen(member.id)}
              />
            ))}
          </tbody>
        </table>
      </Part>
      {mayChange && <Invitations />}
      {chosen && <MemberDrawer member={chosen} onClose={() => setOpen(undefined)} />}
      {isInviting && <InviteDrawer onClose={() => setInviting(false)} />}
    </>
  );
}

function Row(props: { member: Member; mayChange: boolean; onChange: () => void }) {
  const { member } = props;
  const { t } = useTranslation(["settings", "translation"]);
  const { user } = useMe();
  const name = known(member.name) ?? t("customer.erased", { ns: "translation" });
  return (
    <tr>
      <td>
        {name} {member.id === user.id && <span className="quiet">{t("people.you")}</span>}{" "}
        {member.blocked && <Badge tone="red">{t("people.blocked")}</Badge>}
        <p className="small quiet">{known(member.email)}</p>
      </td>
      <td>
        {member.roles.map((role) => t(`role.${role as Role}`, { ns: "translation" })).join(", ")}
      </td>
      {props.mayChange && (
        <>
          <td>{t(reachOf(member))}</td>
          <td className={css.last}>
            <Deeds member={member} name={name} onChange={props.onChange} />
          </td>
        </>
      )}
    </tr>
  );
}

function Deeds({ member, name, onChange }: { member: Member; name: string; onChange: () => void }) {
  const { t } = useTranslation("settings");
  const params = (key: string) => ({ path: { user_id: member.id }, header: once(key) });
  const block = useChange((_: undefined, key) =>
    member.blocked
      ? api.POST("/v1/users/{user_id}/unblock", { params: params(key), body: {} })
      : api.POST("/v1/users/{user_id}/block", { params: params(key), body: {} }),
  );
  const remove = useChange((_: undefined, key) =>
    api.DELETE("/v1/users/{user_id}", { params: params(key) }),
  );
  return (
    <>
      <div className={css.deeds}>
        <Button variant="subtle" aria-label={t("people.changeWho", { name })} onClick={onChange}>
          {t("change")}
        </Button>
        <Button
          variant="subtle"
          loading={block.isPending}
          aria-label={t(member.blocked ? "people.unblockWho" : "people.blockWho", { name })}
          onClick={() => block.mutate(undefined)}
        >
          {t(member.blocked ? "people.unblock" : "people.block")}
        </Button>
        <Sure
          label={t("people.remove")}
          name={name}
          question={t("people.removeSure", { name })}
          busy={remove.isPending}
          onSure={() => remove.mutate(undefined)}
        />
      </div>
      <NotSaved error={block.error ?? remove.error} />
    </>
  );
}

function reachOf({ reach }: Member): "reach.all" | "reach.readsAll" | "reach.some" {
  if (reach === undefined || (reach.read.all && reach.write.all)) return "reach.all";
  return reach.read.all ? "reach.readsAll" : "reach.some";
}
