/**
 * msw's handlers, typed by the descriptions of api and gateway: a path, a parameter, a field or a
 * problem code that the services do not know fails the type check.
 *
 * `fake.get("/api/courses/{course_id}", ({ params }) => HttpResponse.json(course))`
 */
import { type DefaultBodyType, type HttpHandler, type HttpResponse, http } from "msw"
import type { paths as GatewayPaths } from "@/api/gateway"
import type { paths as ApiPaths } from "@/api/schema"

type Paths = ApiPaths & GatewayPaths
const METHODS = ["get", "put", "post", "delete", "patch", "head"] as const
type Method = (typeof METHODS)[number]

type Operation<Path extends keyof Paths, Verb extends Method> = Paths[Path] extends {
  [Name in Verb]: infer Described
}
  ? Described
  : never
type PathWith<Verb extends Method> = {
  [Path in keyof Paths]: Operation<Path, Verb> extends never ? never : Path
}[keyof Paths]

type Params<Described> = Described extends { parameters: { path: infer Named } }
  ? { [Name in keyof Named]: string }
  : Record<never, string>

type Sent<Described> = Described extends { requestBody?: infer Sending }
  ? NonNullable<Sending> extends { content: infer Content }
    ? Content[keyof Content]
    : never
  : never

type BodyOf<Response> = Response extends { content: infer Content } ? Content[keyof Content] : null
/** Every body that the operation answers with: its result, or one of its problems. */
type Body<Described> = Described extends { responses: infer Responses }
  ? { [Status in keyof Responses]: BodyOf<Responses[Status]> }[keyof Responses]
  : never
type Answer<Described> = HttpResponse<Extract<Body<Described>, DefaultBodyType>>

type Asked<Described> = {
  params: Params<Described>
  request: Omit<Request, "json"> & { json(): Promise<Sent<Described>> }
}
type Resolver<Described> = (
  asked: Asked<Described>,
) => Answer<Described> | Promise<Answer<Described>>

type Fake = {
  [Verb in Method]: <Path extends PathWith<Verb>>(
    path: Path,
    resolver: Resolver<Operation<Path, Verb>>,
  ) => HttpHandler
}

/** `{name}` of the descriptions is `:name` of msw. */
const mswPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1")

export const fake = Object.fromEntries(
  METHODS.map((method) => [
    method,
    (path: string, resolver: Parameters<typeof http.get>[1]) =>
      http[method](mswPath(path), resolver),
  ]),
) as unknown as Fake
