import type { Random } from '../../src/kernel/random.ts'

/** Documents and rules that meet in few names and values, so that rules find something and comparisons are close. */
export interface Generator {
  document(): unknown
  rules(): string
}

const KEYS = ['a', 'b', 'c', 'Name', 'name', 'tag_list', 'tagList', 'k1'] as const
const SCALARS = [0, 1, 2, 10, -1, 1.5, 2.5, 'x', 'xy', '', '1', 'abc', 'Ab', true, false, null] as const
const LITERALS = [
  '0',
  '1',
  '2',
  '10',
  '-1',
  '1.5',
  '2.5',
  '"x"',
  "'xy'",
  '""',
  '"1"',
  '"abc"',
  'true',
  'False',
  'null',
  '/^x/',
  '/b/',
  '/^(?!x)/',
  'r[0,2]',
  'r(1,10]',
  'r[0.5,2.0)',
  '{ a: 1 }',
  '{}',
  '[]',
  '[1]',
  '["x"]',
  '[1, 2]',
  '["x", "xy"]',
  '[/x/, /b/]',
  '[1, "x"]',
  '[[1], [1, 2]]',
  '[null]',
  '["x", {a: 1}]',
] as const
const UNARY = [
  'exists',
  'empty',
  'is_string',
  'is_list',
  'is_struct',
  'is_bool',
  'is_int',
  'is_float',
  'is_null',
  'EXISTS',
  'IS_STRING',
] as const
const BINARY = ['==', '!=', 'in', 'not in', '>', '<', '>=', '<=', 'IN', '!in', '==', 'in'] as const

export function generator(random: Random): Generator {
  const int = (n: number): number => Math.floor(random.next() * n)
  const pick = <T>(list: readonly T[]): T => list[int(list.length)] as T
  const chance = (p: number): boolean => random.next() < p
  const many = <T>(max: number, make: () => T): T[] => Array.from({ length: int(max + 1) }, make)

  const value = (depth: number): unknown => {
    if (depth <= 0 || chance(0.4)) return pick(SCALARS)
    if (chance(0.45)) return many(3, () => value(depth - 1))
    return Object.fromEntries(many(4, () => [pick(KEYS), value(depth - 1)]))
  }

  /** Names that are assigned around the place; `captured` ones may not exist. */
  type Names = readonly string[]

  const part = (names: Names, depth: number): string => {
    const n = int(100)
    if (n < 45) return `.${pick(KEYS)}`
    if (n < 55) return '.*'
    if (n < 65) return '[*]'
    if (n < 70) return `[${int(2)}]`
    if (n < 74) return `.${int(2)}`
    if (n < 77) return `['${pick(KEYS)}']`
    if (n < 80 && names.length > 0) return `.%${pick(names)}`
    if (n < 88)
      return `[ keys ${pick(['==', '!=', 'in', 'not in'])} ${chance(0.7) || names.length === 0 ? pick(LITERALS) : `%${pick(names)}`} ]`
    return depth <= 0 ? '' : `[ ${clauses(names, depth - 1, 2)} ]`
  }

  const query = (names: Names, depth: number): string => {
    const start = names.length > 0 && chance(0.35) ? `%${pick(names)}` : chance(0.12) ? 'this' : pick(KEYS)
    return `${chance(0.15) ? 'some ' : ''}${start}${many(3, () => part(names, depth)).join('')}`
  }

  const call = (names: Names, depth: number): string => {
    const argument = query(names, depth).replace('some ', '')
    return pick([
      `count(${argument})`,
      `to_upper(${argument})`,
      `to_lower(${argument})`,
      `substring(${argument}, 0, ${int(3)})`,
      `regex_replace(${argument}, "^(.)(.*)$", "\${2}$1")`,
      `parse_string(${argument})`,
      `url_decode(${argument})`,
    ])
  }

  const operand = (names: Names, depth: number): string =>
    chance(0.65)
      ? pick(LITERALS)
      : chance(0.2)
        ? call(names, depth)
        : query(names, depth).replace('some ', '')

  const access = (names: Names, depth: number): string => {
    const not = chance(0.08) ? pick(['not ', '!']) : ''
    const compared = chance(0.45)
      ? `${pick(['', '', 'not ', '!'])}${pick(UNARY)}`
      : `${pick(BINARY)} ${operand(names, depth)}`
    return `${not}${query(names, depth)} ${compared}${chance(0.1) ? ' <<a message>>' : ''}`
  }

  const clause = (names: Names, depth: number): string => {
    if (depth > 0 && chance(0.12))
      return `${query(names, depth)}${chance(0.2) ? ' !empty' : ''} {\n${block(names, depth - 1)}\n}`
    if (depth > 0 && chance(0.06)) return `when ${access(names, 0)} {\n${block(names, depth - 1)}\n}`
    return access(names, depth)
  }

  const clauses = (names: Names, depth: number, max: number): string =>
    [clause(names, depth), ...many(max - 1, () => clause(names, depth))]
      .map((line) => (chance(0.15) ? `${line} or ${clause(names, 0)}` : line))
      .join('\n')

  const assign = (name: string, names: Names, depth: number): string =>
    `let ${name} = ${chance(0.35) ? pick(LITERALS) : chance(0.25) ? call(names, depth) : query(names, depth)}`

  const block = (names: Names, depth: number): string => {
    if (!chance(0.3)) return clauses(names, depth, 3)
    const name = pick(['v1', 'v2'])
    return `${assign(name, names, depth)}\n${clauses([...names, name], depth, 3)}`
  }

  const ruleBody = (names: Names, others: Names): string => {
    const lines = [block(names, 2)]
    if (others.length > 0 && chance(0.4)) lines.push(`${chance(0.3) ? 'not ' : ''}${pick(others)}`)
    if (chance(0.4))
      lines.push(
        `${chance(0.1) ? '!' : ''}p(${chance(0.3) ? pick(LITERALS) : query(names, 1).replace('some ', '')})${chance(0.3) ? ' <<called>>' : ''}`,
      )
    return lines.join('\n')
  }

  return {
    document: () => Object.fromEntries([...KEYS].filter(() => chance(0.8)).map((key) => [key, value(3)])),
    rules: () => {
      const globals = ['g1', 'g2'].filter(() => chance(0.5))
      const text = globals.map((name, i) => assign(name, globals.slice(0, i), 1))
      text.push(`rule p(q) {\n${block([...globals, 'q'], 1)}\n}`)
      const names = ['r1', 'r2', 'r2', 'r3'].slice(0, 1 + int(4))
      names.forEach((name, i) => {
        const when = chance(0.25) ? ` when ${access(globals, 1)}` : ''
        text.push(`rule ${name}${when} {\n${ruleBody(globals, names.slice(0, i))}\n}`)
      })
      return `${text.join('\n')}\n`
    },
  }
}
