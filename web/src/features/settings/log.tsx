import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, read } from "@/shared/api";
import { count } from "@/shared/format";
import { useLocale } from "@/shared/i18n";
import { Failure, Waiting } from "@/shared/states";
import { Verified } from "@/shared/verified";
import { Part } from "./parts";

/** Whether anybody changed the past: the whole log is walked when asked. */
export function Log() {
  const { t } = useTranslation(["settings", "verify"]);
  const locale = useLocale();
  const walk = useQuery({
    queryKey: ["verify"],
    enabled: false,
    queryFn: ({ signal }) => read(api.GET("/v1/audit/verify", { signal })),
  });
  return (
    <Part title={t("log.title")} hint={t("log.hint")}>
      <div>
        <Button variant="filled" loading={walk.isFetching} onClick={() => walk.refetch()}>
          {t("log.verify")}
        </Button>
      </div>
      {walk.isLoading && <Waiting rows={2} />}
      {walk.isError && <Failure error={walk.error} retry={() => walk.refetch()} />}
      {walk.data && !walk.isFetching && (
        <Verified
          ok={walk.data.ok}
          verdict={t(walk.data.signed_head === null ? "verify:intact" : "verify:signed", {
            upTo: count(walk.data.sequence, locale),
          })}
          isSigned={walk.data.signed_head !== null}
          firstBad={walk.data.first_bad}
        />
      )}
    </Part>
  );
}
