/** Pourquoi un environnement qui a trop écrit a été arrêté, et que faire. */
export const diskFr = {
  container:
    "Votre environnement a été arrêté : hors de votre dossier de travail, il a dépassé les {{limit}} autorisés.",
  containerAdvice:
    "Ce qui y était écrit est perdu ; votre dossier de travail est conservé. Démarrez-le de nouveau, et écrivez moins hors du dossier.",
  containerUnsaved: "Votre environnement a été arrêté : il a dépassé les {{limit}} autorisés.",
  containerUnsavedAdvice:
    "Ce qui y était écrit est perdu. Démarrez-le de nouveau, et écrivez moins.",
  work_folder:
    "Votre environnement a été arrêté : votre dossier de travail a atteint {{used}}, plus que les {{limit}} autorisés.",
  work_folderAdvice:
    "Le dossier est conservé ; ce qui était ailleurs est perdu. Démarrez-le de nouveau, et supprimez-y d’abord des fichiers : il s’arrête de nouveau si le dossier grossit.",
  machine:
    "Votre environnement a été arrêté : le disque du serveur était presque plein, et c’est lui qui écrivait le plus.",
  machineAdvice:
    "Démarrez-le de nouveau, et supprimez les fichiers inutiles. Si cela recommence, prévenez votre enseignant.",
}
