/** Where one stands in the two steps to a new Course. */
import { useTranslation } from "react-i18next"
import styles from "./courses.module.css"

export function WizardSteps({ current }: { current: 1 | 2 }) {
  const { t } = useTranslation()
  return (
    <ol className={styles.wizardSteps} aria-label={t("course.wizard.steps")}>
      {(["general", "technical"] as const).map((name, index) => (
        <li key={name} aria-current={current === index + 1 ? "step" : undefined}>
          <span className={styles.wizardNumber} aria-hidden>
            {index + 1}
          </span>
          {t(`course.wizard.${name}`)}
        </li>
      ))}
    </ol>
  )
}
