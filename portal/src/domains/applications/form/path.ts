import type { FormState } from '../api.ts'

export type Path = readonly (string | number)[]

export const pathOf = (dotted: string): Path => dotted.split('.')

const isObject = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null

export const valueAt = (form: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), form)

/** A copy with one value changed; what is not on the way stays the same object. `undefined` takes the value out. */
export function withValue<T>(form: T, path: Path, value: unknown): T {
  const [head, ...rest] = path
  if (head === undefined) return value as T
  const inner = isObject(form) ? form[head] : undefined
  const next = rest.length === 0 ? value : withValue(inner ?? {}, rest, value)
  if (Array.isArray(form)) return form.map((item, i) => (i === head ? next : item)) as T
  const copy: Record<string | number, unknown> = { ...(isObject(form) ? form : {}) }
  if (next === undefined) delete copy[head]
  else copy[head] = next
  return copy as T
}

export const textAt = (form: FormState, path: Path): string => {
  const value = valueAt(form, path)
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export const startsWith = (path: Path, prefix: Path): boolean => prefix.every((part, i) => path[i] === part)
