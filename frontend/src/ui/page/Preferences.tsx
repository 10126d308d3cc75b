/** Language and appearance, on every page. */
import { Button, Menu, useMantineColorScheme } from "@mantine/core"
import { IconCheck, IconLanguage, IconMoon, IconSun, IconSunMoon } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { chooseLanguage, LANGUAGES } from "@/lib/i18n"

const NAMES = { en: "English", fr: "Français" }
const THEMES = [
  ["auto", IconSunMoon],
  ["light", IconSun],
  ["dark", IconMoon],
] as const

export function Preferences({ compact = false }: { compact?: boolean }) {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Theme = THEMES.find(([name]) => name === colorScheme)?.[1] ?? IconSunMoon
  const language = i18n.language === "fr" ? "fr" : "en"
  const shown = compact ? language.toUpperCase() : NAMES[language]
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="dimmed"
          size="compact-sm"
          leftSection={<Theme size={16} aria-hidden />}
        >
          <span className="md-hidden">{t("app.preferences")} </span>
          {shown}
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label={t("app.preferences")}>
        <Menu.Label>{t("app.language")}</Menu.Label>
        {LANGUAGES.map((choice) => (
          <Menu.Item
            key={choice}
            lang={choice}
            leftSection={<IconLanguage size={16} aria-hidden />}
            rightSection={choice === language && <IconCheck size={16} aria-hidden />}
            onClick={() => void chooseLanguage(choice)}
          >
            {NAMES[choice]}
          </Menu.Item>
        ))}
        <Menu.Label>{t("app.theme")}</Menu.Label>
        {THEMES.map(([name, Icon]) => (
          <Menu.Item
            key={name}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={name === colorScheme && <IconCheck size={16} aria-hidden />}
            onClick={() => setColorScheme(name)}
          >
            {t(`app.theme_${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
