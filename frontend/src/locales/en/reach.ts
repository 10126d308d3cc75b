/** English texts: how far environments of a pool reach into the network. */
export const reachEn = {
  title: "Network",
  word: {
    open: "The Internet",
    filtered: "A few chosen addresses",
    none: "Nothing",
  },
  text: {
    open: "Programs reach the Internet. They never reach other people’s environments, and no private network unless the operator named it.",
    filtered:
      "Programs reach only the addresses the operator named, such as a package mirror: no other downloads, no other web sites.",
    none: "Programs reach nothing outside: no downloads, no web sites. All they need must be in the image.",
  },
  pools: "Pools",
  poolsText: "What each kind of machine provides, and what its environments reach.",
  column: { pool: "Pool", machines: "Machines", reach: "Reaches" },
  machines_zero: "No machine",
  machines_one: "{{usable}} of {{count}} in use",
  machines_other: "{{usable}} of {{count}} in use",
}
