/** Textes français du dialogue de deux modifications d’une même chose. */
import type { editConflictEn } from "../en/editConflict"

export const editConflictFr: typeof editConflictEn = {
  title: "Une autre version a été enregistrée",
  text: "Il y a eu une modification après l’ouverture de cette page, peut-être dans un autre de vos onglets. Rien n’est perdu : choisissez la version à garder.",
  savedByAt: "Dernière modification par {{name}}, {{when}}.",
  savedBy: "Dernière modification par {{name}}.",
  savedAt: "Dernière modification {{when}}.",
  mine: "Ce que vous avez écrit",
  theirs: "Ce qui est enregistré",
  takenOver: "Aussi modifié entre-temps, et gardé tel qu’enregistré : {{fields}}.",
  keepTheirs: "Garder la version enregistrée",
  saveMine: "Enregistrer la mienne",
  goOn: "Continuer à modifier",
  yes: "Oui",
  no: "Non",
  empty: "(vide)",
}
