import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, read } from "@/shared/api";

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      read(api.POST("/v1/session", { body })),
    onSuccess: () => client.clear(),
  });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => read(api.DELETE("/v1/session")) });
}

export function useAccept() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      read(api.POST("/v1/invitations/accept", { body })),
    onSuccess: () => client.clear(),
  });
}
