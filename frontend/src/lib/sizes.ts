/** Sizes of files in the unit that fits. */

export function sizeOf(bytes: number, language: string): string {
  const french = language.startsWith("fr")
  const units = french ? ["o", "Kio", "Mio", "Gio"] : ["B", "KiB", "MiB", "GiB"]
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const number = new Intl.NumberFormat(french ? "fr-FR" : "en-GB", { maximumFractionDigits: 1 })
  return `${number.format(value)}\u00a0${units[unit]}`
}
