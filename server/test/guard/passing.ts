import { readFileSync } from 'node:fs'

/**
 * Templates that comply, by rule file of Control Tower: of 181 found by a random walk that mends what a rule complains
 * about, of the other 56 written by hand.
 */
const PASSING: Readonly<Record<string, readonly unknown[]>> = JSON.parse(
  readFileSync(new URL('passing.json', import.meta.url), 'utf8'),
)

export const passingTemplates = (file: string): readonly unknown[] => PASSING[file] ?? []
