/** My public keys as data, and what a connection's command is made of. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { Connection, SshKey } from "@/api/types"

export const FAULTS = ["private", "unreadable", "algorithm", "weak"] as const
export type KeyFault = (typeof FAULTS)[number]

export function keyList() {
  return api.queryOptions("get", "/api/me/ssh-keys")
}

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: keyList().queryKey })
}

export function useAddKey() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (body: { public_key: string; title: string }): Promise<SshKey> => {
      const { data, error } = await http.POST("/api/me/ssh-keys", { body })
      if (error) throw error
      return data
    },
    onSuccess: () => void refresh(),
  })
}

export function useRemoveKey() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (key: SshKey) => {
      const path = { key_id: key.id }
      const { error } = await http.DELETE("/api/me/ssh-keys/{key_id}", { params: { path } })
      if (error) throw error
    },
    onSettled: () => void refresh(),
  })
}

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
