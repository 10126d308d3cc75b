/** What a program printed: followed at its end, searchable, downloadable. */
import { Button, Group, TextInput } from "@mantine/core"
import { IconDownload } from "@tabler/icons-react"
import { useLayoutEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import styles from "./LogText.module.css"

/** Pixels from the end within which somebody reads the end. */
const NEAR = 24

export function LogText({ text }: { text: string }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState("")
  const box = useRef<HTMLElement>(null)
  const follows = useRef(true)
  const shown = search ? matching(text, search) : text
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the end
  useLayoutEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight
  }, [shown])
  if (!text) return <p>{t("window.logsEmpty")}</p>
  return (
    <>
      <Group gap="sm" mt="sm" mb="sm" role="search">
        <TextInput
          flex="1 1 160px"
          aria-label={t("window.logsSearch")}
          placeholder={t("window.logsSearch")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download(text)}
        >
          {t("window.logsDownload")}
        </Button>
      </Group>
      <p role="status">
        {search && t("window.logsMatches", { count: shown ? shown.split("\n").length : 0 })}
      </p>
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className={styles.box}
        aria-label={t("window.logsLabel")}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < NEAR
        }}
      >
        <pre>{shown}</pre>
      </section>
    </>
  )
}

function matching(text: string, search: string): string {
  const words = search.toLocaleLowerCase()
  const lines = text.split("\n")
  return lines.filter((line) => line.toLocaleLowerCase().includes(words)).join("\n")
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }))
  const link = document.createElement("a")
  link.href = url
  link.download = "environment.log"
  link.click()
  URL.revokeObjectURL(url)
}
