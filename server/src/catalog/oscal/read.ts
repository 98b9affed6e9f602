import { z } from 'zod'
import { type Issue, invalid } from '../../kernel/errors.ts'

/** What Rankan reads of an OSCAL document; members that it does not use may be there. */
const metadata = z.looseObject({
  title: z.string(),
  'last-modified': z.string(),
  version: z.string(),
  'oscal-version': z.string().regex(/^1\.\d+(\.\d+)?$/, 'Rankan reads OSCAL 1.x.'),
})

const property = z.looseObject({ name: z.string(), ns: z.string().optional(), value: z.string() })
export type ReadProperty = z.infer<typeof property>
const part = z.looseObject({ name: z.string(), title: z.string().optional(), prose: z.string().optional() })

const controlSchema = z.looseObject({
  id: z.string(),
  title: z.string(),
  props: z.array(property).optional(),
  links: z.array(z.looseObject({ href: z.string(), rel: z.string().optional() })).optional(),
  parts: z.array(part).optional(),
  get controls() {
    return z.array(controlSchema).optional()
  },
})
export type ReadControl = z.infer<typeof controlSchema>

const groupSchema = z.looseObject({
  id: z.string().optional(),
  title: z.string(),
  controls: z.array(controlSchema).optional(),
  get groups() {
    return z.array(groupSchema).optional()
  },
})
export type ReadGroup = z.infer<typeof groupSchema>

const resource = z.looseObject({
  uuid: z.string(),
  rlinks: z.array(z.looseObject({ href: z.string() })).optional(),
})
const backMatter = z.looseObject({ resources: z.array(resource).optional() }).optional()

const catalog = z.looseObject({
  uuid: z.string(),
  metadata,
  groups: z.array(groupSchema).optional(),
  controls: z.array(controlSchema).optional(),
})
export type ReadCatalog = z.infer<typeof catalog>

const selection = z.looseObject({
  'with-child-controls': z.enum(['yes', 'no']).optional(),
  'with-ids': z.array(z.string()).optional(),
  matching: z.array(z.looseObject({ pattern: z.string().max(200) })).optional(),
})
export type Selection = z.infer<typeof selection>

const profile = z.looseObject({
  uuid: z.string(),
  metadata,
  imports: z
    .array(
      z.looseObject({
        href: z.string(),
        'include-all': z.looseObject({}).optional(),
        'include-controls': z.array(selection).optional(),
        'exclude-controls': z.array(selection).optional(),
      }),
    )
    .min(1),
  modify: z
    .looseObject({
      'set-parameters': z
        .array(z.looseObject({ 'param-id': z.string(), values: z.array(z.string()).optional() }))
        .optional(),
    })
    .optional(),
  'back-matter': backMatter,
})
export type ReadProfile = z.infer<typeof profile>

const requirement = z.looseObject({
  'control-id': z.string(),
  description: z.string(),
  props: z.array(property).optional(),
})
const components = z.looseObject({
  uuid: z.string(),
  metadata,
  components: z
    .array(
      z.looseObject({
        uuid: z.string(),
        type: z.string(),
        title: z.string(),
        'control-implementations': z
          .array(z.looseObject({ source: z.string(), 'implemented-requirements': z.array(requirement) }))
          .optional(),
      }),
    )
    .optional(),
})
export type ReadComponents = z.infer<typeof components>

export type OscalDocument =
  | { readonly kind: 'catalog'; readonly body: ReadCatalog }
  | { readonly kind: 'profile'; readonly body: ReadProfile }
  | { readonly kind: 'component-definition'; readonly body: ReadComponents }

const KINDS = ['catalog', 'profile', 'component-definition'] as const

/** An OSCAL document in JSON. `invalid` with the path of each wrong member; `name` is what the user calls the file. */
export function readOscal(text: string, name: string): OscalDocument {
  const root = parse(text, name)
  const kind = KINDS.find((one) => Object.hasOwn(root, one))
  if (kind === undefined)
    throw invalid(
      'not_oscal',
      `\`${name}\` has none of the members ${KINDS.map((one) => `\`${one}\``).join(', ')}. Give a catalog, a profile or a component definition of OSCAL in JSON.`,
    )
  if (kind === 'catalog') return { kind, body: checked(catalog, root, kind, name) }
  if (kind === 'profile') return { kind, body: checked(profile, root, kind, name) }
  return { kind, body: checked(components, root, kind, name) }
}

function parse(text: string, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch (error) {
    throw invalid('bad_json', `\`${name}\` is no JSON: ${error instanceof Error ? error.message : error}`)
  }
  throw invalid('not_oscal', `\`${name}\` holds no JSON object.`)
}

function checked<T>(
  schema: z.ZodType<T>,
  root: Readonly<Record<string, unknown>>,
  kind: string,
  name: string,
): T {
  const result = schema.safeParse(root[kind])
  if (result.success) return result.data
  const issues: readonly Issue[] = result.error.issues.map(({ path, code, message }) => ({
    path: [kind, ...path.map((step) => (typeof step === 'symbol' ? String(step) : step))],
    code,
    message,
  }))
  throw invalid(
    'bad_oscal',
    `\`${name}\` is not as OSCAL wants it: ${issues
      .slice(0, 3)
      .map((one) => `${one.path.join('/')}: ${one.message}`)
      .join('; ')}`,
    issues,
  )
}
