import { Button, NativeSelect } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "@/shared/api";
import { Failure, NotSaved, Waiting } from "@/shared/states";
import { useChange } from "./change";
import { Part } from "./parts";
import { type Role, type RoleRights, useRoles } from "./queries";
import { groupsOf } from "./rights";
import css from "./settings.module.css";

type Kind = "note_scopes" | "field_groups" | "permissions";

/** What each role gives: the notes that it reads, the fields that it sees, what it may do. */
export function Roles() {
  const { t } = useTranslation("settings");
  const roles = useRoles();
  const isWide = useMediaQuery("(width >= 75rem)") ?? true;
  const [chosen, setChosen] = useState<Role>("sales");
  if (roles.isPending) return <Waiting rows={12} />;
  if (roles.isError) return <Failure error={roles.error} retry={() => roles.refetch()} />;
  const shown = isWide ? roles.data : roles.data.filter(({ role }) => role === chosen);
  return (
    <>
      <Part title={t("roles.title")} hint={t("roles.hint")}>
        {!isWide && (
          <NativeSelect
            label={t("roles.which")}
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value as Role)}
            data={roles.data.map(({ role }) => ({
              value: role,
              label: t(`role.${role as Role}`, { ns: "translation" }),
            }))}
          />
        )}
        <Reset roles={shown} />
      </Part>
      <Matrix kind="note_scopes" all={roles.data} shown={shown} />
      <Matrix kind="field_groups" all={roles.data} shown={shown} />
      <Matrix kind="permissions" all={roles.data} shown={shown} />
    </>
  );
}

/** A row a right, a column a role. What owners and admins have is fixed, so it names all rights. */
function Matrix(props: { kind: Kind; all: RoleRights[]; shown: RoleRights[] }) {
  const { kind, shown } = props;
  const { t } = useTranslation("settings");
  const label = useLabels();
  const change = useChange(({ role, rights }: { role: string; rights: string[] }, key) => {
    const params = { path: { role }, header: once(key) };
    switch (kind) {
      case "note_scopes":
        return api.PUT("/v1/roles/{role}/note-scopes", {
          params,
          body: { note_scopes: rights } as never,
        });
      case "field_groups":
        return api.PUT("/v1/roles/{role}/field-groups", {
          params,
          body: { field_groups: rights } as never,
        });
      case "permissions":
        return api.PUT("/v1/roles/{role}/permissions", {
          params,
          body: { permissions: rights } as never,
        });
    }
  });
  const known = props.all.find(({ role }) => role === "owner")?.[kind] ?? [];
  const groups = kind === "permissions" ? groupsOf(known) : [{ group: undefined, rights: known }];
  const set = (role: RoleRights, right: string, isOn: boolean) =>
    change.mutate({
      role: role.role,
      rights: isOn ? [...role[kind], right] : role[kind].filter((other) => other !== right),
    });
  return (
    <Part title={t(`roles.${kind}`)} hint={t(`roles.${kind}Hint`)}>
      <NotSaved error={change.error} />
      <table className={css.matrix}>
        <thead>
          <tr>
            <th>{t(`roles.${kind}`)}</th>
            {shown.map(({ role }) => (
              <th key={role}>{t(`role.${role as Role}`, { ns: "translation" })}</th>
            ))}
          </tr>
        </thead>
        {groups.map(({ group, rights }) => (
          <tbody key={group ?? kind}>
            {group && (
              <tr>
                <th className={css.group} colSpan={shown.length + 1}>
                  {label.resource(group)}
                </th>
              </tr>
            )}
            {rights.map((right) => (
              <tr key={right}>
                <th scope="row">{label[kind](right)}</th>
                {shown.map((role) => (
                  <td key={role.role}>
                    <input
                      type="checkbox"
                      aria-label={`${t(`role.${role.role as Role}`, { ns: "translation" })}: ${group ? `${label.resource(group)}, ` : ""}${label[kind](right)}`}
                      title={role.fixed ? t("roles.fixed") : undefined}
                      checked={role[kind].includes(right)}
                      disabled={role.fixed || change.isPending}
                      onChange={(event) => set(role, right, event.currentTarget.checked)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </Part>
  );
}

function Reset({ roles }: { roles: RoleRights[] }) {
  const { t } = useTranslation("settings");
  const reset = useChange((role: string, key) =>
    api.POST("/v1/roles/{role}/reset", {
      params: { path: { role }, header: once(key) },
      body: {},
    }),
  );
  const changed = roles.filter((role) => role.changed);
  if (changed.length === 0) return null;
  return (
    <div className="stack">
      <div className="wrap">
        {changed.map(({ role }) => (
          <Button
            key={role}
            loading={reset.isPending && reset.variables === role}
            onClick={() => reset.mutate(role)}
          >
            {t("roles.reset", { role: t(`role.${role as Role}`, { ns: "translation" }) })}
          </Button>
        ))}
      </div>
      <NotSaved error={reset.error} />
    </div>
  );
}

function useLabels() {
  const { t } = useTranslation("settings");
  const either = (key: string, word: string) => t(key as "verb.read", word);
  return {
    resource: (word: string) => either(`resource.${word}`, word),
    permissions: (right: string) => {
      const verb = right.split(".")[1] ?? right;
      return either(`verb.${verb}`, verb);
    },
    field_groups: (group: string) => either(`group.${group}`, group),
    note_scopes: (scope: string) => t(`scope.${scope as "sales"}`, { ns: "translation" }),
  };
}
