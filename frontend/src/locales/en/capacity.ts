/** English texts of room for sessions, and of the forecast. */

export const capacityEn = {
  heading: "Room",
  checking: "Checking for room…",
  verdict: {
    free: "Free",
    tight: "Tight",
    impossible: "No room at this time",
    unknown: "Not known yet",
  },
  free_one: "{{count}} student fits on the machines “{{pool}}”.",
  free_other: "{{count}} students fit at once on the machines “{{pool}}”.",
  unknown: "The machines “{{pool}}” have not been seen yet. The session can be saved.",
  now: "At present {{fitting}} of {{students}} students fit at once on the machines “{{pool}}”.",
  add_one: "{{count}} machine must be added by {{by}}. Operators see this in the forecast.",
  add_other: "{{count}} machines must be added by {{by}}. Operators see this in the forecast.",
  wait: "Until {{until}}, the others wait in the queue.",
  short: "{{fitting}} of {{students}} students fit at once on the machines “{{pool}}”.",
  size: "One environment is larger than any machine of “{{pool}}”. Ask for less, or choose other machines.",
  noneUsable: "No machine of “{{pool}}” is in use at present.",
  asks: "You may save it: operators are asked for room. Without it, students wait in the queue.",
  slots: "Free slots nearby",
  take: "Take {{slot}}",
  saveAndAsk: "Save and ask for room",
  state: { requested: "Room requested", refused: "No room" },
  refusedBecause: "Operators say: {{reason}}",
}
