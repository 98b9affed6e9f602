import { lintLevel } from '../lint/level.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import { readPolicySet } from './policy-set.ts'
import { createReader, isFields } from './reader.ts'

const FIELDS = ['scps', 'serviceControlPolicies', 'rcps', 'resourceControlPolicies']

/** Levels of SCPs and RCPs in a set of policies (the file of `eval`); nothing for any other file. */
export function checkLevels(text: string): readonly PolicyProblem[] {
  const value = parsed(text)
  if (!isFields(value) || !FIELDS.some((field) => value[field] !== undefined)) return []
  const reader = createReader()
  const { scps, rcps } = readPolicySet(
    Object.fromEntries(
      FIELDS.flatMap((field) => (value[field] === undefined ? [] : [[field, value[field]]])),
    ),
    [],
    reader,
  )
  // Faults inside the documents are told document by document.
  if (reader.issues.length > 0) return []
  const levels = (given: typeof scps, kind: 'scp' | 'rcp') =>
    given === 'unknown' ? [] : given.flatMap((level) => lintLevel(level, kind))
  return [...levels(scps, 'scp'), ...levels(rcps, 'rcp')]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
