/** French texts of builds that run as root: why, where, and an operator's approval. */

export const rootFr = {
  title: "root dans le conteneur",
  strict:
    "Avec la protection « Stricte », un cours utilise cette construction sans root : personne n’a à l’approuver. La suite de cette section concerne la protection « Compatible ».",
  why: "Pourquoi elle s’exécute en tant que root",
  unknown:
    "Cette construction est antérieure à la recherche des raisons. Construisez de nouveau pour savoir pourquoi l’image s’exécute en tant que root.",
  finding: {
    user_root: "Le dernier USER du Dockerfile est {{detail}}.",
    no_user:
      "Ni le Dockerfile ni son image de base n’indiquent de USER : l’image démarre en tant que root.",
    other_user:
      "L’image démarre avec l’utilisateur {{detail}}, et non root. La protection « Stricte » suffit peut-être.",
    program: "Un programme qui a besoin de root est lancé : {{detail}}.",
  },
  place: {
    dockerfile: "Dockerfile, ligne {{line}}",
    wrapper: "Script de démarrage, ligne {{line}}",
  },
  where: "Où elle peut démarrer",
  free: "{{pools}} : sans approbation. Les serveurs y remplacent les utilisateurs : root dans le conteneur n’a aucun droit sur le serveur.",
  needs:
    "{{pools}} : seulement si cette construction est approuvée. Aucun serveur n’y remplace les utilisateurs : un programme qui sortirait de son conteneur serait root sur le serveur.",
  state: {
    none: "Pas encore d’approbation",
    asked: "Approbation demandée",
    approved: "Approuvée",
    refused: "Refusée",
    revoked: "Approbation révoquée",
  },
  stateText: {
    none: "Les cours dont la protection est « Compatible » ne peuvent pas y démarrer cette construction. Demandez à un administrateur.",
    asked:
      "Demande de {{name}}, {{when}}. Un administrateur répondra ; cette page change alors d’elle-même.",
    approved:
      "Approbation de {{name}}, {{when}}. Une nouvelle construction demande une nouvelle approbation.",
    refused: "Refus de {{name}}, {{when}}.",
    revoked:
      "Révocation par {{name}}, {{when}}. Ce qui fonctionne continue, le prochain démarrage est refusé.",
  },
  reason: "Raison : {{reason}}",
  comment: "Pourquoi l’image a besoin de root",
  commentHelp: "L’administrateur le lit avec les raisons ci-dessus.",
  ask: "Demander l’approbation",
  askAgain: "Demander de nouveau",
  course: {
    title: "Les étudiants ne peuvent pas encore démarrer cette construction",
    none: "Elle s’exécute en tant que root, et aucun administrateur ne l’a approuvée.",
    asked:
      "Elle s’exécute en tant que root. L’approbation est demandée ; aucun administrateur n’a encore répondu.",
    refused: "Elle s’exécute en tant que root, et un administrateur l’a refusée.",
    revoked: "Elle s’exécute en tant que root, et un administrateur a révoqué son approbation.",
    open: "Ouvrir la construction",
  },
  listTitle: "Approbations de root",
  listText:
    "Constructions qui s’exécutent en tant que root là où aucun serveur ne remplace les utilisateurs. Une approbation vaut pour une construction ; une nouvelle en demande une autre.",
  searchLabel: "Chercher par image ou personne",
  stateFilter: "État",
  allStates: "Tous les états",
  emptyTitle: "Aucune demande pour l’instant",
  emptyText: "Les demandes des enseignants, faites sur la page d’une image, apparaissent ici.",
  noMatch: "Aucune demande ne correspond.",
  nobodyWaits: "Aucune demande n’attend.",
  column: {
    build: "Construction",
    why: "Pourquoi root",
    state: "État",
    actions: "Actions",
  },
  build: "construction {{number}}",
  courses_zero: "Aucun cours ne l’utilise",
  courses_one: "Utilisée par {{count}} cours",
  courses_other: "Utilisée par {{count}} cours",
  decide: {
    approve: "Approuver",
    refuse: "Refuser…",
    revoke: "Révoquer…",
  },
  decideNamed: {
    approve: "Approuver la construction {{number}} de {{title}}",
    refuse: "Refuser la construction {{number}} de {{title}}",
    revoke: "Révoquer l’approbation de la construction {{number}} de {{title}}",
  },
  question: {
    refuse: {
      title: "Refuser la construction {{number}} de {{title}} ?",
      text: "Aucun cours ne pourra la démarrer en tant que root là où aucun serveur ne remplace les utilisateurs.",
      confirm: "Refuser",
    },
    revoke: {
      title: "Révoquer l’approbation de la construction {{number}} de {{title}} ?",
      text: "Les environnements en cours continuent. Le prochain démarrage sera refusé.",
      confirm: "Révoquer",
    },
  },
  reasonField: "Raison",
  reasonHelp: "La personne qui a fait la demande la lit.",
  reasonMissing: "Dites pourquoi, en quelques mots.",
  waiting_zero: "Aucune approbation de root n’est demandée",
  waiting_one: "{{count}} approbation de root est demandée",
  waiting_other: "{{count}} approbations de root sont demandées",
}
