/** The commands and settings that a person copies for an SSH connection. */
import type { Connection } from "@/api/types"

export type SshWay = { login: string; host: string; port: number }

/** Who enters, where: as the command of the card says it. */
export function wayOf(connection: Connection): SshWay | null {
  const target = connection.command?.split(" ").at(-1)?.split("@")
  if (target?.length !== 2 || !connection.host || !connection.host_port) return null
  return { login: target[0] ?? "", host: connection.host, port: connection.host_port }
}

export function configLines(way: SshWay): string {
  const lines = [`Host ${nameOf(way)}`, `  HostName ${way.host}`, `  User ${way.login}`]
  return [...lines, ...(way.port === 22 ? [] : [`  Port ${way.port}`])].join("\n")
}

export function nameOf(way: SshWay): string {
  return `mydocker-${way.login.replace("+", "-")}`
}

export function tunnelCommand(way: SshWay): string {
  return `ssh ${way.port === 22 ? "" : `-p ${way.port} `}-N -L 8000:localhost:8000 ${way.login}@${way.host}`
}

export function copyCommand(way: SshWay): string {
  return `scp ${way.port === 22 ? "" : `-P ${way.port} `}notes.txt ${way.login}@${way.host}:work/`
}
