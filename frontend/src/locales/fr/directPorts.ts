/** French texts of ports by which environments are reached directly. */
import type { directPortsEn } from "../en/directPorts"

export const directPortsFr: typeof directPortsEn = {
  column: "Ports directs",
  off: "Aucun",
  range: "{{first}} à {{last}}",
  text: "{{kinds}} à {{host}} ; {{count}} sur {{all}} occupés. Les pages web s’ouvrent toujours par la plateforme.",
  ownAddress: "l’adresse de la machine",
  shut_one:
    "{{count}} machine sur {{usable}} ne laisse pas entrer par ces numéros : ses environnements s’atteignent en SSH par la plateforme.",
  shut_other:
    "{{count}} machines sur {{usable}} ne laissent pas entrer par ces numéros : leurs environnements s’atteignent en SSH par la plateforme.",
  tunnelNote:
    "Saisissez ceci dans un terminal et laissez-le ouvert, puis connectez votre logiciel client à {{place}}.",
  insideNote: "Les programmes de votre environnement l’atteignent ; votre ordinateur, non.",
  bastion: "Par la plateforme",
  bastionText: "Si votre réseau ne laisse pas sortir vers l’adresse ci-dessus :",
  withKeysText:
    "Ajoutez votre clé publique une fois : elle ouvre tous vos environnements par la plateforme, avec la commande juste au-dessus.",
  full: "Tous les accès sont occupés pour l’instant.",
  never: "Ce cours a plus de ports que n’en donne son type de serveur.",
  neverAdvice:
    "Dites-le à votre enseignant : le cours a besoin de moins de ports, ou d’un autre type de serveur.",
}
