import type { resourcesEn } from "../en/resources"

/** Textes français : les serveurs d’un cours, ses GPU, et ce que veut dire un champ vide. */
export const resourcesFr = {
  machines: "Serveurs",
  machinesHelp: "Le type de serveur sur lequel travaille chaque étudiant.",
  gpus: "GPU par étudiant",
  gpusHelp: "{{kind}}. Vide : {{usual}}. Au plus {{most}}.",
  bounds: "Vide : {{usual}}. Au plus {{most}}.",
  minutes:
    "Vide : {{count}} minutes, la durée de ces serveurs. Les étudiants sont prévenus et peuvent prolonger.",
  hardMinutes:
    "Aucune prolongation ne la dépasse. Vide : {{count}} minutes, le maximum de ces serveurs.",
  summaryGpus: "GPU",
  summaryGpusValue: "{{students}} × {{each}} = {{total}}",
  summaryMachines: "Serveurs",
} satisfies Record<keyof typeof resourcesEn, string>
