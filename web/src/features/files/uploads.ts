import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type Done, organisationHeader, queryText, write } from "@/shared/api";
import { refresh } from "@/shared/command";
import type { Problem } from "@/shared/problem";
import type { Scope } from "./queries";

/** A file on its way; what has arrived stands in the list. */
export type Upload = {
  key: string;
  file: globalThis.File;
  scope: Scope;
  /** From 0 to 1; undefined while it waits for its turn. */
  sent?: number;
  /** What it is in the list, once it is there. */
  id?: string;
  error?: Error;
};

type Answer = { data?: Done; error?: Problem; response: Response };

/** `fetch` does not tell how much has been sent. */
function send(customer: string, upload: Upload, onSent: (part: number) => void): Promise<Answer> {
  const request = new XMLHttpRequest();
  const query = queryText({ name: upload.file.name, scope: upload.scope });
  request.open("POST", `/v1/customers/${customer}/files?${query}`);
  const headers = {
    ...organisationHeader(),
    // What a form could send as well is not taken with a cookie.
    "Content-Type": "application/octet-stream",
    "Idempotency-Key": upload.key,
  };
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  return new Promise((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 1 : loaded / total);
    request.onerror = () => reject(new TypeError("the connection broke off"));
    request.onload = () => {
      const response = new Response(null, {
        status: request.status,
        statusText: request.statusText,
      });
      const body: unknown = bodyOf(request.responseText);
      resolve(
        response.ok ? { data: body as Done, response } : { error: body as Problem, response },
      );
    };
    request.send(upload.file);
  });
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Sends files one after the other. One that is refused keeps no other back. */
export function useUploads(customer: string) {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const change = (key: string, to: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...to } : one)));
  const drop = (key: string) => setUploads((all) => all.filter((one) => one.key !== key));
  const one = async (upload: Upload) => {
    change(upload.key, { sent: 0, error: undefined });
    try {
      const done = await write(send(customer, upload, (sent) => change(upload.key, { sent })));
      change(upload.key, { id: done.id });
      await refresh(client, customer);
      drop(upload.key);
    } catch (error) {
      change(upload.key, { sent: undefined, error: error as Error });
    }
  };
  const enqueue = (upload: Upload) => {
    queue.current = queue.current.then(() => one(upload));
  };
  return {
    uploads,
    drop,
    add(files: Iterable<globalThis.File>, scope: Scope) {
      const added = [...files].map((file) => ({ key: crypto.randomUUID(), file, scope }));
      setUploads((all) => [...all, ...added]);
      for (const upload of added) enqueue(upload);
    },
    retry(upload: Upload) {
      change(upload.key, { error: undefined });
      enqueue(upload);
    },
  };
}
