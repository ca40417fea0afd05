import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type read, write } from "@/shared/api";
import { useKey } from "@/shared/command";

type Answer<T> = Parameters<typeof read<T>>[0];

/**
 * A change to how the organisation works. It is shown once the service has it, and whatever is
 * open is read again: it may show something else now.
 */
export function useChange<Input, Output = unknown>(
  send: (input: Input, key: string) => Answer<Output>,
) {
  const client = useQueryClient();
  const key = useKey();
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => write(send(input, key.of(input))),
    onSuccess: () => {
      key.done();
      return client.invalidateQueries();
    },
  });
}
