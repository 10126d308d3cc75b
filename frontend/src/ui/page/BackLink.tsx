/** The way back, above the title. */
import { IconArrowLeft } from "@tabler/icons-react"
import { createLink } from "@tanstack/react-router"
import type { ComponentProps } from "react"
import styles from "./BackLink.module.css"

function Back({ children, ...rest }: ComponentProps<"a">) {
  return (
    <a {...rest} className={styles.back}>
      <IconArrowLeft size={16} aria-hidden /> {children}
    </a>
  )
}

export const BackLink = createLink(Back)
