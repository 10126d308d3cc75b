/** One line to copy: it scrolls rather than breaks, and can be reached by keyboard. */
import { useRef } from "react"
import { selectContents } from "@/lib/clipboard"
import styles from "./CopyableCode.module.css"
import { CopyButton } from "./CopyButton"

type Props = {
  text: string
  /** What a screen reader hears for the line, and for its button. */
  label: string
  copy: string
}

export function CopyableCode({ text, label, copy }: Props) {
  const shown = useRef<HTMLElement>(null)
  return (
    <div className={styles.line}>
      <code
        ref={shown}
        className={styles.code}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a line that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        role="group"
      >
        {text}
      </code>
      <CopyButton label={copy} text={() => text} onRefused={() => selectContents(shown.current)} />
    </div>
  )
}
