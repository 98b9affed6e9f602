/** The constraints of a service's model, checked on decoded input; all that are broken come back, not the first. */
import { AwsError, type Violation } from './contract.ts'
import type { ModelShape, ServiceModel } from './model.ts'

export function violations(model: ServiceModel, shapeName: string | undefined, input: unknown): Violation[] {
  const found: Violation[] = []
  if (shapeName !== undefined) check(model, shapeName, input, '', found)
  return found
}

function check(model: ServiceModel, shapeName: string, value: unknown, at: string, found: Violation[]): void {
  const shape = model.shapes[shapeName]
  if (!shape || value === undefined) return
  if (shape.type === 'structure') checkStructure(model, shape, value as Record<string, unknown>, at, found)
  else if (shape.type === 'list') checkList(model, shape, value as unknown[], at, found)
  else if (shape.type === 'map') checkMap(model, shape, value as Record<string, unknown>, at, found)
  else if (shape.type === 'string') checkString(shape, value as string, at, found)
  else if (typeof value === 'number') checkRange(shape, value, value, 'Value', at, found)
}

function checkStructure(
  model: ServiceModel,
  shape: ModelShape,
  value: Record<string, unknown>,
  at: string,
  found: Violation[],
): void {
  if (shape.document) return
  for (const name of shape.required ?? [])
    if (value[name] === undefined)
      found.push({
        at: join(at, lower(name)),
        kind: 'required',
        constraint: 'Member must not be null',
        value: undefined,
      })
  for (const [name, member] of Object.entries(shape.members ?? {}))
    check(model, member.shape, value[name], join(at, lower(name)), found)
}

function checkList(
  model: ServiceModel,
  shape: ModelShape,
  value: unknown[],
  at: string,
  found: Violation[],
): void {
  checkRange(shape, value.length, value, 'Length', at, found)
  const member = shape.member
  if (member)
    for (const [i, item] of value.entries()) check(model, member.shape, item, `${at}.${i + 1}.member`, found)
}

function checkMap(
  model: ServiceModel,
  shape: ModelShape,
  value: Record<string, unknown>,
  at: string,
  found: Violation[],
): void {
  checkRange(shape, Object.keys(value).length, value, 'Length', at, found)
  for (const [key, item] of Object.entries(value)) {
    if (shape.key) check(model, shape.key.shape, key, at, found)
    if (shape.value) check(model, shape.value.shape, item, `${at}.${key}.member`, found)
  }
}

function checkString(shape: ModelShape, value: string, at: string, found: Violation[]): void {
  if (shape.enum && !shape.enum.includes(value))
    found.push({
      at,
      kind: 'enum',
      constraint: `Member must satisfy enum value set: [${shape.enum.join(', ')}]`,
      value,
    })
  checkRange(shape, [...value].length, value, 'Length', at, found)
  if (shape.pattern !== undefined && !regexp(shape.pattern).test(value))
    found.push({
      at,
      kind: 'pattern',
      constraint: `Member must satisfy regular expression pattern: ${shape.pattern}`,
      value,
    })
}

function checkRange(
  shape: ModelShape,
  size: number,
  value: unknown,
  what: 'Length' | 'Value',
  at: string,
  found: Violation[],
): void {
  const of = what === 'Length' ? 'have length' : 'have value'
  if (shape.max !== undefined && size > shape.max)
    found.push({
      at,
      kind: `max${what}`,
      constraint: `Member must ${of} less than or equal to ${shape.max}`,
      value,
    })
  if (shape.min !== undefined && size < shape.min)
    found.push({
      at,
      kind: `min${what}`,
      constraint: `Member must ${of} greater than or equal to ${shape.min}`,
      value,
    })
}

const compiled = new Map<string, RegExp>()
function regexp(pattern: string): RegExp {
  const found = compiled.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 'u')
  compiled.set(pattern, found)
  return found
}

const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)
const join = (at: string, name: string) => (at === '' ? name : `${at}.${name}`)

/** AWS's own wording: `2 validation errors detected: Value 'x' at 'name' failed to satisfy constraint: …; …`. */
export function validationError(found: readonly Violation[], code = 'ValidationException'): AwsError {
  const texts = found.map(
    ({ at, value, constraint }) =>
      `Value ${printed(value)} at '${at}' failed to satisfy constraint: ${constraint}`,
  )
  const head = `${found.length} validation error${found.length === 1 ? '' : 's'} detected`
  return new AwsError(code, `${head}: ${texts.join('; ')}`)
}

function printed(value: unknown): string {
  if (value === undefined) return 'null'
  if (Array.isArray(value)) return `'[${value.map(String).join(', ')}]'`
  return `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`
}
