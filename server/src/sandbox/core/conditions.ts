/** IAM condition operators over a request's context. */
type Values = readonly string[]
type Operator = (given: string, wanted: string) => boolean

const like: Operator = (given, wanted) =>
  new RegExp(
    `^${wanted
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replace(/\?/g, '.')}$`,
    's',
  ).test(given)
const numbers =
  (test: (a: number, b: number) => boolean): Operator =>
  (a, b) =>
    test(Number(a), Number(b))
const dates =
  (test: (a: number, b: number) => boolean): Operator =>
  (a, b) =>
    test(Date.parse(a), Date.parse(b))

const POSITIVE: Readonly<Record<string, Operator>> = {
  stringequals: (a, b) => a === b,
  stringequalsignorecase: (a, b) => a.toLowerCase() === b.toLowerCase(),
  stringlike: like,
  arnequals: like,
  arnlike: like,
  bool: (a, b) => a.toLowerCase() === b.toLowerCase(),
  numericequals: numbers((a, b) => a === b),
  numericlessthan: numbers((a, b) => a < b),
  numericlessthanequals: numbers((a, b) => a <= b),
  numericgreaterthan: numbers((a, b) => a > b),
  numericgreaterthanequals: numbers((a, b) => a >= b),
  dateequals: dates((a, b) => a === b),
  datelessthan: dates((a, b) => a < b),
  datelessthanequals: dates((a, b) => a <= b),
  dategreaterthan: dates((a, b) => a > b),
  dategreaterthanequals: dates((a, b) => a >= b),
}

const NEGATIVE: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
}

export function holds(
  condition: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined,
  context: Readonly<Record<string, Values>>,
): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      one(operator.toLowerCase(), context[key.toLowerCase()], texts(wanted)),
    ),
  )
}

function one(operator: string, given: Values | undefined, wanted: Values): boolean {
  if (operator === 'null') return (given === undefined) === (wanted[0]?.toLowerCase() === 'true')
  const ifExists = operator.endsWith('ifexists')
  const [, quantifier, name = ''] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(?:ifexists)?$/.exec(operator) ?? []
  const negative = NEGATIVE[name]
  const test = POSITIVE[negative ?? name]
  if (!test) return false
  if (given === undefined) return ifExists || negative !== undefined || quantifier === 'forallvalues'
  const fits = (value: string) => wanted.some((w) => test(value, w)) === (negative === undefined)
  return quantifier === 'forallvalues' ? given.every(fits) : given.some(fits)
}

const texts = (value: unknown): Values => (Array.isArray(value) ? value.map(String) : [String(value)])

/** Operators that this evaluator knows, for whoever accepts policies. */
export function isOperator(name: string): boolean {
  const [, base = ''] =
    /^(?:(?:forallvalues|foranyvalue):)?(.*?)(?:ifexists)?$/.exec(name.toLowerCase()) ?? []
  return base === 'null' || base in POSITIVE || base in NEGATIVE
}
