/** The id of a field's control, by its path in the request: `resources.cpu` → `field-resources-cpu`. */
export const fieldId = (path: string) => `field-${path.replaceAll(".", "-")}`
