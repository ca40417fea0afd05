import { Button, NativeSelect } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import "@/shared/locales/rules";
import { rowsOf } from "@/shared/customer";
import { More } from "@/shared/more";
import { useMay } from "@/shared/session";
import { Empty, Failure, Waiting } from "@/shared/states";
import { latest, type Rule } from "./definition";
import { useRules } from "./queries";
import { RuleState } from "./rule-state";
import css from "./rules.module.css";
import { Runs } from "./runs";
import { useWords } from "./words";

const NEW = "/organizations/$organisation/rules/new";
const ONE = "/organizations/$organisation/rules/$rule";

/** All rules, and below them the runs that wait for a person. */
export function RulesList(props: { archived: boolean; onArchived: (archived: boolean) => void }) {
  const { t } = useTranslation("rules");
  const mayAdmin = useMay()("rule.admin");
  const { organisation = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  return (
    <>
      <div className="between">
        <h1>{t("title")}</h1>
        {mayAdmin && (
          <Button
            variant="filled"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => navigate({ to: NEW, params: { organisation } })}
          >
            {t("new")}
          </Button>
        )}
      </div>
      <div>
        <NativeSelect
          className={css.choice}
          aria-label={t("show")}
          value={props.archived ? "archived" : "used"}
          onChange={(event) => props.onArchived(event.currentTarget.value === "archived")}
          data={[
            { value: "used", label: t("show_used") },
            { value: "archived", label: t("show_archived") },
          ]}
        />
      </div>
      <Table archived={props.archived} organisation={organisation} />
      <section className="stack">
        <h2>{t("deadLetters")}</h2>
        <p className="quiet">{t("deadLettersHint")}</p>
        <Runs outcome="failed" empty={t("noDeadLetters")} />
      </section>
    </>
  );
}

function Table({ archived, organisation }: { archived: boolean; organisation: string }) {
  const { t } = useTranslation("rules");
  const list = useRules(archived ? "archived" : undefined);
  const rows = rowsOf(list.data);
  if (list.isPending) return <Waiting rows={4} />;
  if (list.isError) return <Failure error={list.error} retry={() => list.refetch()} />;
  if (rows.length === 0) return <Empty>{t(archived ? "emptyArchived" : "empty")}</Empty>;
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th>{t("rule")}</th>
            <th>{t("state")}</th>
            <th>{t("when")}</th>
            <th>{t("thenDo")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((rule) => (
            <Row key={rule.id} rule={rule} organisation={organisation} />
          ))}
        </tbody>
      </table>
      <More list={list} />
    </>
  );
}

function Row({ rule, organisation }: { rule: Rule; organisation: string }) {
  const { t } = useTranslation("rules");
  const words = useWords();
  const { definition } = latest(rule);
  return (
    <tr>
      <td>
        <Link className="underlined" to={ONE} params={{ organisation, rule: rule.id }}>
          {rule.name}
        </Link>
      </td>
      <td>
        <RuleState rule={rule} />
      </td>
      <td className="quiet">{words.trigger(definition.trigger)}</td>
      <td className="quiet">
        {definition.then.map(({ action }) => t(`do_${action}` as "do_add_tag")).join(", ")}
      </td>
    </tr>
  );
}
