/** Which group of the class a student is in, and the order of the rows. Pure. */
import type { RoomPerson } from "@/api/types"
import type { Tone } from "@/ui/feedback/tones"

/** In the order of the list: who needs help first. */
export const GROUPS = ["attention", "waiting", "starting", "ready", "ended", "notStarted"] as const
export type Group = (typeof GROUPS)[number]

export const GROUP_TONES: Record<Group, Tone> = {
  attention: "bad",
  waiting: "warn",
  starting: "info",
  ready: "ok",
  ended: "still",
  notStarted: "still",
}

export function groupOf(person: RoomPerson): Group {
  if (person.attention) return "attention"
  switch (person.phase) {
    case "queued":
      return "waiting"
    case "starting":
      return "starting"
    case "ready":
      return "ready"
    case "stopping":
    case "stopped":
    case "failed":
      return "ended"
    default:
      return "notStarted"
  }
}

export function countGroups(people: readonly RoomPerson[]): Record<Group, number> {
  const counts = Object.fromEntries(GROUPS.map((group) => [group, 0])) as Record<Group, number>
  for (const person of people) counts[groupOf(person)] += 1
  return counts
}

export type RoomFilter = { search?: string; group?: Group }

/** The rows that the filter shows: who needs help on top, then by group, then by name. */
export function arranged(people: readonly RoomPerson[], filter: RoomFilter): RoomPerson[] {
  const words = filter.search?.toLocaleLowerCase() ?? ""
  return people
    .filter((person) => (person.name ?? "").toLocaleLowerCase().includes(words))
    .map((person) => ({ person, group: groupOf(person) }))
    .filter(({ group }) => !filter.group || group === filter.group)
    .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group))
    .map(({ person }) => person)
}
