/** What a card says of the way in: direct, by a tunnel, or none. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen, within } from "@testing-library/react"
import { beforeAll, describe, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import type { Connection, StudentWindow } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { courses } from "@/mocks/db"
import { windowFor } from "@/mocks/environments/windows"
import { theme } from "@/theme/theme"
import { useWindowAct } from "../window"
import { Connections } from "./Connections"

beforeAll(startI18n)

function Shown({ window }: { window: StudentWindow }) {
  return <Connections window={window} act={useWindowAct(window.course.id, window.version)} />
}

function show(facts: Partial<Connection>) {
  const [course] = courses
  if (!course) throw new Error("the fake campus has no course")
  const card = { port: 5432, title: "Database", kind: "tcp", primary: false, ...facts }
  const window = { ...windowFor(course), connections: [card as Connection] }
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <Shown window={window} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  return screen.getByRole("article", { name: "Database" })
}

describe("the card of a port that is no web page", () => {
  it("shows host and port where it is direct", () => {
    const card = show({ direct: true, host: "cpu1.labs.example.org", host_port: 20001 })
    expect(card.textContent).toContain("cpu1.labs.example.org:20001")
    expect(screen.getByRole("button", { name: "Copy the address" })).toBeTruthy()
  })

  it("shows a tunnel, and where its end is", () => {
    const command = "ssh -p 2222 -N -L 5432:localhost:5432 ada@labs.example.org"
    const card = show({ host: "localhost", host_port: 5432, tunnel_command: command })
    expect(card.textContent).toContain(command)
    expect(card.textContent).toContain("connect your client to localhost:5432")
    expect(screen.getByRole("button", { name: "Copy the command" })).toBeTruthy()
  })

  it("opens a desktop here, and folds the way for a client away", () => {
    const command = "ssh -p 2222 -N -L 5901:localhost:5901 ada@labs.example.org"
    const card = show({ kind: "vnc", host: "localhost", host_port: 5901, tunnel_command: command })
    expect(screen.getByRole("button", { name: "Open Database" })).toBeTruthy()
    const more = within(card).getByText("With a VNC client of your own").closest("details")
    expect(more?.open).toBe(false)
    expect(more?.textContent).toContain(command)
    expect(more?.textContent).toContain("connect your client to localhost:5901")
  })

  it("shows a desktop without another way, too", () => {
    show({ kind: "vnc" })
    expect(screen.getByRole("button", { name: "Open Database" })).toBeTruthy()
    expect(screen.queryByText("With a VNC client of your own")).toBeNull()
  })

  it("invents no way where there is none", () => {
    const card = show({})
    expect(card.textContent).toContain("your own computer does not")
    expect(screen.queryByRole("button")).toBeNull()
  })
})
