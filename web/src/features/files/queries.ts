import { useQuery } from "@tanstack/react-query";
import { api, once, read, type Schema } from "@/shared/api";
import { useCommand } from "@/shared/command";
import { keys, type Page, useRows } from "@/shared/customer";

export type File = Schema["File"];
export type Scope = File["scope"];

/** Types that a browser draws, and that can do nothing but be drawn. */
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const SMALL_BYTES = 5 * 1024 * 1024;

export function isPicture(file: File): boolean {
  return PICTURES.includes(file.media_type);
}

export function useFiles(customer: string) {
  return useRows<File>(keys.part(customer, "files"), async (page, signal) => {
    const params = { path: { customer_id: customer }, query: { ...page, limit: 50 } };
    const answer = api.GET("/v1/customers/{customer_id}/files", { params, signal });
    return (await read(answer)) as Page<File>;
  });
}

/** The bytes, as the type that the service found in them. */
async function bytes(file: File, signal?: AbortSignal): Promise<Blob> {
  const params = { path: { file_id: file.id } };
  const answer = api.GET("/v1/files/{file_id}/content", { params, signal, parseAs: "blob" });
  // Of a file of no bytes there is no blob either.
  const blob = (await read(answer)) as unknown as Blob | undefined;
  return new Blob(blob ? [blob] : [], { type: file.media_type });
}

/** A picture's bytes: small ones at once, large ones when they are asked for. */
export function usePicture(file: File, isOpen: boolean) {
  return useQuery({
    queryKey: ["pictures", file.id],
    queryFn: ({ signal }) => bytes(file, signal),
    enabled: isPicture(file) && (isOpen || file.size_bytes <= SMALL_BYTES),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** Hands the bytes to the browser, which keeps them under the file's name. */
export async function download(file: File, name: string) {
  const address = URL.createObjectURL(await bytes(file));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function useRemoveFile(customer: string) {
  return useCommand<{ file: string }>(customer, {
    send: ({ file }, key) =>
      api.DELETE("/v1/files/{file_id}", {
        params: { path: { file_id: file }, header: once(key) },
      }),
  });
}

export function useRestoreFile(customer: string) {
  return useCommand<{ file: string }>(customer, {
    send: ({ file }, key) =>
      api.POST("/v1/files/{file_id}/restore", {
        body: {},
        params: { path: { file_id: file }, header: once(key) },
      }),
  });
}
