/** The live log: it follows its end until somebody scrolls up. */
import { Button } from "@mantine/core"
import { IconArrowDown } from "@tabler/icons-react"
import { useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import styles from "../images.module.css"
import { useBuildLog } from "./useBuildLog"

export function BuildLog({ buildId }: { buildId: string }) {
  const { t } = useTranslation()
  const { lines } = useBuildLog(buildId)
  const frame = useRef<HTMLDivElement>(null)
  const [follows, setFollows] = useState(true)

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the end
  useEffect(() => {
    if (follows && frame.current) frame.current.scrollTop = frame.current.scrollHeight
  }, [lines, follows])

  return (
    <div>
      <div className={styles.logHead}>
        <h3>{t("build.log")}</h3>
        {!follows && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconArrowDown size={15} aria-hidden />}
            onClick={() => setFollows(true)}
          >
            {t("build.follow")}
          </Button>
        )}
      </div>
      <div
        ref={frame}
        className={styles.log}
        role="log"
        // Read on demand: hundreds of lines a minute are no announcement.
        aria-live="off"
        aria-label={t("build.logLabel")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: box }) =>
          setFollows(box.scrollHeight - box.scrollTop - box.clientHeight < 40)
        }
      >
        <pre>{lines.length > 0 ? lines.join("\n") : t("build.logWaiting")}</pre>
      </div>
    </div>
  )
}
