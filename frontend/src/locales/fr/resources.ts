import type { resourcesEn } from "../en/resources"

/** Textes français : les machines d’un cours, ses GPU, et ce que veut dire un champ vide. */
export const resourcesFr = {
  machines: "Machines",
  machinesHelp: "Le type de machine sur lequel travaille chaque étudiant.",
  gpus: "GPU par étudiant",
  gpusHelp: "{{kind}}. Vide : {{usual}}. Au plus {{most}}.",
  bounds: "Vide : {{usual}}. Au plus {{most}}.",
  minutes:
    "Vide : {{count}} minutes, la durée de ces machines. Les étudiants sont prévenus et peuvent prolonger.",
  hardMinutes:
    "Aucune prolongation ne la dépasse. Vide : {{count}} minutes, le maximum de ces machines.",
  summaryGpus: "GPU",
  summaryGpusValue: "{{students}} × {{each}} = {{total}}",
  summaryMachines: "Machines",
} satisfies Record<keyof typeof resourcesEn, string>
