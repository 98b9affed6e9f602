import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { controlSetBody } from '../../domain/controls/sets.ts'
import { type Cli, createProgram } from '../app.ts'
import { controlCommands } from './commands.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'rankan-exchange-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => path.join(folder, name)
const SET = fileURLToPath(new URL('../../../data/control-sets/government-baseline.json', import.meta.url))

async function run(...args: readonly string[]): Promise<unknown> {
  let printed: unknown
  const cli: Partial<Cli> = {
    print: (value) => {
      printed = JSON.parse(JSON.stringify(value))
    },
  }
  await createProgram([controlCommands], () => cli as Cli).parseAsync(['node', 'rankan', 'control', ...args])
  return printed
}

describe('rankan control export and import', () => {
  it('takes a control set out as a profile and in again', async () => {
    await run('export', 'catalog', '--into', at('catalog.json'))
    await run('export', 'profile', '--set', SET, '--into', at('profile.json'))
    const set = controlSetBody.parse(
      await run('import', 'profile', at('profile.json'), '--catalog', at('catalog.json')),
    )
    const { controls } = controlSetBody.parse(JSON.parse(readFileSync(SET, 'utf8')))
    expect(new Set(set.controls.map(({ control }) => control))).toEqual(
      new Set(controls.map(({ control }) => control)),
    )
  })

  it('reads the 237 proactive controls of Control Tower, and says what is new since the last time', async () => {
    const rules = path.join(
      path.dirname(createRequire(import.meta.url).resolve('@cdklabs/cdk-validator-cfnguard/package.json')),
      'rules',
    )
    const importing = () =>
      run('import', 'control-tower', rules, '--source-version', '1', '--into', at('ct.json'))
    const first = await importing()
    expect(first).toMatchObject({ import: { version: '1', notes: [] } })
    const { difference } = first as { readonly difference: { readonly added: readonly string[] } }
    expect(difference.added).toHaveLength(237)
    expect(await importing()).toMatchObject({ difference: { added: [], removed: [], changed: [] } })
  })

  it('reads a framework out of a Shift_JIS spreadsheet, and shows its coverage', async () => {
    const mapping = {
      framework: { id: 'own', title: { ja: '独自', en: 'Own' }, source: 'own', asOf: '2026-07-01' },
      columns: { id: '番号', title: '見出し', controls: '統制' },
      edges: { relation: 'intersects', source: 'CISO', reviewedBy: 'Sato', reviewedOn: '2026-11-01' },
    }
    writeFileSync(at('mapping.json'), JSON.stringify(mapping))
    // 番号,見出し,統制 / 6.1,認証,no-iam-users / 6.2,監視, in Shift_JIS
    const sheet = Buffer.from(
      '94d48d862c8ca98f6f82b52c939d90a70a362e312c9446' +
        '8fd82c6e6f2d69616d2d75736572730a362e322c8ac48e8b2c0a',
      'hex',
    )
    writeFileSync(at('sheet.csv'), sheet)
    await run(
      'import',
      'spreadsheet',
      at('sheet.csv'),
      '--mapping',
      at('mapping.json'),
      '--into',
      at('own.json'),
    )
    expect(await run('coverage', '--with', at('own.json'))).toMatchObject({
      framework: 'own',
      elements: [
        { element: { id: '6.1', title: { ja: '認証' } }, controls: { preventive: ['no-iam-users'] } },
        { element: { id: '6.2', title: { ja: '監視' } } },
      ],
      gaps: 1,
    })
  })

  it.each([
    [['import', 'spreadsheet', SET], /needs `--mapping FILE`/],
    [['import', 'framework', SET], /needs `--id ID`/],
    [['import', 'security-hub', SET], /none of the members/],
    [['import', 'conformance-pack', SET], /no resource of the type/],
    [['import', 'control-tower', path.dirname(SET)], /no file `\*\.guard`/],
    [['import', 'control-tower', '/no/such/folder'], /`\/no\/such\/folder` cannot be read/],
    [['export', 'profile'], /needs a control set/],
    [['export', 'catalog', '--lang', 'fr'], /`fr` is no language/],
  ])('%j is refused with what to do', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message)
  })
})
