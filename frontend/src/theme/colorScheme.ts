/** Light or dark as chosen; inside the LMS's frame the choice lasts as long as the page. */
import { isMantineColorScheme, type MantineColorSchemeManager } from "@mantine/core"
import { remember, remembered } from "@/lib/storage"

export const colorSchemeManager: MantineColorSchemeManager = {
  get(otherwise) {
    const chosen = remembered("theme")
    return isMantineColorScheme(chosen) ? chosen : otherwise
  },
  set: (value) => remember("theme", value),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => remember("theme", "auto"),
}
