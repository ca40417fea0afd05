import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, once, read, type Schema } from "@/shared/api";
import { keys } from "@/shared/customer";

export const COMMANDS = [
  "customer.change_status",
  "customer.move_folder",
  "customer.tag",
  "customer.untag",
  "customer.assign_worker",
  "customer.unassign_worker",
] as const;
export type Command = (typeof COMMANDS)[number];
export type Bulk = Schema["Bulk"];
export type Selection = Bulk["selection"];

export type Job = Schema["Job"] & {
  result?: {
    dry_run: boolean;
    undoes: string | null;
    refused: { code: string; count: number; detail: string }[];
    rows: { customer: string; code: string; detail: string; name: string | null }[];
    complete: boolean;
  } | null;
  finished_at?: string | null;
};

export function useFolders() {
  return useQuery({
    queryKey: ["folders"],
    queryFn: ({ signal }) => read(api.GET("/v1/folders", { signal })),
    staleTime: 30_000,
    select: (page) => page.data as Schema["Folder"][],
  });
}

export function useMembers(enabled: boolean) {
  return useQuery({
    queryKey: ["users"],
    enabled,
    queryFn: ({ signal }) => read(api.GET("/v1/users", { signal })),
    staleTime: 60_000,
    select: (page) => (page.data as Schema["Member"][]).filter((member) => !member.blocked),
  });
}

/** Begins a job; sent again unchanged it is the same one. */
export function useBegin() {
  return useMutation({
    mutationFn: ({ key, ...body }: Bulk & { key: string }) =>
      read(api.POST("/v1/jobs/bulk", { body, params: { header: once(key) } })) as Promise<Job>,
  });
}

export function useUndoJob() {
  return useMutation({
    mutationFn: ({ job, key }: { job: string; key: string }) => {
      const params = { path: { job_id: job }, header: once(key) };
      return read(api.POST("/v1/jobs/{job_id}/undo", { params })) as Promise<Job>;
    },
  });
}

/** A job until it has ended; then the customers are read again, unless nothing was done. */
export function useJob(id: string | undefined) {
  const client = useQueryClient();
  const job = useQuery({
    queryKey: ["jobs", id],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      const params = { path: { job_id: id ?? "" } };
      return (await read(api.GET("/v1/jobs/{job_id}", { params, signal }))) as Job;
    },
    refetchInterval: ({ state }) => (hasEnded(state.data) ? false : 500),
  });
  const isDone = hasEnded(job.data) && job.data?.result?.dry_run === false;
  useEffect(() => {
    if (!isDone) return;
    void client.invalidateQueries({ queryKey: keys.directory });
    void client.invalidateQueries({ queryKey: ["customers"] });
  }, [isDone, client]);
  return job;
}

export function hasEnded(job: Job | undefined): boolean {
  return job?.state === "done" || job?.state === "failed";
}
