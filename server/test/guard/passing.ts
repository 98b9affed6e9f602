import { readFileSync } from 'node:fs'

/** Templates that comply, by rule file of Control Tower: found by a random walk that mends what a rule complains about. */
const PASSING: Readonly<Record<string, readonly unknown[]>> = JSON.parse(
  readFileSync(new URL('passing.json', import.meta.url), 'utf8'),
)

export const passingTemplates = (file: string): readonly unknown[] => PASSING[file] ?? []
