/** English texts: the machines of a Course, its GPUs, and what an empty field means. */
export const resourcesEn = {
  machines: "Machines",
  machinesHelp: "The kind of machine every student works on.",
  gpus: "GPUs per student",
  gpusHelp: "{{kind}}. Empty: {{usual}}. At most {{most}}.",
  bounds: "Empty: {{usual}}. At most {{most}}.",
  minutes:
    "Empty: {{count}} minutes, the time of these machines. Students are warned, and may extend.",
  hardMinutes:
    "No extension goes beyond it. Empty: {{count}} minutes, the maximum of these machines.",
  summaryGpus: "GPUs",
  summaryGpusValue: "{{students}} × {{each}} = {{total}}",
  summaryMachines: "Machines",
}
