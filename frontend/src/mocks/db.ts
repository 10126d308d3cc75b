/** A small campus in memory: enough for every screen, believable, gone with the page. */
import type {
  BuildStatus,
  Course,
  Image,
  Pool,
  Port,
  TriedBuild,
  VersionedSession,
} from "@/api/types"

const MINUTE = 60_000
const began = Date.now()

export const at = (minutes: number) => new Date(began + minutes * MINUTE).toISOString()
export const uuid = (group: number, number: number) =>
  `${String(group).padStart(8, "0")}-0000-4000-8000-${String(number).padStart(12, "0")}`

const jupyterPorts: Port[] = [{ title: "JupyterLab", kind: "web", number: 8888, required: true }]
const opensslPorts: Port[] = [
  { title: "Terminal", kind: "ssh", number: 22, required: true },
  { title: "Exercise page", kind: "web", number: 8080, required: true },
]

const jupyterDockerfile = `FROM debian:12
RUN apt-get update \\
 && apt-get install -y --no-install-recommends python3-venv tini \\
 && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/jupyter && /opt/jupyter/bin/pip install jupyterlab numpy pandas
RUN useradd --create-home --uid 1000 student
COPY --chmod=755 wrapper.sh /usr/local/bin/wrapper.sh
USER student
WORKDIR /home/student/work
EXPOSE 8888
ENTRYPOINT ["tini", "--", "/usr/local/bin/wrapper.sh"]
`

const jupyterWrapper = `#!/bin/sh
# Starts JupyterLab; the platform signs people in.
set -eu
mkdir -p "$HOME/work"
exec /opt/jupyter/bin/jupyter lab \\
  --ip=0.0.0.0 --port=8888 --no-browser \\
  --IdentityProvider.token="\${MYDOCKER_PASSWORD}"
`

const digest = (seed: string) => `sha256:${seed.repeat(64).slice(0, 64)}`

function build(image: number, number: number, facts: Partial<BuildStatus>): BuildStatus {
  return {
    id: uuid(3, image * 100 + number),
    image_id: uuid(2, image),
    author_id: uuid(9, 1),
    number,
    phase: "succeeded",
    step: 8,
    steps: 8,
    instruction: null,
    failure: null,
    message: "",
    line: null,
    tag: `registry.example/images/image-${image}:${number}`,
    reference: `registry.example/images/image-${image}@${digest(`${image}${number}c4`)}`,
    queued_at: at(-60 * 24 * number),
    started_at: at(-60 * 24 * number + 0.1),
    ended_at: at(-60 * 24 * number + 2.4),
    log_lines: 40,
    ...facts,
  }
}

export const builds: BuildStatus[] = [
  build(1, 1, { queued_at: at(-9000), started_at: at(-9000), ended_at: at(-8997) }),
  build(1, 2, { queued_at: at(-3000), started_at: at(-3000), ended_at: at(-2998) }),
  build(2, 1, { queued_at: at(-4000), started_at: at(-4000), ended_at: at(-3999) }),
  build(3, 1, {
    phase: "failed",
    step: 3,
    steps: 6,
    failure: "step_failed",
    instruction: "RUN apt-get install -y postgresql-16",
    message:
      "E: Unable to locate package postgresql-16\nThe command '/bin/sh -c apt-get install -y postgresql-16' returned a non-zero code: 100",
    line: 3,
    tag: null,
    reference: null,
    queued_at: at(-42),
    started_at: at(-42),
    ended_at: at(-41),
  }),
]

export const lastBuild = (imageId: string) =>
  builds.filter((build) => build.image_id === imageId).at(-1) ?? null

function image(number: number, facts: Partial<Image> & { title: string }): Image {
  return {
    id: uuid(2, number),
    etag: '"1"',
    description: "",
    dockerfile: jupyterDockerfile,
    wrapper: jupyterWrapper,
    ports: jupyterPorts,
    profile: "strict",
    work_path: "/home/student/work",
    last_build: null,
    used_by: 1,
    owner_name: "Claire Fontaine",
    created_at: at(-20_000),
    updated_at: at(-3000),
    relation: "owner",
    can: ["edit", "build", "delete", "share"],
    ...facts,
  }
}

export const images: Image[] = [
  image(1, {
    title: "JupyterLab for statistics",
    description: "Python 3.11, NumPy, pandas, Matplotlib.",
    used_by: 3,
  }),
  image(2, {
    title: "OpenSSL practice",
    description: "A shell over SSH and a small web page with the exercises.",
    ports: opensslPorts,
    profile: "compat",
    updated_at: at(-4000),
  }),
  image(3, {
    title: "PostgreSQL and a console",
    description: "Database course, second year.",
    dockerfile:
      'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y postgresql-16\nCOPY wrapper.sh /wrapper.sh\nRUN useradd -m student\nENTRYPOINT ["/wrapper.sh"]\n',
    used_by: 0,
    updated_at: at(-40),
  }),
  image(4, {
    title: "C and gdb",
    description: "Compiler, debugger, editor.",
    used_by: 0,
    updated_at: at(-12_000),
  }),
]

function session(
  course: number,
  number: number,
  facts: Partial<VersionedSession>,
): VersionedSession {
  return {
    id: uuid(4, course * 100 + number),
    etag: '"1"',
    course_id: uuid(1, course),
    course_title: "",
    title: `Lab ${number}`,
    students: 30,
    extra_minutes: 0,
    extra_people: 0,
    starts_at: at(-35),
    ends_at: at(85),
    block_before_start: true,
    automatic_stop: true,
    state: "running",
    capacity: "reserved",
    capacity_reason: "",
    ...facts,
  }
}

/** A Course with its sessions beside it, as a database has them. */
export type KeptCourse = Omit<Course, "sessions"> & { sessions: VersionedSession[] }

const jupyter = {
  image_id: uuid(2, 1),
  image_title: "JupyterLab for statistics",
  build_id: uuid(3, 102),
  build_number: 2,
  reference: `registry.example/images/image-1@${digest("12c4")}`,
}

function course(number: number, facts: Partial<KeptCourse> & { title: string }): KeptCourse {
  return {
    id: uuid(1, number),
    etag: '"1"',
    description: "",
    status: "ready",
    build_id: uuid(3, 102),
    external_image: null,
    external: null,
    ports: jupyterPorts,
    command: "",
    profile: "strict",
    resources: { cpu: 2, memory_mib: 4096 },
    work_folder: { save: true, path: "/home/student/work" },
    submissions: { allowed: true, until: null, in_sessions: false },
    show_username: true,
    show_password: true,
    window: {
      hidden_ports: [],
      links: [{ title: "Subject", url: "https://{{HOST['8888']}}/lab/tree/subject.ipynb" }],
    },
    lease: { minutes: null, hard_limit_minutes: null, notify: true, sound: true },
    max_environments: null,
    image: jupyter,
    effective_cpu: facts.resources?.cpu ?? 2,
    effective_memory_mib: facts.resources?.memory_mib ?? 4096,
    effective_gpu: 0,
    effective_folder_mib: null,
    pool: { name: "default", title: "CPU", egress: "open" } as Pool,
    sessions: [],
    running_environments: 0,
    placed_links: 1,
    owner_name: "Claire Fontaine",
    created_at: at(-20_000),
    updated_at: at(-500 * number),
    relation: "owner",
    can: ["edit", "publish", "start", "delete", "see_people", "share"],
    ...facts,
  }
}

const openssl = {
  build_id: uuid(3, 201),
  ports: opensslPorts,
  profile: "compat" as const,
  resources: { cpu: 1, memory_mib: 512 },
  image: {
    image_id: uuid(2, 2),
    image_title: "OpenSSL practice",
    build_id: uuid(3, 201),
    build_number: 1,
    reference: `registry.example/images/image-2@${digest("21c4")}`,
  },
}

export const courses: KeptCourse[] = [
  course(1, {
    title: "Statistics with Python",
    description: "Hands-on sessions of the second-year statistics course.",
    sessions: [
      session(1, 2, { state: "over", starts_at: at(-10_200), ends_at: at(-10_080) }),
      session(1, 3, { extra_minutes: 40, extra_people: 1 }),
      session(1, 4, {
        state: "upcoming",
        starts_at: at(10_000),
        ends_at: at(10_120),
        students: 32,
      }),
    ],
    running_environments: 27,
  }),
  course(2, {
    title: "Public keys and certificates",
    description: "Make a key, a request, a certificate; then break one.",
    ...openssl,
    sessions: [
      session(2, 1, { state: "upcoming", starts_at: at(12), ends_at: at(132), students: 24 }),
    ],
  }),
  course(3, {
    title: "Databases, second year",
    status: "draft",
    build_id: null,
    image: null,
    ports: [],
    placed_links: 0,
  }),
  course(4, {
    title: "Machine learning, first steps",
    status: "test",
    placed_links: 0,
    build_id: uuid(3, 101),
    image: { ...jupyter, build_id: uuid(3, 101), build_number: 1 },
  }),
  course(5, {
    title: "Numerical methods",
    placed_links: 2,
    sessions: [session(5, 1, {})],
    build_id: null,
    image: null,
    external_image: "debian:12",
    external: { reference: "debian:12", pinned: `docker.io/library/debian@${digest("d12e")}` },
  }),
  course(6, { title: "Cryptography 2025", status: "archived", ...openssl }),
]

/** Trials of builds: no list has them, and their windows open. */
export const trials: KeptCourse[] = []
export const tried = new Map<string, TriedBuild>()

export const courseOf = (id: unknown) => [...courses, ...trials].find((entry) => entry.id === id)
export const imageOf = (id: unknown) => images.find((entry) => entry.id === id)
export const buildOf = (id: unknown) => builds.find((entry) => entry.id === id)
