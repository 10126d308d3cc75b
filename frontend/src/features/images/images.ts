/** Images and their Builds as data. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { BuildStatus, Image, ImageDraft } from "@/api/types"
import type { Edit } from "@/ui/editConflict/useEditConflict"

export const SORTS = ["-updated_at", "title", "-title", "updated_at"] as const
export type ImageSort = (typeof SORTS)[number]
export const ORIGINS = ["mine", "shared", "public", "catalogue"] as const
export type ImageOrigin = (typeof ORIGINS)[number]
export type ImageFilter = { search?: string; origin?: ImageOrigin; sort?: ImageSort; page?: number }

export const PAGE_SIZE = 25

export const SECTIONS = ["general", "dockerfile", "wrapper", "files", "ports", "builds"] as const
export type ImageSection = (typeof SECTIONS)[number]

export function imageList(filter: ImageFilter) {
  return api.queryOptions("get", "/api/images", {
    params: {
      query: {
        page: filter.page ?? 1,
        page_size: PAGE_SIZE,
        search: filter.search || undefined,
        origin: filter.origin,
        sort: filter.sort ?? "-updated_at",
      },
    },
  })
}

export function imageOf(imageId: string) {
  return api.queryOptions("get", "/api/images/{image_id}", {
    params: { path: { image_id: imageId } },
  })
}

export function buildsOf(imageId: string) {
  return api.queryOptions("get", "/api/images/{image_id}/builds", {
    params: { path: { image_id: imageId }, query: { page_size: 50 } },
  })
}

/** What a person may say of an Image: the fields of a request, and no others. */
export function draftOf(image: Image): Required<ImageDraft> {
  const { title, description, dockerfile, wrapper, ports, profile, work_path } = image
  return { title, description, dockerfile, wrapper, ports, profile, work_path }
}

export const NEW_IMAGE: Required<ImageDraft> = {
  title: "",
  description: "",
  dockerfile: [
    "FROM debian:12",
    "RUN apt-get update \\",
    " && apt-get install -y --no-install-recommends python3 \\",
    " && rm -rf /var/lib/apt/lists/*",
    "RUN useradd --create-home --uid 1000 student",
    "COPY wrapper.sh /usr/local/bin/wrapper.sh",
    "USER student",
    "WORKDIR /home/student/work",
    "EXPOSE 8080",
    'CMD ["/usr/local/bin/wrapper.sh"]',
    "",
  ].join("\n"),
  wrapper: ["#!/bin/sh", "set -eu", 'cd "$HOME/work"', "exec python3 -m http.server 8080", ""].join(
    "\n",
  ),
  ports: [{ title: "Web page", kind: "web", number: 8080, required: true }],
  profile: "strict",
  work_path: "/home/student/work",
}

async function answer<T>(request: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await request
  if (error) throw error
  return data as T
}

function useRefresh() {
  const cache = useQueryClient()
  return (image?: Image) => {
    if (image) cache.setQueryData(imageOf(image.id).queryKey, image)
    return cache.invalidateQueries({
      predicate: ({ queryKey }) =>
        ["/api/images", "/api/images/{image_id}/builds"].includes(String(queryKey[1])) ||
        (!image && queryKey[1] === "/api/images/{image_id}"),
    })
  }
}

/** The Image, in the version that was read. */
const edited = (imageId: string, etag: string) => ({
  path: { image_id: imageId },
  header: { "If-Match": etag },
})

export function useCreateImage() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: ImageDraft) => answer(http.POST("/api/images", { body })),
    onSuccess: (image) => void refresh(image),
  })
}

export function useSaveImage(imageId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ draft, etag }: Edit<ImageDraft>) =>
      answer(http.PUT("/api/images/{image_id}", { params: edited(imageId, etag), body: draft })),
    onSuccess: (image) => void refresh(image),
  })
}

export function useDeleteImage({ id, etag }: Image) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => answer(http.DELETE("/api/images/{image_id}", { params: edited(id, etag) })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", "/api/images"] }),
  })
}

export function useStartBuild() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ imageId, useCache }: { imageId: string; useCache: boolean }) =>
      answer(
        http.POST("/api/images/{image_id}/builds", {
          params: { path: { image_id: imageId }, query: { use_cache: useCache } },
        }),
      ),
    onSuccess: () => refresh(),
  })
}

export function useCancelBuild() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (buildId: string) =>
      answer(
        http.POST("/api/builds/{build_id}/cancel", { params: { path: { build_id: buildId } } }),
      ),
    onSuccess: () => refresh(),
  })
}

export function isEnded(build: BuildStatus): boolean {
  return build.phase === "succeeded" || build.phase === "failed" || build.phase === "cancelled"
}
