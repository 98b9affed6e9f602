import type { Exemption } from '../../policy/decision.ts'
import { scpApplies } from '../../policy/evaluate/exempt.ts'
import type { Principal } from '../../policy/request.ts'
import { type IdTable, idTable } from '../trail/ids.ts'
import { type PartIndex, shredsOf, textAt, textsOf } from '../trail/index-sections.ts'
import { objectsReader } from '../trail/shreds.ts'
import { textsReader } from '../trail/texts.ts'
import { PARTS, type Part, type Parts, readPart } from './check.ts'
import type { Classes } from './classes.ts'
import type { Kernel } from './kernel.ts'
import { type Resources, resourceTable } from './resources.ts'
import { type ResourceSorter, resourceSorter, type ShredSorter, shredSorter, textClasses } from './sorter.ts'
import type { World } from './world.ts'

/** Names that go through all parts: a number for each, in the order in which they came. */
export interface Names {
  readonly list: string[]
  numberOf(name: string): number
}

/** What one world asks values with; it knows what earlier parts were answered. */
interface Sorters {
  readonly classes: Classes
  readonly resource: ResourceSorter
  readonly context: ShredSorter
  readonly network: ShredSorter
}

/** The values that facts speak of, as far as they are kept: names, and where resources of the result are to be read. */
export interface Values {
  readonly sorters: readonly Sorters[]
  /** Callers by their lasting name: the role, not the session. */
  readonly callers: Names
  readonly actions: Names
  readonly accounts: Names
  readonly principals: IdTable
  /** Of each principal: the caller, and its class in each world. */
  readonly known: number[][]
  /** Of each principal why SCPs do not bind it, or `null`. */
  readonly exempt: (Exemption | null)[]
  readonly managementAccount: string | null
  readonly resources: Resources
}

/** The values of one part by their codes. */
export interface PartValues {
  /** For each world and part of a check. */
  readonly classOf: readonly Readonly<Record<Part, Int32Array>>[]
  readonly callerOf: Int32Array
  readonly exemptOf: readonly (Exemption | null)[]
  readonly actionOf: Int32Array
  readonly accountOf: Int32Array
  /** Two halves of the id of each resource. */
  readonly resourceIds: Uint32Array
}

export function emptyValues(
  worlds: readonly { readonly world: World; readonly classes: Classes }[],
  kernel: Kernel,
): Values {
  return {
    sorters: worlds.map(({ world, classes }) => ({
      classes,
      resource: resourceSorter(world, classes, kernel),
      context: shredSorter(world, classes, 'context', kernel),
      network: shredSorter(world, classes, 'network', kernel),
    })),
    callers: names(),
    actions: names(),
    accounts: names(),
    principals: idTable(),
    known: [],
    exempt: [],
    managementAccount: worlds[0]?.world.estate.tree?.managementAccount ?? null,
    resources: resourceTable(kernel),
  }
}

function names(): Names {
  const numbers = new Map<string, number>()
  const list: string[] = []
  return {
    list,
    numberOf(name) {
      const known = numbers.get(name)
      if (known !== undefined) return known
      numbers.set(name, list.length)
      return list.push(name) - 1
    },
  }
}

/** Asks the values of a part of every world. */
export function readValues(index: PartIndex, into: Values): PartValues {
  const principals = principalsOf(index, into)
  const [context, network] = [shredsOf(index, 'context'), shredsOf(index, 'network')]
  const resources = textsOf(index, 'resource')
  const plain = index.u8('resource.plain')
  const [region, action] = [textsOf(index, 'region'), textsOf(index, 'action')]
  return {
    classOf: into.sorters.map((sorters, world) => ({
      context: sorters.context(context),
      principal: principals.map((number) => into.known[number]?.[world + 1] as number),
      network: sorters.network(network),
      resource: sorters.resource(resources, plain),
      region: textClasses(sorters.classes, 'region', region),
      action: textClasses(sorters.classes, 'action', action),
    })),
    callerOf: principals.map((number) => into.known[number]?.[0] as number),
    exemptOf: Array.from(principals, (number) => into.exempt[number] ?? null),
    actionOf: numbersOf(index, 'action', into.actions),
    accountOf: numbersOf(index, 'account', into.accounts),
    resourceIds: index.u32('resource.id'),
  }
}

function numbersOf(index: PartIndex, dim: 'action' | 'account', names: Names): Int32Array {
  const texts = textsOf(index, dim)
  const reader = textsReader(texts)
  return Int32Array.from(texts.lengths, (_, code) => names.numberOf(reader.text(code)))
}

/** Numbers of the principals of a part; those that are new are asked. */
function principalsOf(index: PartIndex, into: Values): Int32Array {
  const { principals, known, callers, sorters, exempt, managementAccount } = into
  const ids = index.u32('principal.id')
  const reader = textsReader(textsOf(index, 'principal'))
  const found = new Int32Array(ids.length / 2)
  for (let code = 0; code < found.length; code++) {
    // Number 0 is nobody's there.
    const number = principals.find(ids, code) - 1
    found[code] = number
    if (number < known.length) continue
    const value = readPart('principal', reader.text(code))
    exempt.push(exemptionOf(value.principal, managementAccount))
    known.push([
      callers.numberOf(nameOf(value)),
      ...sorters.map(({ classes }) => classes.classOf('principal', value)),
    ])
  }
  return found
}

/** Why no SCP binds the caller, whatever the call, or `null`. */
const exemptionOf = (principal: Principal, managementAccount: string | null): Exemption | null =>
  scpApplies({
    action: 'x:x',
    resource: { arn: null, account: null },
    principal,
    context: new Map(),
    unlisted: 'unknown',
    organization: { managementAccount },
  }).exempt

/** ARN of user or role, the service, or what else is known. */
export function nameOf({ principal }: Parts['principal']): string {
  return (
    principal.arn ??
    principal.sessionArn ??
    principal.service ??
    principal.provider ??
    (principal.account === null ? principal.type : `${principal.type} ${principal.account}`)
  )
}

/** Codes of the parts of a check, in the order of `PARTS`, read as texts. */
export function partsAt(index: PartIndex, checks: readonly (readonly number[])[]): readonly Parts[] {
  const readers = Object.fromEntries(
    PARTS.map((part) => [
      part,
      part === 'context' || part === 'network'
        ? objectsReader(shredsOf(index, part))
        : (code: number) => textAt(index, part, code),
    ]),
  ) as unknown as Readonly<Record<Part, (code: number) => string>>
  // Samples share callers and networks; these are the longest texts.
  const known = new Map<string, Parts[Part]>()
  return checks.map((codes) => {
    const part = <P extends Part>(name: P): Parts[P] => {
      const code = codes[PARTS.indexOf(name)] as number
      const found = known.get(`${name} ${code}`) ?? readPart(name, readers[name](code))
      known.set(`${name} ${code}`, found)
      return found as Parts[P]
    }
    return {
      context: part('context'),
      principal: part('principal'),
      network: part('network'),
      resource: part('resource'),
      region: part('region'),
      action: part('action'),
    }
  })
}
