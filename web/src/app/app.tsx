import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { onSignedOut } from "@/shared/api";
import { Refused } from "@/shared/problem";
import { theme, variables } from "@/shared/theme";
import { Toast } from "@/shared/toast";
import { makeRouter } from "./router";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && !(error instanceof Refused && !error.isFault),
    },
  },
});
const router = makeRouter(client);

onSignedOut(() => {
  // Several answers may say so at once.
  if (router.latestLocation.pathname === "/sign-in") return;
  client.clear();
  void router.navigate({ to: "/sign-in", search: { next: router.latestLocation.href } });
});

const nonce = () =>
  document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Toast />
      </QueryClientProvider>
    </MantineProvider>
  );
}
