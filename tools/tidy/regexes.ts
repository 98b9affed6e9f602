import { parseSync } from 'oxc-parser'
import { analyse } from 'scslre'
import type { Source } from './sources.ts'

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

/** Names of a file and what they are declared as. */
type Values = ReadonlyMap<unknown, unknown>

/** Each regular expression of a source that takes longer than its text is long: `file:line /…/ why`. */
export function slowRegexes(source: Source): readonly string[] {
  if (!/\/|RegExp/.test(source.text)) return []
  const nodes = nodesBelow(parseSync(source.file, source.text).program)
  const declared = nodes.filter(({ type }) => type === 'VariableDeclarator')
  const values: Values = new Map(declared.map(({ id, init }) => [(id as Node).name, init]))
  return nodes.flatMap((node) => {
    const regex = regexOf(node, values)
    const slow = regex === null ? null : slownessOf(regex)
    if (slow === null) return []
    const line = source.text.slice(0, Number(node.start)).split('\n').length
    return [`${source.file}:${line} ${slow}`]
  })
}

export function slownessOf(regex: Pick<RegExp, 'source' | 'flags'>): string | null {
  if (!/[*+]|\{\d+,\}/.test(regex.source)) return null
  const [report] = analyse(regex, { maxReports: 1 }).reports
  if (report === undefined) return null
  const why = report.exponential
    ? 'exponential'
    : report.type === 'Move'
      ? 'quadratic from each start'
      : 'polynomial'
  return `/${regex.source}/${regex.flags} is ${why} in ${JSON.stringify(report.character.pick)}`
}

function nodesBelow(program: unknown): readonly Node[] {
  const found: Node[] = []
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return
    if (!Array.isArray(value)) found.push(value as Node)
    for (const child of Object.values(value)) visit(child)
  }
  visit(program)
  return found
}

/** A literal, or `new RegExp` of text that stands in the file. */
function regexOf(node: Node, values: Values): Pick<RegExp, 'source' | 'flags'> | null {
  const regex = node.regex as { pattern: string; flags: string } | undefined
  if (regex !== undefined) return { source: regex.pattern, flags: regex.flags }
  if (node.type !== 'NewExpression' || (node.callee as Node).name !== 'RegExp') return null
  const [source, flags = ''] = (node.arguments as readonly Node[]).map((one) => textOf(one, values))
  return source === null || source === undefined || flags === null ? null : { source, flags }
}

/** `null` for what is known only when the program runs. */
function textOf(node: unknown, values: Values, isRaw = false): string | null {
  const { type, value, name, quasi, quasis, expressions } = (node ?? {}) as Node
  if (type === 'Literal') return String(value)
  if (type === 'Identifier') return textOf(values.get(name), values)
  if (type === 'TaggedTemplateExpression') return textOf(quasi, values, true)
  if (type !== 'TemplateLiteral') return null
  const between = [...(expressions as readonly Node[]).map((one) => textOf(one, values)), '']
  const parts = (quasis as readonly { value: { raw: string; cooked: string } }[]).map((one, i) => {
    const text = isRaw ? one.value.raw : one.value.cooked
    return between[i] === null ? null : `${text}${between[i]}`
  })
  return parts.includes(null) ? null : parts.join('')
}
