/** Images of other registries as data: which are allowed, what a reference stands for. */
import { useMutation } from "@tanstack/react-query"
import { api, http } from "@/api/client"

export function imageRegistries() {
  return api.queryOptions("get", "/api/image-registries")
}

/** What the reference stands for now; changes nothing. */
export function useResolve() {
  return useMutation({
    mutationFn: async (reference: string) => {
      const { data, error } = await http.POST("/api/image-references", { body: { reference } })
      if (error) throw error
      return data
    },
  })
}
