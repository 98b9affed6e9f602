/** One rule file of Guard out of the files of many controls. */

export interface RuleFile {
  /** Id of a control: lower-case words with hyphens. */
  readonly control: string
  readonly text: string
}

/**
 * A hook reads one file. Rules have names of their own in the whole library, but files name their variables alike, and in
 * one file a second `let` of a name is another value for all: so each file's variables get the name of its control.
 */
export const oneRuleFile = (files: readonly RuleFile[]): string =>
  [...files]
    .sort((a, b) => (a.control < b.control ? -1 : 1))
    .map(({ control, text }) => `# ${control}\n${withOwnNames(control, text).trim()}\n`)
    .join('\n')

const LET = /^let\s+([A-Za-z_]\w*)/gm

function withOwnNames(control: string, text: string): string {
  const prefix = control.replaceAll('-', '_')
  const names = [...new Set([...text.matchAll(LET)].map(([, name = '']) => name))]
  return names.reduce(
    (now, name) =>
      now
        .replace(new RegExp(`^let(\\s+)${name}\\b`, 'gm'), `let$1${prefix}_${name}`)
        .replace(new RegExp(`%${name}\\b`, 'g'), `%${prefix}_${name}`),
    text,
  )
}
