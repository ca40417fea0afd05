import { Checkbox, InputWrapper, TextInput } from "@mantine/core";
import "@mantine/core/styles/Checkbox.css";
import "@mantine/core/styles/InlineInput.css";
import { useTranslation } from "react-i18next";
import type { Scope } from "./definition";
import { useWrong } from "./errors";
import { useChoices } from "./queries";
import css from "./rules.module.css";

const TYPES = ["person", "company", "supplier", "other"] as const;

/** For which customers; what is left open does not narrow. */
export function ScopeForm({ scope, onScope }: { scope: Scope; onScope: (scope: Scope) => void }) {
  const { t } = useTranslation("rules");
  const { t: common } = useTranslation();
  const wrong = useWrong();
  const folders = useChoices("folders").data ?? [];
  const toggled = (list: string[] | undefined, value: string, isOn: boolean) =>
    isOn ? [...(list ?? []), value] : (list ?? []).filter((other) => other !== value);
  return (
    <>
      <p className="quiet">{t("forHint")}</p>
      <InputWrapper label={t("folders")} labelElement="div" error={wrong("/scope/folders", true)}>
        <div className={css.days}>
          {folders.map(({ id, name }) => (
            <Checkbox
              key={id}
              size="xs"
              label={name}
              checked={scope.folders?.includes(id) ?? false}
              onChange={({ currentTarget: { checked } }) =>
                onScope({ ...scope, folders: toggled(scope.folders, id, checked) })
              }
            />
          ))}
        </div>
      </InputWrapper>
      <InputWrapper label={t("types")} labelElement="div" error={wrong("/scope/types", true)}>
        <div className={css.days}>
          {TYPES.map((type) => (
            <Checkbox
              key={type}
              size="xs"
              label={common(`type.${type}`)}
              checked={scope.types?.includes(type) ?? false}
              onChange={({ currentTarget: { checked } }) =>
                onScope({ ...scope, types: toggled(scope.types, type, checked) })
              }
            />
          ))}
        </div>
      </InputWrapper>
      <TextInput
        label={t("tags")}
        description={t("tagsHint")}
        value={(scope.tags ?? []).join(", ")}
        onChange={(event) => {
          const tags = event.currentTarget.value.split(",").map((tag) => tag.trimStart());
          onScope({ ...scope, tags: tags.join("") === "" ? undefined : tags });
        }}
        error={wrong("/scope/tags", true)}
      />
    </>
  );
}
