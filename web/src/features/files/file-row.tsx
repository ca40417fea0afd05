import { ActionIcon, UnstyledButton } from "@mantine/core";
import { IconDownload, IconFile, IconFileTypePdf, IconPhoto, IconTrash } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/badges";
import { size } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { known } from "@/shared/text";
import { Time } from "@/shared/time";
import { say } from "@/shared/toast";
import css from "./files.module.css";
import { download, type File, isPicture, usePicture } from "./queries";

export function FileRow(props: { file: File; onRemove?: () => void }) {
  const { file, onRemove } = props;
  const { t } = useTranslation("files");
  const { t: shared } = useTranslation();
  const locale = useLocale();
  const [isOpen, setOpen] = useState(false);
  const picture = useAddress(usePicture(file, isOpen).data);
  const name = known(file.name) ?? t("erased");
  const save = () =>
    download(file, name).catch((error: Error) => say(t("noDownload", { reason: error.message })));
  return (
    <li className={css.row}>
      {isPicture(file) ? (
        <UnstyledButton
          className={css.thumb}
          aria-label={isOpen ? t("close") : t("preview", { name })}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {picture === undefined ? (
            <IconPhoto size={16} aria-hidden />
          ) : (
            <img src={picture} alt="" className={css.small} />
          )}
        </UnstyledButton>
      ) : (
        <span className={css.thumb}>
          {file.media_type === "application/pdf" ? (
            <IconFileTypePdf size={16} aria-hidden />
          ) : (
            <IconFile size={16} aria-hidden />
          )}
        </span>
      )}
      <div className={css.facts}>
        <p className="row">
          <button type="button" className={`link ${css.name}`} onClick={save}>
            {name}
          </button>
          <Badge tone={file.scope === "customer" ? "yellow" : "gray"}>
            {shared(`scope.${file.scope}`)}
          </Badge>
        </p>
        <p className="wrap small quiet">
          <span className="number">{size(file.size_bytes, locale)}</span>
          {file.uploaded_by.name && <span>{t("by", { name: file.uploaded_by.name })}</span>}
          <Time at={file.uploaded_at} />
        </p>
      </div>
      <div className="row">
        <ActionIcon onClick={save} aria-label={t("download", { name })}>
          <IconDownload size={16} />
        </ActionIcon>
        {onRemove && (
          <ActionIcon onClick={onRemove} aria-label={t("remove", { name })}>
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </div>
      {isOpen && picture !== undefined && (
        <img src={picture} alt={t("preview", { name })} className={css.large} />
      )}
    </li>
  );
}

/** An address of this page's own for bytes that it has. */
function useAddress(bytes: Blob | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (bytes === undefined) return;
    const made = URL.createObjectURL(bytes);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return address;
}
