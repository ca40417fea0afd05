import { Button } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "@/shared/api";
import { SideDrawer } from "@/shared/side-drawer";
import { NotSaved } from "@/shared/states";
import { known } from "@/shared/text";
import { useChange } from "./change";
import { Checks, Saved } from "./parts";
import { type Extent, type Member, ROLES, type Role, useFolders, useTeams } from "./queries";

const ALL: Extent = { all: true, assigned: false, folders: [], subtrees: [], teams: [] };

/** What a member is there for, and which customers they meet. */
export function MemberDrawer({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation(["settings", "translation"]);
  return (
    <SideDrawer title={known(member.name) ?? ""} onClose={onClose}>
      <div className="groups">
        <RolesForm member={member} />
        <ReachForm member={member} />
        <div>
          <Button onClick={onClose}>{t("action.close", { ns: "translation" })}</Button>
        </div>
      </div>
    </SideDrawer>
  );
}

function RolesForm({ member }: { member: Member }) {
  const { t } = useTranslation("settings");
  const [roles, setRoles] = useState(member.roles as Role[]);
  const save = useChange((chosen: Role[], key) =>
    api.POST("/v1/users/{user_id}/roles", {
      params: { path: { user_id: member.id }, header: once(key) },
      body: { roles: chosen },
    }),
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(roles);
  };
  return (
    <form className="form" onSubmit={send}>
      <RoleChecks roles={roles} onRoles={setRoles} />
      <NotSaved error={save.error} />
      <div className="row">
        <Button type="submit" variant="filled" loading={save.isPending}>
          {t("people.saveRoles")}
        </Button>
        <Saved isSaved={save.isSuccess} />
      </div>
    </form>
  );
}

export function RoleChecks(props: {
  roles: Role[];
  onRoles: (roles: Role[]) => void;
  error?: string;
}) {
  const { t } = useTranslation(["settings", "translation"]);
  return (
    <Checks
      legend={t("people.roles")}
      all={ROLES.map((role) => ({ value: role, label: t(`role.${role}`, { ns: "translation" }) }))}
      chosen={props.roles}
      onChosen={props.onRoles}
      error={props.error}
    />
  );
}

function ReachForm({ member }: { member: Member }) {
  const { t } = useTranslation("settings");
  const [read, setRead] = useState<Extent>({ ...ALL, ...member.reach?.read });
  const [write, setWrite] = useState<Extent>({ ...ALL, ...member.reach?.write });
  const save = useChange((body: { read: Extent; write: Extent }, key) =>
    api.POST("/v1/users/{user_id}/reach", {
      params: { path: { user_id: member.id }, header: once(key) },
      body,
    }),
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ read: sent(read), write: sent(write) });
  };
  return (
    <form className="form" onSubmit={send}>
      <ExtentChecks legend={t("reach.read")} extent={read} onExtent={setRead} />
      <ExtentChecks legend={t("reach.write")} extent={write} onExtent={setWrite} />
      <NotSaved error={save.error} />
      <div className="row">
        <Button type="submit" loading={save.isPending}>
          {t("reach.save")}
        </Button>
        <Saved isSaved={save.isSuccess} />
      </div>
    </form>
  );
}

/** The fields alone that the service takes: what it shows has names beside the ids. */
function sent({ all, assigned, folders, subtrees, teams }: Extent): Extent {
  const ids = (rows: unknown[] | undefined) =>
    (rows ?? []).map((row) => (typeof row === "string" ? row : (row as { id: string }).id));
  if (all) return ALL;
  return {
    all: false,
    assigned,
    folders: ids(folders),
    subtrees: ids(subtrees),
    teams: ids(teams),
  };
}

function ExtentChecks(props: {
  legend: string;
  extent: Extent;
  onExtent: (extent: Extent) => void;
}) {
  const { t } = useTranslation("settings");
  const folders = useFolders().data ?? [];
  const teams = useTeams().data ?? [];
  const { extent } = props;
  const { folders: inFolders = [], subtrees = [], teams: ofTeams = [] } = sent(extent);
  const chosen = [
    ...(extent.all ? ["all"] : []),
    ...(extent.assigned ? ["assigned"] : []),
    ...inFolders.map((id) => `folder ${id}`),
    ...subtrees.map((id) => `folder ${id}`),
    ...ofTeams.map((id) => `team ${id}`),
  ];
  const all = [
    { value: "all", label: t("reach.all") },
    ...(extent.all
      ? []
      : [
          { value: "assigned", label: t("reach.assigned") },
          ...folders.map(({ id, name }) => ({
            value: `folder ${id}`,
            label: t("reach.folder", { name }),
          })),
          ...teams.map(({ id, name }) => ({
            value: `team ${id}`,
            label: t("reach.team", { name }),
          })),
        ]),
  ];
  const set = (next: string[]) => {
    const of = (kind: string) =>
      next.filter((one) => one.startsWith(`${kind} `)).map((one) => one.slice(kind.length + 1));
    props.onExtent({
      all: next.includes("all"),
      assigned: next.includes("assigned"),
      folders: of("folder").filter((id) => !subtrees.includes(id)),
      subtrees: of("folder").filter((id) => subtrees.includes(id)),
      teams: of("team"),
    });
  };
  return <Checks legend={props.legend} all={all} chosen={chosen} onChosen={set} />;
}
