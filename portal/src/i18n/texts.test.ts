import { describe, expect, test } from 'vitest'
import type { Message, MessageGroup } from './messages.ts'

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const japanese = import.meta.glob<{ readonly ja: MessageGroup }>('../**/i18n/ja.ts', { eager: true })
const english = import.meta.glob<{ readonly en: MessageGroup }>('../**/i18n/en.ts', { eager: true })

/** The folder whose sources may use a dictionary: the domain, or everything for the shell's own `./ja.ts`. */
const folderOf = (path: string) =>
  path.startsWith('../domains/') ? path.replace(/i18n\/ja\.ts$/, '') : '../'

const dictionaries = Object.entries(japanese).map(([path, { ja }]) => {
  const en = english[path.replace(/ja\.ts$/, 'en.ts')]?.en
  return { folder: folderOf(path), ja, en }
})

const isGroup = (message: Message): message is MessageGroup => typeof message === 'object'

const keysOf = (group: MessageGroup, path = ''): readonly string[] =>
  Object.entries(group).flatMap(([key, message]) =>
    isGroup(message) ? keysOf(message, `${path}${key}.`) : [`${path}${key}`],
  )

const sourceOf = (folder: string): string =>
  Object.entries(sources)
    .filter(([path]) => path.startsWith(folder) && !path.includes('i18n/') && !path.endsWith('.test.ts'))
    .map(([, text]) => text)
    .join('\n')

/** `t.key`, or the key in quotes where it is chosen from a list (`['a', 'b'].map((name) => t[name])`). */
const isUsed = (key: string, source: string) => new RegExp(`[.?]${key}\\b|'${key}'`).test(source)

test('the shell and each domain of the estate have a dictionary', () => {
  const folders = dictionaries.map(({ folder }) => folder)
  expect(folders).toEqual(
    expect.arrayContaining(['../', '../domains/home/', '../domains/estate/', '../domains/ledger/']),
  )
})

describe.each(dictionaries)('texts of $folder', ({ folder, ja, en }) => {
  test('both languages have the same keys', () => {
    expect(keysOf(en ?? {}).toSorted()).toEqual(keysOf(ja).toSorted())
  })

  test('no text is empty', () => {
    for (const texts of [ja, en ?? {}])
      for (const [key, message] of Object.entries(texts)) expect(message, key).not.toBe('')
  })

  test('every key is used by a source of its folder', () => {
    const source = sourceOf(folder)
    expect(Object.keys(ja).filter((key) => !isUsed(key, source))).toEqual([])
  })
})
