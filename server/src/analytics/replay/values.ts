import { bug } from '../../kernel/errors.ts'
import { CODED, type Coded } from '../trail/index-part.ts'
import { PARTS, type Part, type Parts, readPart } from './check.ts'
import { type IdTable, idTable } from './ids.ts'
import { type FactsReader, quoted } from './read.ts'
import type { Sorter } from './sorter.ts'

/** The values that facts speak of: each has a number over all parts, and of each world the class that policies know it by. */
export interface Values {
  readonly ids: Readonly<Record<Coded, IdTable>>
  /** For each world and part of a check: class of each value. */
  readonly classOf: readonly Readonly<Record<Part, Numbers>>[]
  /** Callers by their lasting name: the role, not the session. */
  readonly callers: { readonly of: Numbers; readonly numbers: Map<string, number>; readonly names: string[] }
  readonly accounts: string[]
  /** Whether an error says that AWS denied the call. */
  readonly deniedThen: Numbers
}

/** A list of numbers that grows. */
export interface Numbers {
  list: Int32Array
}

/** By code in a part: the number of the value. */
export type Codes = Readonly<Record<Coded, Int32Array>>

const LINE_BREAK = 10

export function emptyValues(worlds: number): Values {
  return {
    ids: Object.fromEntries(CODED.map((dim) => [dim, idTable()])) as unknown as Values['ids'],
    classOf: Array.from(
      { length: worlds },
      () => Object.fromEntries(PARTS.map((part) => [part, numbers()])) as Record<Part, Numbers>,
    ),
    callers: { of: numbers(), numbers: new Map(), names: [] },
    accounts: [],
    deniedThen: numbers(),
  }
}

const numbers = (): Numbers => ({ list: new Int32Array(1024) })

function put(into: Numbers, index: number, value: number): void {
  if (index >= into.list.length) {
    const wider = new Int32Array(Math.max(index + 1, into.list.length * 2))
    wider.set(into.list)
    into.list = wider
  }
  into.list[index] = value
}

/**
 * Reads the values of a part and asks each that is new of every world. Texts are not kept, but for callers and accounts.
 * `sorters`: for each world, how values of each part of a check find their class.
 */
export async function readValues(
  reader: FactsReader,
  part: string,
  into: Values,
  sorters: readonly Readonly<Record<Part, Sorter>>[],
): Promise<Codes> {
  const { codes, isNew } = await numbersOf(reader, part, into)
  const done = Object.fromEntries(CODED.map((dim) => [dim, 0])) as Record<Coded, number>
  const takers = Object.fromEntries(CODED.map((dim) => [dim, takerOf(dim, into, sorters)])) as Record<
    Coded,
    Taker
  >
  await reader.blocks(part, (dim, first, texts) => {
    const [take, of, fresh] = [takers[dim], codes[dim], isNew[dim]]
    let code = first
    for (let start = 0; start <= texts.length; code++) {
      const end = lineEnd(texts, start)
      if (fresh[code] === 1) take(of[code] as number, texts, start, end)
      start = end + 1
    }
    done[dim] += code - first
  })
  for (const dim of CODED)
    if (done[dim] !== codes[dim].length)
      throw bug(`The index of \`${part}\` has ${done[dim]} values of \`${dim}\`, not ${codes[dim].length}.`)
  return codes
}

function lineEnd(texts: Buffer, start: number): number {
  const end = texts.indexOf(LINE_BREAK, start)
  return end < 0 ? texts.length : end
}

interface Numbered {
  readonly codes: Codes
  /** By code: 1 where no earlier part had the value. */
  readonly isNew: Readonly<Record<Coded, Uint8Array>>
}

/**
 * By code: the number of each value over all parts. Codes are places in the file, and the answer of a query comes in no
 * order that could be counted on; numbers are given in the order of codes, so that the same facts give the same ones.
 */
async function numbersOf(reader: FactsReader, part: string, { ids }: Values): Promise<Numbered> {
  const dims = `read_parquet(${quoted(`${part}/dims.parquet`)}, file_row_number = true)`
  const [size] = await reader.rows(`select cast(count(*) as integer) as n from ${dims}`)
  const halves = new Uint32Array(2 * Number(size?.n ?? 0))
  const dimOf = new Int8Array(halves.length / 2).fill(-1)
  const number = `case dim ${CODED.map((dim, index) => `when ${quoted(dim)} then ${index}`).join(' ')} end`
  await reader.numbers(
    `select cast(id as ubigint), cast(${number} as uinteger), cast(file_row_number as uinteger) from ${dims}
     where dim in (${CODED.map(quoted).join(', ')})`,
    ([id = NOTHING, dim = NOTHING, row = NOTHING], rows) => {
      for (let i = 0; i < rows; i++) {
        const at = row[i] as number
        halves[2 * at] = id[2 * i] as number
        halves[2 * at + 1] = id[2 * i + 1] as number
        dimOf[at] = dim[i] as number
      }
    },
  )
  const codes = {} as Record<Coded, Int32Array>
  const isNew = {} as Record<Coded, Uint8Array>
  for (const [index, dim] of CODED.entries()) {
    const [first, end] = [dimOf.indexOf(index), dimOf.lastIndexOf(index) + 1]
    const found = numbered(ids[dim], halves.subarray(2 * Math.max(first, 0), 2 * end))
    codes[dim] = found.of
    isNew[dim] = found.isNew
  }
  return { codes, isNew }
}

function numbered(ids: IdTable, halves: Uint32Array) {
  const of = new Int32Array(halves.length / 2)
  const isNew = new Uint8Array(of.length)
  for (let code = 0; code < of.length; code++) {
    const before = ids.size()
    of[code] = ids.add(halves[2 * code] as number, halves[2 * code + 1] as number)
    isNew[code] = ids.size() - before
  }
  return { of, isNew }
}

const NOTHING = new Uint32Array(0)

type Taker = (index: number, texts: Buffer, start: number, end: number) => void

/** What is done with a new value of a dimension. */
function takerOf(
  dim: Coded,
  { classOf, callers, accounts, deniedThen }: Values,
  sorters: readonly Readonly<Record<Part, Sorter>>[],
): Taker {
  if (dim === 'account')
    return (index, texts, start, end) => {
      accounts[index] = texts.toString('utf8', start, end)
    }
  if (dim === 'error')
    return (index, texts, start, end) => {
      const error = JSON.parse(texts.toString('utf8', start, end)) as { readonly denied?: boolean } | null
      put(deniedThen, index, error?.denied === true ? 1 : 0)
    }
  return (index, texts, start, end) => {
    for (let world = 0; world < sorters.length; world++)
      put(
        (classOf[world] as Values['classOf'][0])[dim],
        index,
        (sorters[world] as Readonly<Record<Part, Sorter>>)[dim](texts, start, end),
      )
    if (dim === 'principal')
      put(callers.of, index, numberOf(callers, nameOf(readPart(dim, texts.toString('utf8', start, end)))))
  }
}

function numberOf({ numbers, names }: Values['callers'], name: string): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  numbers.set(name, names.length)
  return names.push(name) - 1
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
