/** French texts of images for all teachers. */
import type { visibilityEn } from "../en/visibility"

export const visibilityFr: typeof visibilityEn = {
  button: "Pour tous",
  title: "Pour tous les enseignants",
  ask: "Le demander",
  withdraw: "La rendre privée",
  comment: "En quoi elle aide les autres",
  commentHelp: "L’administrateur le lit.",
  uses_one: "{{count}} cours utilise cette image",
  uses_other: "{{count}} cours utilisent cette image",
  use: "{{title}} ({{owner}}, construction {{number}})",
  text: {
    private:
      "Vous seul et ceux avec qui vous la partagez pouvez utiliser cette image. Un administrateur peut l’ouvrir à tous les enseignants.",
    asked:
      "Vous avez demandé d’ouvrir cette image à tous les enseignants. Un administrateur décide.",
    public:
      "Tous les enseignants peuvent utiliser cette image. Seuls ses éditeurs peuvent la modifier.",
    refused: "Un administrateur n’a pas ouvert cette image à tous les enseignants.",
  },
  state: {
    private: "Privée",
    asked: "Attend votre décision",
    public: "Pour tous les enseignants",
    refused: "Refusée",
  },
  requests: "Images pour tous les enseignants",
  nobody: "Personne ne demande d’ouvrir une image à tous les enseignants.",
  approve: "Accepter",
  refuse: "Refuser",
  refuseTitle: "Garder {{title}} privée ?",
  refuseText:
    "Les cours qui utilisent une de ses constructions la gardent. Les nouveaux cours ne peuvent pas la choisir.",
}
