/** The lines a person copies into a terminal or into their settings. */
import { expect, it } from "vitest"
import type { Connection } from "@/api/types"
import { configLines, copyCommand, tunnelCommand, wayOf } from "./sshCommands"

const card = (command: string, host_port: number) =>
  ({ port: 22, title: "SSH", kind: "ssh", command, host: "labs.example", host_port }) as Connection

it("names the port where it is not the usual one", () => {
  const way = wayOf(card("ssh -p 8022 calm_noether@labs.example", 8022))
  if (!way) throw new Error("no way")
  expect(configLines(way)).toBe(
    "Host mydocker-calm_noether\n  HostName labs.example\n  User calm_noether\n  Port 8022",
  )
  expect(tunnelCommand(way)).toBe("ssh -p 8022 -N -L 8000:localhost:8000 calm_noether@labs.example")
  expect(copyCommand(way)).toBe("scp -P 8022 notes.txt calm_noether@labs.example:work/")
})

it("says nothing of the usual port, and keeps the second port's login", () => {
  const way = wayOf(card("ssh calm_noether+2222@labs.example", 22))
  if (!way) throw new Error("no way")
  expect(configLines(way)).toBe(
    "Host mydocker-calm_noether-2222\n  HostName labs.example\n  User calm_noether+2222",
  )
  expect(copyCommand(way)).not.toContain("-P")
})

it("gives no advice without a command", () => {
  expect(wayOf({ ...card("", 22), command: null } as Connection)).toBeNull()
})
