/** Textes français : qui a quel droit sur un cours ou une image. */
import type { sharingEn } from "../en/sharing"

export const sharingFr: typeof sharingEn = {
  open: "Partager",
  openReadOnly: "Qui y a accès",
  title: "Partager « {{title}} »",
  people: "Personnes qui ont un droit",
  email: "Adresse e-mail",
  emailMissing: "Saisissez une adresse e-mail.",
  right: "Droit",
  rightOf: "Droit de {{name}}",
  platform: "Plateforme",
  give: "Partager",
  given: "Partagé avec {{email}}.",
  rights: { test: "Test", view: "Consultation", edit: "Édition" },
  means: {
    test: "Démarre comme un étudiant, dès le statut Test. Ne voit pas les réglages.",
    view: "Voit et utilise, ne change rien.",
    edit: "Voit et change tout. Seul le propriétaire partage et supprime.",
  },
  invited:
    "Une personne qui n’est pas encore venue le trouvera à sa première venue de {{platform}} avec cette adresse. Aucun e-mail n’est envoyé.",
  noPlatform:
    "Vous pourrez partager après être venu d’un espace de cours : les adresses sont comparées au sein de sa plateforme.",
  ownerShares: "Seul le propriétaire partage.",
  me: "(vous)",
  owner: "Propriétaire",
  waiting: "Invitation en attente",
  origin: { owner: "Auteur ou repreneur", share: "Partage", role: "Enseigne dans {{space}}" },
  handOver: "Rendre propriétaire",
  remove: "Retirer le droit",
  leave: "Renoncer à mon droit",
  ask: {
    remove: {
      title: "Retirer le droit de {{name}} ?",
      confirm: "Retirer",
      done: "{{name}} n’a plus de droit.",
      course:
        "Le cours quitte aussitôt sa liste. Son environnement s’arrête ; son dossier de travail est conservé.",
      image:
        "L’image quitte aussitôt sa liste. Ses cours qui utilisent une construction la conservent.",
    },
    handOver: {
      title: "Rendre {{name}} propriétaire ?",
      confirm: "Transmettre",
      done: "{{name}} est maintenant propriétaire.",
      text: "Cette personne seule pourra ensuite partager, supprimer ou vous le rendre. Vous gardez le droit d’édition.",
    },
  },
  readOnly: "Vous pouvez consulter, pas modifier. Propriétaire : {{owner}}.",
  filter: "Provenance",
  everybody: "Tout ce que je peux voir",
  origins: { mine: "Les miens", shared: "Partagés avec moi", space: "De mes espaces de cours" },
}
