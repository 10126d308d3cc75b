/** French texts of sending files. */
import type { transferEn } from "../en/transfer"

export const transferFr: typeof transferEn = {
  choose: "Choisir des fichiers",
  chooseFolder: "Choisir un dossier",
  progress: "Progression de l’envoi",
}
