import type { Control } from '../../catalog/record.ts'
import { notFound } from '../../kernel/errors.ts'

export function find(library: readonly Control[], id: string): Control {
  const found = library.find(({ record }) => record.id === id)
  if (found === undefined) throw notFound('control', id)
  return found
}
