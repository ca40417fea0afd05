import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import "@/shared/locales/files";
import { rowsOf } from "@/shared/customer";
import { More } from "@/shared/more";
import { useMay } from "@/shared/session";
import { Empty, Failure, NotSaved, Waiting } from "@/shared/states";
import { known } from "@/shared/text";
import { say } from "@/shared/toast";
import { DropZone } from "./drop-zone";
import { FileRow } from "./file-row";
import css from "./files.module.css";
import { type File, useFiles, useRemoveFile, useRestoreFile } from "./queries";
import { UploadRow } from "./upload-row";
import { useUploads } from "./uploads";

/** Contracts, photos, scans: what there is of a customer in files. */
export function FilesTab({ customer }: { customer: string }) {
  const mayWrite = useMay()("file.write");
  const { uploads, add, retry, drop } = useUploads(customer);
  const files = useFiles(customer);
  const listed = new Set(rowsOf(files.data).map(({ id }) => id));
  const coming = uploads.filter(({ id }) => id === undefined || !listed.has(id));
  const list = (
    <FilesList customer={customer} list={files} mayWrite={mayWrite} isEmpty={coming.length === 0}>
      {coming.map((upload) => (
        <UploadRow
          key={upload.key}
          upload={upload}
          onRetry={() => retry(upload)}
          onDrop={() => drop(upload.key)}
        />
      ))}
    </FilesList>
  );
  return mayWrite ? <DropZone onFiles={add}>{list}</DropZone> : list;
}

function FilesList(props: {
  customer: string;
  list: ReturnType<typeof useFiles>;
  mayWrite: boolean;
  isEmpty: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation("files");
  const { list } = props;
  const remove = useRemoveFile(props.customer);
  const restore = useRestoreFile(props.customer);
  const rows = rowsOf(list.data);
  const back = (file: File) =>
    restore.mutate({ file: file.id }, { onError: (error) => say(error.message) });
  const takeAway = (file: File) => {
    const said = t("removed", { name: known(file.name) ?? t("erased") });
    const way = { label: t("undo"), run: () => back(file) };
    remove.mutate({ file: file.id }, { onSuccess: () => say(said, way) });
  };
  if (list.isPending) return <Waiting rows={3} height={56} />;
  if (list.isError && rows.length === 0) {
    return <Failure error={list.error} retry={() => list.refetch()} />;
  }
  return (
    <>
      <NotSaved error={remove.error} />
      {rows.length === 0 && props.isEmpty && <Empty>{t("empty")}</Empty>}
      <ul className={css.list}>
        {props.children}
        {rows.map((file) => (
          <FileRow
            key={file.id}
            file={file}
            onRemove={props.mayWrite ? () => takeAway(file) : undefined}
          />
        ))}
      </ul>
      <More list={list} />
    </>
  );
}
