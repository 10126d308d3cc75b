/** The sections of one thing, as links; on a phone the open one is scrolled into view. */
import { type ReactNode, useEffect, useRef } from "react"
import styles from "./SectionTabs.module.css"

type Props = { label: string; current: string; children: ReactNode }

export function SectionTabs({ label, current, children }: Props) {
  const nav = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another section was opened
  useEffect(() => {
    const row = nav.current
    const open = row?.querySelector<HTMLElement>("[aria-current=page]")
    if (row && open) row.scrollLeft = open.offsetLeft - row.clientWidth / 2 + open.clientWidth / 2
  }, [current])
  return (
    <nav ref={nav} className={styles.tabs} aria-label={label}>
      {children}
    </nav>
  )
}
