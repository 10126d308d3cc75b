/** The filter of a list of the people of a Course: a search, one choice, a page. */

export const PAGE_SIZE = 50
export type PeopleFilter<Which extends string> = { search?: string; which?: Which; page?: number }

/** The filter that an address names; what it cannot mean is left out. */
export function readPeopleFilter<Which extends string>(
  all: readonly Which[],
  raw: Record<string, unknown>,
): PeopleFilter<Which> {
  return {
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    which: all.find((which) => which === raw.which),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }
}

/** The same as parameters of a request. */
export function queryOf<Which extends string>(filter: PeopleFilter<Which>) {
  return {
    page: filter.page ?? 1,
    page_size: PAGE_SIZE,
    search: filter.search || undefined,
    which: filter.which,
  }
}
