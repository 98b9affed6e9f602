import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { GUARD_LIMITS } from '../limits.ts'
import { coreScalar } from './core-scalar.ts'
import { plainScalar, taggedScalar } from './plain-scalar.ts'
import { type Position, placeOf } from './positions.ts'
import { GuardSyntaxError } from './problem.ts'
import type { Scanned } from './scan-json.ts'
import { longFormOf } from './short-forms.ts'
import { type GuardValue, setMember } from './value.ts'

/** How a text is read: documents as cfn-guard's own loader does, its files of tests as the core schema of YAML 1.2. */
export interface Dialect {
  /** Undefined: a number that cannot be held. */
  readonly scalar: (text: string) => GuardValue | undefined
  readonly empty: GuardValue
  readonly aliases: boolean
  /** A member that is written twice is an error; else the last one counts. */
  readonly uniqueKeys: boolean
}

export const DOCUMENT: Dialect = { scalar: plainScalar, empty: '', aliases: false, uniqueKeys: false }
export const TESTS: Dialect = { scalar: coreScalar, empty: null, aliases: true, uniqueKeys: true }

/** Every document of a YAML text, with the place of every value and the short forms of CloudFormation made long. */
export function scanYaml(text: string, dialect = DOCUMENT): readonly Scanned[] {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    logLevel: 'silent',
    uniqueKeys: dialect.uniqueKeys,
    keepSourceTokens: false,
  })
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) => scanDocument(text, document as Document.Parsed, dialect))
}

function scanDocument(text: string, document: Document.Parsed, dialect: Dialect): readonly Scanned[] {
  const [error] = document.errors
  if (error !== undefined)
    throw wrong(text, error.pos[0], error.message.split('\n')[0]?.replace(/ at line.*$/, '.') ?? '')
  if (document.contents === null) return []
  return [
    scanNode(
      { text, document, dialect, depth: 0, flow: false, anchors: new Map(), followed: { aliases: 0 } },
      document.contents,
    ),
  ]
}

interface Context {
  readonly text: string
  readonly document: Document.Parsed
  readonly dialect: Dialect
  readonly depth: number
  /** Within `[…]` or `{…}`. */
  readonly flow: boolean
  readonly anchors: Map<string, Node>
  /** Aliases followed: aliases of aliases may stand for billions. */
  readonly followed: { aliases: number }
}

const wrong = (text: string, offset: number, message: string, hint: string | null = null): GuardSyntaxError =>
  new GuardSyntaxError('bad_document', { ...placeOf(text, offset), message, hint })

function scanNode(context: Context, node: Node | null): Scanned {
  const offset = node === null ? 0 : startOf(context.text, node)
  if (node === null) return { value: context.dialect.empty, position: { offset, members: null } }
  if (context.depth > GUARD_LIMITS.depth)
    throw wrong(context.text, offset, `The document is nested deeper than ${GUARD_LIMITS.depth} levels.`)
  const inner = { ...context, depth: context.depth + 1 }
  if (!isAlias(node) && node.anchor !== undefined) context.anchors.set(node.anchor, node)
  if (isScalar(node)) return scanScalar(context, node, offset)
  if (isSeq(node)) return scanSequence({ ...inner, flow: node.flow === true }, node, offset)
  if (isMap(node)) return scanMapping({ ...inner, flow: node.flow === true }, node, offset)
  if (isAlias(node) && context.dialect.aliases) return scanAlias(inner, node, offset)
  if (isAlias(node))
    throw wrong(
      context.text,
      offset,
      `\`*${node.source}\` refers to an anchor; neither cfn-guard nor CloudFormation templates know anchors.`,
      'Write the value out.',
    )
  throw wrong(context.text, offset, 'This kind of YAML node is not known.')
}

function scanAlias(context: Context, node: Alias, offset: number): Scanned {
  const target = context.anchors.get(node.source)
  if (target === undefined)
    throw wrong(context.text, offset, `There is no anchor \`&${node.source}\` before \`*${node.source}\`.`)
  context.followed.aliases += 1
  if (context.followed.aliases > GUARD_LIMITS.aliases)
    throw wrong(context.text, offset, `Aliases are followed more than ${GUARD_LIMITS.aliases} times.`)
  return scanNode({ ...context, flow: false }, target)
}

/** The range of a node leaves its tag out, but `!Ref x` starts at the tag. */
function startOf(text: string, node: Node): number {
  const offset = node.range?.[0] ?? 0
  const tag = isScalar(node) || isSeq(node) ? node.tag : undefined
  const at = tag?.startsWith('!') ? text.lastIndexOf(tag, offset) : -1
  return at < 0 ? offset : at
}

function scanScalar(context: Context, node: Scalar, offset: number): Scanned {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
  if (context.flow && node.type === 'PLAIN' && /^[:?]/.test(text)) throw indicator(context, text, offset)
  const key = node.tag === undefined ? null : longFormOf(node.tag, 'scalar')
  const position: Position = { offset, members: null }
  if (key === null) return { value: scalarValue(context, node, text, offset), position }
  return { value: { [key]: text }, position: { offset, members: new Map([[key, position]]) } }
}

/** libyaml, which cfn-guard reads with, takes `:` and `?` in `{…}` and `[…]` for indicators wherever a word may begin. */
const indicator = ({ text }: Context, word: string, offset: number): GuardSyntaxError =>
  wrong(text, offset, `\`${word}\` begins with an indicator of YAML.`, 'Put it in quotes.')

function scalarValue({ dialect, text: whole }: Context, node: Scalar, text: string, at: number): GuardValue {
  if (node.tag !== undefined) return taggedScalar(node.tag, text)
  if (node.type !== 'PLAIN' && node.type !== undefined) return text
  const value = dialect.scalar(text)
  if (value === undefined) throw wrong(whole, at, `The number \`${text}\` does not fit 64 bits.`)
  return value
}

function scanSequence(context: Context, node: YAMLSeq, offset: number): Scanned {
  const members = new Map<string, Position>()
  const value = node.items.map((item, i) => {
    const scanned = scanNode(context, item as Node | null)
    members.set(String(i), scanned.position)
    return scanned.value
  })
  const key = node.tag === undefined ? null : longFormOf(node.tag, 'sequence')
  const position: Position = { offset, members }
  if (key === null) return { value, position }
  return { value: { [key]: value }, position: { offset, members: new Map([[key, position]]) } }
}

function scanMapping(context: Context, node: YAMLMap, offset: number): Scanned {
  const value: Record<string, GuardValue> = {}
  const members = new Map<string, Position>()
  for (const pair of node.items) {
    const key = keyOf(context, pair.key as Node | null)
    const scanned = scanNode(context, pair.value as Node | null)
    setMember(value, key, scanned.value)
    members.set(
      key,
      pair.value === null
        ? { offset: (pair.key as Node).range?.[1] ?? offset, members: null }
        : scanned.position,
    )
  }
  return { value, position: { offset, members } }
}

function keyOf(context: Context, node: Node | null): string {
  const offset = node?.range?.[0] ?? 0
  const value = isScalar(node) ? scanScalar(context, node, offset).value : null
  if (typeof value === 'string') return value
  const written = isScalar(node) ? String(node.source ?? node.value) : 'this'
  throw wrong(context.text, offset, `\`${written}\` is a member name that is no text.`, 'Put it in quotes.')
}
