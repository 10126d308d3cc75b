/** The sections of one thing, as links; on a phone the open one is scrolled into view. */
import { type ReactNode, useRef } from "react"
import styles from "./SectionTabs.module.css"
import { useShowOpen } from "./useShowOpen"

type Props = { label: string; current: string; children: ReactNode }

export function SectionTabs({ label, current, children }: Props) {
  const nav = useRef<HTMLElement>(null)
  useShowOpen(nav, current)
  return (
    <nav ref={nav} className={styles.tabs} aria-label={label}>
      {children}
    </nav>
  )
}
