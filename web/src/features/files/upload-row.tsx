import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { size } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { refusal } from "@/shared/problem";
import { NotSaved } from "@/shared/states";
import css from "./files.module.css";
import type { Upload } from "./uploads";

export function UploadRow(props: { upload: Upload; onRetry: () => void; onDrop: () => void }) {
  const { upload } = props;
  const { t } = useTranslation("files");
  const locale = useLocale();
  const { name } = upload.file;
  const isFinal = refusal(upload.error) !== undefined && !refusal(upload.error)?.isFault;
  return (
    <li className={css.row}>
      <span className={css.thumb} aria-hidden />
      <div className={css.facts}>
        <p className={css.name}>{name}</p>
        {upload.error ? (
          <>
            <p className="small quiet">{t("failed")}</p>
            <NotSaved error={upload.error} />
          </>
        ) : (
          <p className="wrap small quiet">
            <progress
              className={css.progress}
              aria-label={t("uploading", { name })}
              value={upload.sent ?? 0}
            />
            {upload.sent === undefined ? t("waiting") : size(upload.file.size, locale)}
          </p>
        )}
      </div>
      {upload.error && (
        <div className="row">
          {!isFinal && <Button onClick={props.onRetry}>{t("retry")}</Button>}
          <ActionIcon onClick={props.onDrop} aria-label={t("dismiss")}>
            <IconX size={16} />
          </ActionIcon>
        </div>
      )}
    </li>
  );
}
