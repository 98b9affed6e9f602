import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateTrail } from '../../../../bench/src/trail/generate.ts'
import { ingest } from '../../analytics/trail/ingest.ts'
import { folderSource } from '../../analytics/trail/source.ts'
import { refusalOfWork } from '../../kernel/testing.ts'
import { type Cli, createProgram } from '../app.ts'
import { replayCommands } from './commands.ts'

const root = mkdtempSync(path.join(tmpdir(), 'rankan-replay-cli-'))
const at = (...names: readonly string[]) => path.join(root, ...names)
const DENY = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'NoEc2', Effect: 'Deny', Action: 'ec2:*', Resource: '*' }],
}
const write = (file: string, content: unknown): string => {
  mkdirSync(path.dirname(at(file)), { recursive: true })
  writeFileSync(at(file), typeof content === 'string' ? content : JSON.stringify(content))
  return at(file)
}

/** The lines for people. */
async function run(...args: readonly string[]): Promise<readonly string[]> {
  let printed: readonly string[] = []
  const cli: Partial<Cli> = {
    json: false,
    print: (_, lines) => {
      printed = lines()
    },
    progress: () => ({ update: () => undefined, stop: () => undefined }),
  }
  const places = { s3: async () => Promise.reject(new Error('no S3')) } as never
  await createProgram([replayCommands(places)], () => cli as Cli).parseAsync([
    'node',
    'rankan',
    'replay',
    ...args,
  ])
  return printed
}
const asked = (...more: readonly string[]) => run('--policies', at('scps'), '--facts', at('facts'), ...more)
beforeAll(async () => {
  write('scps/deny.json', DENY)
  const trail = {
    dir: at('trail'),
    seed: 1,
    events: 200,
    accounts: 2,
    days: 1,
    eventsPerFile: 200,
    callers: 5,
  }
  await generateTrail(trail)
  await ingest({ source: folderSource(at('trail')), dir: at('facts'), threads: 0 })
}, 60_000)
afterAll(() => rmSync(root, { recursive: true }))

describe('rankan replay', () => {
  it('answers, and says when the period has no events', { timeout: 60_000 }, async () => {
    expect((await asked()).join('\n')).toMatch(/200 calls: .* denied/)
    expect((await asked('--since', '2031-01-01')).join('\n')).toMatch(/No event is in this period/)
  })

  it('refuses a period that ends before it begins', async () => {
    const { code, message } = await refusalOfWork(asked('--since', '2026-10-02', '--until', '2026-10-01'))
    expect([code, message]).toEqual(['bad_period', expect.stringContaining('`--until 2026-10-01`')])
  })

  it('says of a folder of policies what is wrong with it', async () => {
    const policies = (folder: string) => refusalOfWork(run('--policies', at(folder), '--facts', at('facts')))
    expect(await policies('scps/deny.json')).toMatchObject({ code: 'not_a_folder' })
    expect(await policies('nowhere')).toMatchObject({ code: 'folder_not_readable' })
    write('others/package.json', { name: 'x' })
    expect((await policies('others')).message).toMatch(/`package.json`.*keep others elsewhere/)
    write('twice/a.json', '{"Version": "2012-10-17",\n"Statement": [], "Statement": []}')
    expect(await policies('twice')).toMatchObject({
      code: 'not_json',
      issues: [{ code: 'duplicate_key', message: expect.stringContaining('line 2') }],
    })
  })

  it('reads policies that an editor on Windows has written', { timeout: 60_000 }, async () => {
    write('windows/deny.json', `\ufeff${JSON.stringify(DENY, null, 2).replaceAll('\n', '\r\n')}`)
    const [ours, theirs] = [await asked(), await run('--policies', at('windows'), '--facts', at('facts'))]
    expect(theirs).toEqual(ours)
  })

  it('says of a tree what is wrong with it', async () => {
    const tree = (content: unknown) => refusalOfWork(asked('--tree', write('tree.json', content)))
    const account = { id: '111122223333', parent: 'root' }
    expect((await tree({ accounts: [account, account] })).message).toContain('`111122223333`')
    expect((await tree({ ous: [{ id: 'root', parent: 'root' }], accounts: [] })).message).toContain('`root`')
    expect(await tree('{"accounts": [}')).toMatchObject({
      code: 'not_json',
      issues: [{ path: ['$.accounts'] }],
    })
    expect((await refusalOfWork(asked('--tree', at('scps')))).message).toContain('it is a folder')
    expect((await refusalOfWork(asked('--tree', at('nowhere.json')))).message).toContain(
      'there is no such file',
    )
    expect((await tree({ root: { policies: ['x'] }, accounts: [] })).message).toContain('1 policy that')
  })

  it('says where facts cannot be, and where there are none', async () => {
    const trail = ['--policies', at('scps'), '--trail', at('trail'), '--facts']
    const file = write('a-file', '')
    for (const place of [file, path.join(file, 'below')])
      expect(await refusalOfWork(run(...trail, place))).toMatchObject({
        code: 'facts_not_writable',
        message: expect.stringMatching(/is a file.*--facts/),
      })
    // The only place that lets nobody make a folder, not even root, is Linux's.
    if (process.platform === 'linux')
      for (const place of ['/proc/x', '/proc/x/y'])
        expect((await refusalOfWork(run(...trail, place))).message).toMatch(
          /`\/proc\/x.*the system takes no new folder there/,
        )
    expect((await refusalOfWork(run('--policies', at('scps'), '--facts', at('nowhere')))).message).toMatch(
      /no trail was read into it yet/,
    )
  })

  it('tells each time what is not in the facts, though it is not read again', {
    timeout: 60_000,
  }, async () => {
    write('broken/a.json.gz', 'no gzip')
    const asked = (facts: string) =>
      run('--policies', at('scps'), '--trail', at('broken'), '--facts', at(facts), '--no-verify')
    for (let i = 0; i < 2; i++)
      expect(await refusalOfWork(asked('of-broken'))).toMatchObject({
        code: 'unreadable_trail',
        issues: [{ path: ['a.json.gz'] }],
      })
    await generateTrail({ dir: at('broken'), seed: 2, events: 20, accounts: 1, days: 1 })
    for (let i = 0; i < 2; i++)
      expect((await asked('of-broken')).join('\n')).toMatch(/読めませんでした: a\.json\.gz/)
  })
})
