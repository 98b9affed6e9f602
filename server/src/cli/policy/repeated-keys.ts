import type { Issue } from '../../kernel/errors.ts'

interface Open {
  /** Keys so far; `null` in a list. */
  readonly keys: Set<string> | null
  /** The key or the index at which we are. */
  at: string | number
}

/** Nobody reads more. */
const MOST = 100
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g

/**
 * Keys that occur twice in one object of a text that is JSON. `JSON.parse` keeps the last of them and says nothing, so that
 * half of a policy would be lost. `linesBefore`: lines of the file before the text.
 */
export function repeatedKeys(text: string, linesBefore = 0): readonly Issue[] {
  const open: Open[] = []
  const issues: Issue[] = []
  let keyIsNext = false
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const here = open.at(-1)
    if (token === '{' || token === '[') {
      open.push(token === '{' ? { keys: new Set(), at: '' } : { keys: null, at: 0 })
      keyIsNext = token === '{'
    } else if (token === '}' || token === ']') {
      open.pop()
      keyIsNext = false
    } else if (token === ',' && here !== undefined) {
      keyIsNext = here.keys !== null
      if (typeof here.at === 'number') here.at++
    } else if (keyIsNext && here?.keys !== null && here !== undefined) {
      keyIsNext = false
      const key = String(JSON.parse(token))
      here.at = key
      if (here.keys.has(key) && issues.length < MOST)
        issues.push(
          issueOf(
            open.map(({ at }) => at),
            lineAt(text, index) + linesBefore,
          ),
        )
      here.keys.add(key)
    }
  }
  return issues
}

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length

const issueOf = (path: Issue['path'], line: number): Issue => ({
  path,
  code: 'duplicate_key',
  message: `line ${line}: the key \`${String(path.at(-1))}\` occurs twice in one object. Write it once, with all values.`,
})
