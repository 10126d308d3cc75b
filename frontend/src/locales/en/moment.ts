/** English texts of fields for a date and a time. */
export const momentEn = {
  day: "YYYY-MM-DD",
  minute: "YYYY-MM-DD HH:MM",
  unclear: "“{{text}}” is not a date that exists in this form. Write it as {{form}}.",
  calendar: "Choose in a calendar",
  previousMonth: "Previous month",
  nextMonth: "Next month",
  months: "Choose a month",
  years: "Choose a year",
  nextYear: "Next year",
  previousYear: "Previous year",
  nextDecade: "Next ten years",
  previousDecade: "Previous ten years",
}
