/** La taille du dossier de travail : jauge de l’étudiant, champ de l’enseignant, groupe de serveurs. */
export const folderFr = {
  title: "Dossier de travail",
  used: "{{used}} sur {{allowed}}",
  files: "{{used}} fichiers sur {{allowed}}",
  warning: "Votre dossier de travail est rempli à plus de 80 %.",
  critical: "Votre dossier de travail est presque plein.",
  full: "Votre dossier de travail est plein : les programmes ne peuvent plus enregistrer.",
  delete:
    "Supprimez les fichiers inutiles, puis enregistrez de nouveau. Rien de ce qui est enregistré n’est perdu.",
  deleteMany:
    "Il contient trop de fichiers. Supprimez des dossiers inutiles, par exemple des caches.",
  size: "Taille du dossier de travail (Mio)",
  sizeInvalid: "À partir de 16 Mio.",
  sizeLater:
    "Les dossiers existants sont agrandis à leur prochain démarrage. Ils ne sont jamais réduits au-dessous de leur contenu.",
  defaultSize: "Dossier de travail par défaut (Mio)",
  maxSize: "Dossier de travail maximal (Mio)",
  quota: "Sur le disque de chaque serveur, avec une taille",
  quotaText:
    "Tous les serveurs du groupe doivent exécuter le greffon de volumes. Les dossiers déjà créés restent où ils sont, sans taille.",
}
