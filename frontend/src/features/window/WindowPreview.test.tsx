/** The preview of a student's window: what a form says now, and nothing that can be pressed. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen } from "@testing-library/react"
import { beforeAll, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { type PreviewValues, WindowPreview } from "./WindowPreview"

beforeAll(() => startI18n())

const VALUES: PreviewValues = {
  title: "Statistics",
  description: "",
  ports: [
    { title: "JupyterLab", kind: "web", number: 8888, required: true },
    { title: "Shell", kind: "tcp", number: 4000, required: true },
  ],
  work_folder: { save: true, path: "/home/student/work" },
  show_username: true,
  show_password: false,
  window: { hidden_ports: [4000], links: [{ title: "Subject", url: "https://example.org/" }] },
}

it("shows what the form has, ports without a card left out", () => {
  const { container } = render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider env="test">
        <WindowPreview values={VALUES} />
      </MantineProvider>
    </QueryClientProvider>,
  )
  expect(screen.getByText("Statistics")).toBeTruthy()
  expect(screen.getByText("Open JupyterLab")).toBeTruthy()
  expect(screen.getByText("Open Subject")).toBeTruthy()
  expect(screen.getByText("strange_mcclintock")).toBeTruthy()
  expect(screen.queryByText("Shell")).toBeNull()
  expect(screen.queryByText("Password")).toBeNull()
  expect(container.querySelector("figure > [inert]")).toBeTruthy()
})
