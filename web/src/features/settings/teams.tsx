import { Button, CloseButton, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "@/shared/api";
import { refusal } from "@/shared/problem";
import { useMay } from "@/shared/session";
import { Empty, Failure, NotSaved, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { useChange } from "./change";
import { Part, Sure } from "./parts";
import { type Team, useMembers, useTeams } from "./queries";

export function Teams() {
  const { t } = useTranslation("settings");
  const mayChange = useMay()("user.admin");
  const teams = useTeams();
  if (teams.isPending) return <Waiting />;
  if (teams.isError) return <Failure error={teams.error} retry={() => teams.refetch()} />;
  return (
    <>
      <Part title={t("teams.title")} hint={t("teams.hint")}>
        {mayChange && <NewTeam />}
        {teams.data.length === 0 && <Empty>{t("teams.empty")}</Empty>}
      </Part>
      {teams.data.map((team) => (
        <OneTeam key={team.id} team={team} mayChange={mayChange} />
      ))}
    </>
  );
}

function NewTeam() {
  const { t } = useTranslation("settings");
  const [name, setName] = useState("");
  const create = useChange((body: { name: string }, key) =>
    api.POST("/v1/teams", { body, params: { header: once(key) } }),
  );
  const wrong = refusal(create.error)?.field("name");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    create.mutate({ name: name.trim() }, { onSuccess: () => setName("") });
  };
  return (
    <form className="form" onSubmit={send}>
      <TextInput
        label={t("teams.name")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={wrong}
      />
      {wrong === undefined && <NotSaved error={create.error} />}
      <div>
        <Button type="submit" loading={create.isPending}>
          {t("teams.create")}
        </Button>
      </div>
    </form>
  );
}

function OneTeam({ team, mayChange }: { team: Team; mayChange: boolean }) {
  const { t } = useTranslation("settings");
  const members = useMembers().data ?? [];
  const params = (key: string) => ({ path: { team_id: team.id }, header: once(key) });
  const add = useChange((user: string, key) =>
    api.POST("/v1/teams/{team_id}/members", { params: params(key), body: { user } }),
  );
  const remove = useChange((user: string, key) =>
    api.DELETE("/v1/teams/{team_id}/members/{user}", {
      params: { path: { team_id: team.id, user }, header: once(key) },
    }),
  );
  const archive = useChange((_: undefined, key) =>
    api.POST("/v1/teams/{team_id}/archive", { params: params(key), body: {} }),
  );
  const others = members.filter(({ id }) => !team.members.some((member) => member.id === id));
  return (
    <Part
      title={team.name}
      action={
        mayChange && (
          <Sure
            label={t("archive")}
            name={team.name}
            question={t("teams.archiveSure", { name: team.name })}
            busy={archive.isPending}
            onSure={() => archive.mutate(undefined)}
          />
        )
      }
    >
      <ul className="form">
        {team.members.map(({ id, name }) => (
          <li key={id} className="between">
            {name}
            {mayChange && (
              <CloseButton
                size="sm"
                aria-label={t("teams.remove", { name })}
                onClick={() => remove.mutate(id)}
              />
            )}
          </li>
        ))}
        {team.members.length === 0 && <li className="quiet">{t("teams.nobody")}</li>}
      </ul>
      {mayChange && others.length > 0 && (
        <div className="form">
          <NativeSelect
            aria-label={t("teams.add")}
            value=""
            onChange={({ currentTarget: { value } }) => value !== "" && add.mutate(value)}
            data={[
              { value: "", label: t("teams.add") },
              ...others.map(({ id, name }) => ({ value: id, label: known(name) ?? id })),
            ]}
          />
        </div>
      )}
      <NotSaved error={add.error ?? remove.error ?? archive.error} />
    </Part>
  );
}
