/** English texts of the use of a course. */

export const tracesEn = {
  tab: "Use",
  title: "People per day",
  summary_one: "{{count}} person, {{hours}} hours together",
  summary_other: "{{count}} people, {{hours}} hours together",
  span: "Time shown",
  days_one: "{{count}} day",
  days_other: "{{count}} days",
  picture: "People by day. {{summary}}. The table below has the same.",
  people: "People",
  runs: "Who, when and how long",
  runsText: "Each time that an environment was running. This course only.",
  csv: "Download (CSV)",
  none: "Nobody used this course in this time.",
  name: "Name",
  email: "E-mail",
  began: "From",
  ended: "Until",
  now: "still running",
  minutes: "Minutes",
}
