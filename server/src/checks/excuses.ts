import { z } from 'zod'
import { readDocument } from '../guard/document/document.ts'
import { GuardSyntaxError } from '../guard/document/problem.ts'
import { RankanError } from '../kernel/errors.ts'
import { type Finding, fingerprint, type Note } from './finding.ts'

const text = z.string().trim().min(1)

const waiver = z.strictObject({
  /** As the register of exceptions names it. */
  id: text,
  control: text,
  /** Logical id, construct path or Terraform address; `*` stands for any characters. */
  resource: text,
  file: text.optional(),
  reason: text,
  approvedBy: text,
  /** Last day on which it holds, `YYYY-MM-DD`. */
  expires: z.iso.date(),
})
export type Waiver = z.infer<typeof waiver>

const waivers = z.array(waiver)

const baseline = z.object({ version: z.literal(1), findings: z.array(z.object({ fingerprint: text })) })

/** A file of waivers in YAML or JSON. @throws {RankanError} with the path of what is wrong in it */
export const readWaivers = (file: string, content: string): readonly Waiver[] =>
  parsed(file, content, waivers)

/** The known findings that `writeBaseline` wrote. */
export const readBaseline = (file: string, content: string): ReadonlySet<string> =>
  new Set(parsed(file, content, baseline).findings.map((one) => one.fingerprint))

function parsed<T>(file: string, content: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(valueOfFile(file, content))
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, code, message }) => ({
    path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    code,
    message,
  }))
  throw new RankanError('invalid', 'bad_file', `\`${file}\` is not as it should be.`, { issues })
}

function valueOfFile(file: string, content: string): unknown {
  try {
    return readDocument(content).value
  } catch (error) {
    if (error instanceof GuardSyntaxError)
      throw new RankanError('invalid', error.code, `\`${file}\`: ${error.message}`)
    throw error
  }
}

export const writeBaseline = (findings: readonly Finding[]): string =>
  `${JSON.stringify(
    {
      version: 1,
      findings: findings
        .map((finding) => ({
          fingerprint: fingerprint(finding),
          control: finding.control.id,
          resource: finding.resource,
          file: finding.file,
        }))
        .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
    },
    null,
    2,
  )}\n`

/** Marks findings that are known or excepted. `today`: `YYYY-MM-DD`; a waiver holds through its last day. */
export function excused(
  findings: readonly Finding[],
  {
    waivers: all,
    baseline: known,
    today,
  }: { waivers: readonly Waiver[]; baseline: ReadonlySet<string>; today: string },
): { readonly findings: readonly Finding[]; readonly notes: readonly Note[] } {
  const used = new Set<Waiver>()
  const valid = all.filter(({ expires }) => expires >= today)
  const marked = findings.map((finding): Finding => {
    const found = valid.find((one) => excepts(one, finding))
    if (found !== undefined) {
      used.add(found)
      const { id, approvedBy, expires } = found
      return { ...finding, excused: { kind: 'waiver', id, approvedBy, expires } }
    }
    return known.has(fingerprint(finding)) ? { ...finding, excused: { kind: 'baseline' } } : finding
  })
  const here = new Set(findings.map(fingerprint))
  return {
    findings: marked,
    notes: [
      ...all
        .filter(({ expires }) => expires < today)
        .map(({ id, expires }): Note => ({ kind: 'waiver_expired', id, expires })),
      ...valid.filter((one) => !used.has(one)).map(({ id }): Note => ({ kind: 'waiver_unused', id })),
      ...[...known]
        .filter((one) => !here.has(one))
        .map((one): Note => ({ kind: 'baseline_gone', fingerprint: one })),
    ],
  }
}

function excepts(one: Waiver, { control, resource, construct, file }: Finding): boolean {
  if (one.control !== control.id) return false
  if (one.file !== undefined && !matches(one.file, file)) return false
  return [resource, construct].some((name) => name !== null && matches(one.resource, name))
}

/** `*` stands for any characters. The text is searched part by part: no pattern makes it slow. */
export function matches(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return pattern === name
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false
  let from = head.length
  const end = name.length - tail.length
  for (const part of rest) {
    const at = name.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}
