import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Cli, createProgram } from '../app.ts'
import { checkCommands } from './commands.ts'

const EXAMPLES = fileURLToPath(new URL('../../../../examples/check/', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'rankan-check-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  process.exitCode = undefined
  return () => {
    process.exitCode = undefined
    vi.restoreAllMocks()
  }
})

const at = (name: string): string => path.join(folder, name)
const example = (name: string): string => path.join(EXAMPLES, name)
function file(name: string, text: string): string {
  writeFileSync(at(name), text)
  return at(name)
}

/** Runs the command as a shell would see it: what it said, and its exit code. */
async function run(...args: readonly string[]) {
  process.exitCode = undefined
  let said = ''
  let complained = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complained += String(text)
    return true
  })
  const cli: Partial<Cli> = { json: false }
  await createProgram([checkCommands], () => cli as Cli).parseAsync(['node', 'rankan', 'check', ...args])
  vi.restoreAllMocks()
  return { said, complained, exit: process.exitCode ?? 0 }
}

const BUCKET = (versioning: string): string => `Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { VersioningConfiguration: { Status: ${versioning} } }
`
const only = ['--controls', 's3-bucket-versioning'] as const

describe('rankan check', () => {
  it('ends with 0 on a clean template, with 1 on findings, which say where and how to mend', async () => {
    expect(await run(file('good.yaml', BUCKET('Enabled')), ...only)).toMatchObject({
      exit: 0,
      complained: '',
    })
    const bad = await run(file('bad.yaml', BUCKET('Suspended')), ...only, '--lang', 'en')
    expect(bad).toMatchObject({ exit: 1 })
    expect(bad.said).toContain(`${at('bad.yaml')}:4:`)
    expect(bad.said).toContain('s3-bucket-versioning')
  })

  it('never takes an unknown value for a pass, and fails on it when asked', async () => {
    const template = file(
      'unknown.yaml',
      `Parameters: { Status: { Type: String } }\n${BUCKET('!Ref Status')}`,
    )
    const shown = await run(template, ...only, '--format', 'json')
    expect(JSON.parse(shown.said).findings).toMatchObject([
      { control: { id: 's3-bucket-versioning' }, verdict: 'UNKNOWN' },
    ])
    expect(shown.exit).toBe(0)
    expect(await run(template, ...only, '--fail-on-unknown')).toMatchObject({ exit: 1 })
    expect(await run(template, ...only, '--fail-on-unknown', '--parameter', 'Status=Enabled')).toMatchObject({
      exit: 0,
    })
  })

  it('passes known findings by, and new ones not', async () => {
    const bad = file('known.yaml', BUCKET('Suspended'))
    expect(await run(bad, ...only, '--write-baseline', at('known.json'))).toMatchObject({ exit: 0 })
    expect(await run(bad, ...only, '--baseline', at('known.json'))).toMatchObject({ exit: 0 })
    writeFileSync(bad, `${BUCKET('Suspended')}  Other:\n    Type: AWS::S3::Bucket\n`)
    expect(await run(bad, ...only, '--baseline', at('known.json'))).toMatchObject({ exit: 1 })
  })

  it('waives what was approved until the day it expires', async () => {
    const bad = file('waived.yaml', BUCKET('Suspended'))
    const waiver = (expires: string) =>
      file(
        `until-${expires}.yaml`,
        `- {id: EX-1, control: s3-bucket-versioning, resource: Bucket, reason: r, approvedBy: CISO, expires: ${expires}}\n`,
      )
    expect(await run(bad, ...only, '--waivers', waiver('2999-12-31'))).toMatchObject({ exit: 0 })
    expect(await run(bad, ...only, '--waivers', waiver('2020-01-01'))).toMatchObject({ exit: 1 })
  })

  it('shows but does not fail what is below the threshold', async () => {
    const bad = file('low.yaml', BUCKET('Suspended'))
    expect(await run(bad, ...only, '--severity-threshold', 'critical')).toMatchObject({ exit: 0 })
  })

  it.each(['templates/storage.yaml', 'cdk.out', 'terraform/plan.json'])(
    'finds something in the example %s, in every format',
    async (name) => {
      for (const format of ['human', 'json', 'sarif', 'junit']) {
        const { said, exit } = await run(example(name), '--format', format)
        expect([format, exit, said.length > 0]).toEqual([format, 1, true])
      }
    },
    60_000,
  )

  it('writes the result into a file', async () => {
    const { said } = await run(
      example('templates/storage.yaml'),
      '--format',
      'sarif',
      '--output',
      at('out.sarif'),
    )
    expect(said).toBe('')
    expect(JSON.parse(readFileSync(at('out.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' })
  })

  it.each([
    ['a file that is not there', () => [at('absent.yaml')], 'absent.yaml'],
    ['a folder without templates', () => [mkdtempSync(path.join(folder, 'empty-'))], 'nothing to check'],
    [
      'a control that is not there',
      () => [example('templates/clean.yaml'), '--controls', 'no-such'],
      'no-such',
    ],
    ['a set that is not there', () => [example('templates/clean.yaml'), '--set', 'no-such'], 'no-such'],
    [
      'waivers of another shape',
      () => [example('templates/clean.yaml'), '--waivers', file('w.yaml', 'a: 1')],
      'w.yaml',
    ],
  ])('ends with 2 on %s', async (_, args, word) => {
    const { exit, complained } = await run(...args())
    expect([exit, complained]).toEqual([2, expect.stringContaining(word)])
  })
})
