import type { GuardDocument } from './document.ts'
import { GuardSyntaxError } from './problem.ts'
import { type GuardMap, isList, isMap, memberOf } from './value.ts'

/**
 * Joins input parameters with a document, which comes after them as in cfn-guard: lists are strung together, members
 * of maps must be different.
 *
 * @throws {GuardSyntaxError} when both have a member of the same name, or are of different types
 */
export function mergeDocuments(document: GuardDocument, inputs: GuardDocument): GuardDocument {
  const [a, b] = [document.value, inputs.value]
  if (isList(a) && isList(b)) return { value: [...b, ...a], locate: document.locate }
  if (!isMap(a) || !isMap(b))
    throw conflict('Input parameters and documents must both be maps, or both lists.')
  const both = Object.keys(b).find((key) => memberOf(a, key) !== undefined)
  if (both !== undefined)
    throw conflict(`The member \`${both}\` is in a document and in the input parameters.`)
  const value: GuardMap = { ...b, ...a }
  return {
    value,
    locate: (path) =>
      (memberOf(a, path[0] ?? '') === undefined && path.length > 0 ? inputs : document).locate(path),
  }
}

const conflict = (message: string): GuardSyntaxError =>
  new GuardSyntaxError('bad_inputs', { line: 1, column: 1, message, hint: null })
