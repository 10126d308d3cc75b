/** The catalogue for working on the page. */
import type { CatalogueEntry } from "@/api/types"
import { images, lastBuild, uuid } from "@/mocks/db"

type Described = Pick<
  CatalogueEntry,
  "name" | "title" | "description" | "icon" | "ports" | "profile" | "resources"
> &
  Partial<CatalogueEntry>

const entry = (described: Described): CatalogueEntry => ({
  work_path: "/home/student/work",
  state: "ready",
  image_id: uuid(2, 1),
  build_id: uuid(3, 102),
  last_build: null,
  used_by: 0,
  ...described,
})

export const catalogue: CatalogueEntry[] = [
  entry({
    name: "openssl",
    title: { en: "OpenSSL practice", fr: "Travaux pratiques OpenSSL" },
    description: {
      en: "A Linux shell over SSH with OpenSSL, and a web page with five exercises.",
      fr: "Un terminal Linux par SSH avec OpenSSL, et une page web de cinq exercices.",
    },
    icon: "lock",
    ports: images[1]?.ports ?? [],
    profile: "compat",
    resources: { cpu: 0.25, memory_mib: 256 },
  }),
  entry({
    name: "jupyterlab",
    title: { en: "JupyterLab", fr: "JupyterLab" },
    description: {
      en: "Python notebooks and a terminal in the browser, with NumPy and Matplotlib.",
      fr: "Des carnets Python et un terminal dans le navigateur, avec NumPy et Matplotlib.",
    },
    icon: "notebook",
    ports: images[0]?.ports ?? [],
    profile: "strict",
    resources: { cpu: 0.5, memory_mib: 768 },
    used_by: 4,
  }),
  entry({
    name: "desktop",
    title: { en: "Linux desktop", fr: "Bureau Linux" },
    description: {
      en: "A whole desktop in the browser: terminal, file manager and text editor.",
      fr: "Un bureau complet dans le navigateur : terminal, gestionnaire de fichiers, éditeur.",
    },
    icon: "desktop",
    ports: [{ title: "Linux", kind: "vnc", number: 5901, required: true }],
    profile: "strict",
    resources: { cpu: 1, memory_mib: 1024 },
    state: "preparing",
    build_id: null,
    last_build: {
      ...(lastBuild(uuid(2, 1)) as object),
      phase: "building",
      step: 3,
      steps: 8,
    } as CatalogueEntry["last_build"],
  }),
]
