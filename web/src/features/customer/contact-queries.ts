import { api, once, type Schema } from "@/shared/api";
import { useCommand } from "@/shared/command";
import type { Texts } from "./conflict";

const path = (customer: string) => ({ customer_id: customer });
const from = (key: string, version: number) => ({ ...once(key), "If-Match": `"${version}"` });

/** Names as of the version that was shown: who changed the same meanwhile is not overwritten. */
export function useRename(customer: string) {
  return useCommand<{ names: Texts; version: number }>(customer, {
    send: ({ names, version }, key) =>
      api.PATCH("/v1/customers/{customer_id}", {
        body: Object.fromEntries(
          Object.entries(names).map(([field, text]) => [field, text === "" ? null : text]),
        ),
        params: { path: path(customer), header: from(key, version) },
      }),
  });
}

export function useChangeType(customer: string) {
  return useCommand<Schema["customer.change_type"]>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/type", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
  });
}

/** Where one is written to and called: the first of each is the one to begin with. */
export type Way = "emails" | "phones";

/** One that is there already gets the label, and becomes the first if that is asked. */
export function useAddWay(customer: string, way: Way) {
  type Added = { text: string; label?: string; country?: string; primary?: boolean };
  return useCommand<Added>(customer, {
    send: ({ text, country, ...more }, key) => {
      const params = { path: path(customer), header: once(key) };
      return way === "emails"
        ? api.POST("/v1/customers/{customer_id}/emails", {
            body: { address: text, ...more },
            params,
          })
        : api.POST("/v1/customers/{customer_id}/phones", {
            body: { number: text, country, ...more },
            params,
          });
    },
  });
}

export function useRemoveWay(customer: string, way: Way) {
  return useCommand<{ text: string }>(customer, {
    send: ({ text }, key) =>
      way === "emails"
        ? api.DELETE("/v1/customers/{customer_id}/emails/{address}", {
            params: { path: { ...path(customer), address: text }, header: once(key) },
          })
        : api.DELETE("/v1/customers/{customer_id}/phones/{number}", {
            params: { path: { ...path(customer), number: text }, header: once(key) },
          }),
  });
}

type AddressBody = Schema["customer.add_address"];

export function useAddAddress(customer: string) {
  return useCommand<AddressBody>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/addresses", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
  });
}

export function useChangeAddress(customer: string, address: string) {
  return useCommand<{ body: AddressBody; version: number }>(customer, {
    send: ({ body, version }, key) =>
      api.PUT("/v1/customers/{customer_id}/addresses/{address_id}", {
        body,
        params: {
          path: { ...path(customer), address_id: address },
          header: from(key, version),
        },
      }),
  });
}

export function useRemoveAddress(customer: string) {
  return useCommand<{ address: string }>(customer, {
    send: ({ address }, key) =>
      api.DELETE("/v1/customers/{customer_id}/addresses/{address_id}", {
        params: { path: { ...path(customer), address_id: address }, header: once(key) },
      }),
  });
}

export function useSetExternalId(customer: string) {
  return useCommand<{ source: string; id: string }>(customer, {
    send: (body, key) =>
      api.POST("/v1/customers/{customer_id}/external-ids", {
        body,
        params: { path: path(customer), header: once(key) },
      }),
  });
}

export function useRemoveExternalId(customer: string) {
  return useCommand<{ source: string }>(customer, {
    send: ({ source }, key) =>
      api.DELETE("/v1/customers/{customer_id}/external-ids/{source}", {
        params: { path: { ...path(customer), source }, header: once(key) },
      }),
  });
}
