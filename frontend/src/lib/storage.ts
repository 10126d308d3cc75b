/** Small preferences; inside the LMS's frame storage throws, and then they last until a reload. */
const memory = new Map<string, string>()

export function remembered(key: string): string | null {
  try {
    return window.localStorage.getItem(`mydocker.${key}`) ?? memory.get(key) ?? null
  } catch {
    return memory.get(key) ?? null
  }
}

export function remember(key: string, value: string): void {
  memory.set(key, value)
  try {
    window.localStorage.setItem(`mydocker.${key}`, value)
  } catch {
    // Kept in memory: the preference is a comfort, never a need.
  }
}
