import { type GuardList, type GuardMap, type GuardValue, isList, isMap } from '../../guard/document/value.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A compliant document with one thing broken. */
export interface Mutant {
  readonly document: GuardValue
  readonly way: 'removed' | 'changed'
  /** Keys that lead to what was broken; below a text that holds JSON they go on inside of it. */
  readonly path: readonly string[]
}

interface Edit {
  readonly value: GuardValue
  readonly way: Mutant['way']
  readonly path: readonly string[]
}

/** Every document that differs from this one in one place below its resources. */
export function* mutantsOf(document: GuardValue, vocabulary: Vocabulary): Generator<Mutant> {
  if (!isMap(document) || !isMap(document.Resources ?? null)) return
  for (const edit of edits(document.Resources ?? null, vocabulary))
    yield {
      document: { ...document, Resources: edit.value },
      way: edit.way,
      path: ['Resources', ...edit.path],
    }
}

function* edits(value: GuardValue, vocabulary: Vocabulary): Generator<Edit> {
  if (isList(value)) yield* listEdits(value, vocabulary)
  else if (isMap(value)) yield* mapEdits(value, vocabulary)
  else if (typeof value === 'string') yield* textEdits(value, vocabulary)
}

function* mapEdits(map: GuardMap, vocabulary: Vocabulary): Generator<Edit> {
  for (const [key, inner] of Object.entries(map)) {
    const { [key]: _, ...rest } = map
    yield { value: rest, way: 'removed', path: [key] }
    yield* inside(inner, vocabulary, key, (value) => ({ ...map, [key]: value }))
  }
  for (const key of vocabulary.keys)
    if (!Object.hasOwn(map, key))
      for (const value of vocabulary.values)
        yield { value: { ...map, [key]: value }, way: 'changed', path: [key] }
}

function* listEdits(list: GuardList, vocabulary: Vocabulary): Generator<Edit> {
  for (const [i, inner] of list.entries()) {
    yield { value: list.filter((_, j) => j !== i), way: 'removed', path: [String(i)] }
    yield* inside(inner, vocabulary, String(i), (value) => list.with(i, value))
  }
  for (const value of [...vocabulary.values, ...vocabulary.items])
    yield { value: [...list, value], way: 'changed', path: [String(list.length)] }
}

/** Another value in this place, or an edit further down. */
function* inside(
  value: GuardValue,
  vocabulary: Vocabulary,
  key: string,
  put: (value: GuardValue) => GuardValue,
): Generator<Edit> {
  for (const other of vocabulary.values)
    if (other !== value) yield { value: put(other), way: 'changed', path: [key] }
  for (const edit of edits(value, vocabulary))
    yield { value: put(edit.value), way: edit.way, path: [key, ...edit.path] }
}

/** Terraform carries policies as text. */
function* textEdits(text: string, vocabulary: Vocabulary): Generator<Edit> {
  if (!/^\s*[{[]/.test(text)) return
  const value = jsonOf(text)
  if (value === undefined) return
  for (const edit of edits(value, vocabulary)) yield { ...edit, value: JSON.stringify(edit.value) }
}

function jsonOf(text: string): GuardValue | undefined {
  try {
    return JSON.parse(text) as GuardValue
  } catch {
    return undefined
  }
}
