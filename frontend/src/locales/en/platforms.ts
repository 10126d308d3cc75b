/** English texts of the platforms people come from; for operators. */
export const platformsEn = {
  listTitle: "Platforms",
  listText: "The course platforms, such as Moodle, that people come from.",
  searchLabel: "Search platforms",
  stateFilter: "State",
  allStates: "All states",
  clearFilters: "Show all",
  noMatch: "No platform matches.",
  emptyTitle: "No platform yet",
  emptyText: "Connect one: with an invitation it takes five minutes.",
  state: {
    pending: "Waits for approval",
    active: "Active",
    disabled: "Disabled",
  },
  column: {
    name: "Platform",
    state: "State",
    people: "People now",
    used: "Last visit",
  },
  people_zero: "nobody now",
  people_one: "{{count}} person now",
  people_other: "{{count}} people now",
  neverUsed: "none today",
}
