/** Where the page begins: the ticket out of the address, texts, providers, routes. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { createRouter, RouterProvider } from "@tanstack/react-router"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import "./theme/styles"
import { queryClient } from "./api/client"
import { startI18n } from "./lib/i18n"
import { reloadOnNewRelease } from "./lib/newRelease"
import { takeTicketFromAddress } from "./lib/ticket"
import { routeTree } from "./routeTree.gen"
import { colorSchemeManager } from "./theme/colorScheme"
import { theme, tokens } from "./theme/theme"
import { Patience } from "./ui/feedback/Patience"
import { FaultPage } from "./ui/page/FaultPage"
import { NotFoundPage } from "./ui/page/NotFoundPage"

takeTicketFromAddress()
reloadOnNewRelease()

const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: false,
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
  defaultPendingComponent: Patience,
  defaultErrorComponent: FaultPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
})

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}

async function begin(): Promise<void> {
  if (import.meta.env.VITE_MOCKS) {
    const { startMocks } = await import("./mocks/start")
    startMocks()
  }
  await startI18n()
  const root = document.getElementById("root")
  if (!root) throw new Error("The page has no root element.")
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={tokens}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

void begin()
