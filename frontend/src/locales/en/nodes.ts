/** English texts of machines, for operators. */
export const nodesEn = {
  title: "Machines",
  text: "Where environments run. A machine is used once its checks have passed.",
  empty: "The Swarm has no machine.",
  column: {
    name: "Machine",
    state: "State",
    free: "Free",
    pool: "Pool",
    actions: "Actions",
  },
  environments_zero: "No environment",
  environments_one: "{{count}} environment",
  environments_other: "{{count}} environments",
  state: {
    down: "Does not answer",
    unchecked: "Checks have not passed",
    active: "In use",
    pause: "Takes nobody new",
    drain: "Emptied",
    draining: "Being emptied",
  },
  toCheck: "What runs there goes on. To check it again, on the manager:",
  cpu: "{{free}} of {{all}} cores",
  memory: "{{free}} of {{all}} GiB",
  gpus: "{{free}} of {{all}} GPUs",
  engine: "Docker {{version}}",
  api: "API {{version}}",
  poolOf: "Pool of {{name}}",
  drain: "Empty",
  activate: "Use again",
  drainTitle: "Empty {{name}}?",
  drainText_zero: "Nothing new is put on it.",
  drainText_one:
    "Nothing new is put on it, and {{count}} environment on it ends. Its owner is told.",
  drainText_other:
    "Nothing new is put on it, and {{count}} environments on it end. Their owners are told.",
}
