import { PARTS, type Part, type Parts, readPart } from './check.ts'
import type { Classes } from './classes.ts'
import { type IdTable, idTable } from './ids.ts'
import { type FactsReader, quoted } from './read.ts'

/** The values that facts speak of: each has a number, and of each world the class that policies know it by. */
export interface Values {
  readonly ids: Readonly<Record<Part | 'error' | 'account', IdTable>>
  /** For each world and part: class of each value. */
  readonly classOf: readonly Readonly<Record<Part, Int32Array>>[]
  /** Callers by their lasting name: the role, not the session. */
  readonly callers: { readonly of: Int32Array; readonly names: readonly string[] }
  readonly accounts: readonly string[]
  /** Whether an error says that AWS denied the call. */
  readonly deniedThen: Uint8Array
}

/** Parts repeat each other's values; what was seen is passed over before its text is made. */
const dimension = (parts: readonly string[], dim: string) =>
  `select cast(id as ubigint), value from read_parquet([${parts.map((part) => quoted(`${part}/dims.parquet`)).join(', ')}]) where dim = ${quoted(dim)}`

/** Reads each value once and asks it of every world. Texts are not kept, but for callers and accounts. */
export async function readValues(reader: FactsReader, worlds: readonly Classes[]): Promise<Values> {
  const ids = Object.fromEntries(
    [...PARTS, 'error', 'account'].map((name) => [name, idTable()]),
  ) as Values['ids']
  const found = worlds.map(() => Object.fromEntries(PARTS.map((part) => [part, [] as number[]])))
  const names = new Map<string, number>()
  const callerOf: number[] = []
  for (const part of PARTS) {
    const read = <P extends Part>(one: P, text: string): Parts[P] => readPart(one, text)
    await reader.texts(
      dimension(reader.parts, part),
      (lo, hi, text) => {
        const index = ids[part].add(lo, hi)
        const value = read(part, text)
        for (let world = 0; world < worlds.length; world++)
          (found[world]?.[part] as number[])[index] = (worlds[world] as Classes).classOf(part, value)
        if (part === 'principal') callerOf[index] = number(names, nameOf(value as Parts['principal']))
      },
      (lo, hi) => ids[part].find(lo, hi) < 0,
    )
  }
  const accounts: string[] = []
  await reader.texts(dimension(reader.parts, 'account'), (lo, hi, text) => {
    accounts[ids.account.add(lo, hi)] = text
  })
  const denied: number[] = []
  await reader.texts(dimension(reader.parts, 'error'), (lo, hi, text) => {
    const error = JSON.parse(text) as { readonly denied?: boolean } | null
    denied[ids.error.add(lo, hi)] = error?.denied === true ? 1 : 0
  })
  return {
    ids,
    classOf: found.map(
      (one) =>
        Object.fromEntries(
          PARTS.map((part) => [part, Int32Array.from(one[part] ?? [])]),
        ) as Values['classOf'][number],
    ),
    callers: { of: Int32Array.from(callerOf), names: [...names.keys()] },
    accounts,
    deniedThen: Uint8Array.from(denied),
  }
}

function number(into: Map<string, number>, name: string): number {
  const known = into.get(name)
  if (known !== undefined) return known
  into.set(name, into.size)
  return into.size - 1
}

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
