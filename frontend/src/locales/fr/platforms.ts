/** Textes français des plateformes de cours ; pour les exploitants. */
import type { platformsEn } from "../en/platforms"

export const platformsFr = {
  listTitle: "Plateformes de cours",
  listText: "Les plateformes, comme Moodle, d’où viennent les personnes.",
  searchLabel: "Chercher une plateforme",
  stateFilter: "État",
  allStates: "Tous les états",
  clearFilters: "Tout afficher",
  noMatch: "Aucune plateforme ne correspond.",
  emptyTitle: "Aucune plateforme pour l’instant",
  emptyText: "Reliez-en une : avec une invitation, cela prend cinq minutes.",
  state: {
    pending: "En attente d’approbation",
    active: "Active",
    disabled: "Désactivée",
  },
  column: {
    name: "Plateforme",
    state: "État",
    people: "Présents",
    used: "Dernière visite",
  },
  people_zero: "personne en ce moment",
  people_one: "{{count}} personne en ce moment",
  people_other: "{{count}} personnes en ce moment",
  neverUsed: "aucune aujourd’hui",
} satisfies typeof platformsEn
