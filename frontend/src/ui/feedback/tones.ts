/** The tones of the house: always shown with an icon and a word, never by colour alone. */
export type Tone = "ok" | "warn" | "bad" | "info" | "still"
