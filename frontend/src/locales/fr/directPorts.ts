/** French texts of ports by which environments are reached directly. */
import type { directPortsEn } from "../en/directPorts"

export const directPortsFr: typeof directPortsEn = {
  column: "Ports directs",
  off: "Aucun",
  range: "{{first}} à {{last}}",
  text: "{{kinds}} à {{host}} ; {{count}} sur {{all}} occupés. Les pages web s’ouvrent toujours par la plateforme.",
  ownAddress: "l’adresse du serveur",
  shut_one:
    "{{count}} serveur sur {{usable}} n’accepte pas de connexion sur ces numéros : ses environnements sont joignables en SSH par la plateforme.",
  shut_other:
    "{{count}} serveurs sur {{usable}} n’acceptent pas de connexion sur ces numéros : leurs environnements sont joignables en SSH par la plateforme.",
  tunnelNote:
    "Saisissez ceci dans un terminal et laissez-le ouvert, puis connectez votre logiciel client à {{place}}.",
  insideNote: "Les programmes de votre environnement l’atteignent ; votre ordinateur, non.",
  bastion: "Par la plateforme",
  bastionText: "Si votre réseau ne laisse pas sortir vers l’adresse ci-dessus :",
  withKeysText:
    "Ajoutez votre clé publique une fois : elle ouvre tous vos environnements par la plateforme, avec la commande juste au-dessus.",
  full: "Tous les ports directs sont occupés pour l’instant.",
  never: "Ce cours a plus de ports que son type de serveur n’en fournit.",
  neverAdvice:
    "Dites-le à votre enseignant : le cours a besoin de moins de ports, ou d’un autre type de serveur.",
}
