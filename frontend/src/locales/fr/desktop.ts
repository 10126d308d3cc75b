/** French texts of desktops in the browser: the card, and the page itself. */
import type { desktopEn } from "../en/desktop"

export const desktopFr: typeof desktopEn = {
  client: "Avec votre propre client VNC",
  clientPassword: "Le mot de passe est celui de votre environnement.",
  page: {
    title: "Bureau",
    hint: "Ctrl + Alt + Maj quitte le bureau pour ces boutons.",
    clipboard: "Presse-papiers",
    keys: "Ctrl + Alt + Suppr",
    full: "Plein écran",
    screen: "Écran du bureau",
    clipboardLabel: "Texte pour le bureau, ou copié dans le bureau",
    clipboardSend: "Envoyer au bureau",
    clipboardSent: "Envoyé. Collez-le dans le bureau.",
    clipboardCame: "Copié dans le bureau.",
    connecting: "Connexion à votre bureau…",
    connected: "Votre bureau est ouvert.",
    asks: "Votre bureau demande un mot de passe.",
    passwordNote: "C’est celui que vous avez choisi, ou celui affiché dans votre cours.",
    username: "Nom d’utilisateur",
    password: "Mot de passe",
    connect: "Se connecter",
    again: "Se reconnecter",
    course: "Mon cours",
    end: {
      refused:
        "Votre bureau a refusé de s’ouvrir. Vérifiez le mot de passe, puis reconnectez-vous.",
      silent:
        "Votre environnement fonctionne, mais son bureau ne répond pas. Reconnectez-vous dans un instant. Si cela persiste, redémarrez l’environnement depuis votre cours.",
      crowded:
        "Ce bureau est ouvert trop de fois. Fermez un autre de ses onglets, puis reconnectez-vous.",
      away: "La plateforme redémarre ; votre environnement continue. Reconnectez-vous dans quelques secondes.",
      idle: "Rien ne s’est passé ici depuis longtemps. Votre environnement continue.",
      ended: "Votre bureau n’est plus là. Rouvrez-le depuis votre cours.",
      lost: "La connexion est perdue ; votre bureau continue. Reconnectez-vous.",
    },
  },
}
