import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type Cli, createProgram } from '../app.ts'
import { writeText } from '../files.ts'
import { policyCommands } from './commands.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'rankan-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  process.exitCode = undefined
  return () => {
    process.exitCode = undefined
  }
})

const file = (name: string, content: unknown): string => {
  const at = path.join(folder, name)
  writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content))
  return at
}

async function run(...args: readonly string[]): Promise<unknown> {
  let printed: unknown
  const cli: Partial<Cli> = {
    json: true,
    print: (value) => {
      printed = JSON.parse(JSON.stringify(value))
    },
  }
  await createProgram([policyCommands], () => cli as Cli).parseAsync(['node', 'rankan', 'policy', ...args])
  return printed
}

const ALL = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
const REQUEST = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::docs/a',
  principal: 'arn:aws:iam::111122223333:user/alice',
}

describe('rankan policy who-can', () => {
  const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`
  const inTokyo = {
    ...ALL.Statement,
    Condition: { StringEquals: { 'aws:RequestedRegion': 'ap-northeast-1' } },
  }

  it('sorts principals, with their own policies beside the common ones', async () => {
    const principals = file('principals.json', {
      resourceAccount: '111122223333',
      policies: { scps: [ALL] },
      principals: [
        { principal: user('admin'), policies: { identity: ALL } },
        { principal: user('local'), policies: { identity: { ...ALL, Statement: inTokyo } } },
        user('nobody'),
        { principal: user('barred'), policies: { identity: ALL, scps: [{ target: 'r', policies: [] }] } },
      ],
    })
    expect(
      await run('who-can', 's3:GetObject', 'arn:aws:s3:::docs/a', '--principals', principals),
    ).toMatchObject({
      can: [{ principal: { arn: user('admin') }, why: 'allowed', by: ['identity'] }],
      perhaps: [
        { principal: { arn: user('local') }, missing: [{ what: 'context', key: 'aws:requestedregion' }] },
      ],
      cannot: [
        { principal: { arn: user('nobody') }, by: ['identity'] },
        { principal: { arn: user('barred') }, by: ['scp'] },
      ],
    })
  })

  it('tells every fault of the file with its place', async () => {
    const bad = file('bad-principals.json', { principals: [{ principal: 'x y' }, { principle: 1 }] })
    await expect(run('who-can', 's3:*', '*', '--principals', bad)).rejects.toMatchObject({
      issues: expect.arrayContaining([
        expect.objectContaining({ path: ['action'] }),
        expect.objectContaining({ path: ['principals', 0, 'principal'] }),
      ]),
    })
  })
})

describe('rankan policy outsiders', () => {
  const open = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' },
  }
  const outside = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }
  const rcp = {
    Version: '2012-10-17',
    Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: outside },
  }

  it('finds the open door with a request that `eval` allows, and sees an RCP close it', async () => {
    const bucket = file('bucket.json', open)
    const own = ['--account', '111122223333', '--inside', 'o-abcdefghij']
    const answer = (await run('outsiders', bucket, ...own)) as { can: string; witness: object }
    expect(answer).toMatchObject({
      can: 'yes',
      witness: {
        action: 's3:GetObject',
        principal: { account: '999999999999' },
        resourceAccount: '111122223333',
      },
    })
    const request = file('witness.json', { ...answer.witness, policies: { identity: ALL, resource: open } })
    expect(await run('eval', '--request', request)).toMatchObject({ results: [{ verdict: 'allowed' }] })
    expect(await run('outsiders', bucket, ...own, '--rcps', file('rcp.json', rcp))).toEqual({ can: 'no' })
    expect(await run('outsiders', bucket, ...own, '--action', 's3:PutObject')).toEqual({ can: 'no' })
  })

  it('refuses ids and policies that cannot be meant', async () => {
    await expect(run('outsiders', file('open.json', open), '--account', 'mine')).rejects.toMatchObject({
      code: 'bad_id',
    })
    await expect(run('outsiders', file('own.json', ALL), '--account', '111122223333')).rejects.toMatchObject({
      code: 'bad_kind',
    })
  })
})

describe('rankan policy check', () => {
  it('takes a folder for its policies, and tells a file that is missing without forgetting the others', async () => {
    const at = path.join(folder, 'corpus', 'deeper')
    mkdirSync(at, { recursive: true })
    file('corpus/package.json', { name: 'no policy' })
    file('corpus/deeper/all.json', ALL)
    file('corpus/deeper/statement.json', ALL.Statement)
    const missing = path.join(folder, 'missing.json')
    expect(await run('check', missing, path.dirname(at))).toMatchObject({
      files: [
        { file: missing, problems: [{ severity: 'error', code: 'file_not_readable' }] },
        { file: path.join(at, 'all.json'), documents: [{ valid: true, problems: [] }] },
        { file: path.join(at, 'statement.json'), problems: [{ code: 'bare_statement', line: 1 }] },
      ],
      errors: 2,
    })
    expect(process.exitCode).toBe(2)
  })

  it('lists what it found in the order of the text', async () => {
    const two =
      '{"Version": "2012-10-17", "Statement": {"Sid": "a b",\n"Effect": "Allow", "Action": "s3:Get Object", "Resource": "*"}}'
    const found = (await run('check', file('two.json', two))) as {
      files: readonly { documents: readonly { problems: readonly { code: string; line: number }[] }[] }[]
    }
    expect(found.files[0]?.documents[0]?.problems).toMatchObject([
      { code: 'bad_sid', line: 1 },
      { code: 'bad_action_name', line: 2 },
    ])
  })
})

describe('rankan policy eval', () => {
  it('takes no text for true or false', async () => {
    const request = file('yes.json', { ...REQUEST, serviceLinkedRole: 'yes', derive: 'no' })
    expect(await run('eval', '--request', request)).toMatchObject({
      results: [
        { error: { issues: [{ path: 'serviceLinkedRole', code: 'bad_boolean' }, { path: 'derive' }] } },
      ],
    })
  })

  it('takes one request on each line, and a policy with an action of odd characters, which matches nothing', async () => {
    const odd = { Effect: 'Deny', Action: 's3:GetObject,PutObject', Resource: '*' }
    const policies = file('odd.json', { identity: [ALL, { ...ALL, Statement: odd }] })
    const lines = [REQUEST, { ...REQUEST, id: 'b', principal: undefined }].map((one) => JSON.stringify(one))
    expect(
      await run('eval', '--request', file('many.jsonl', `${lines.join('\n')}\n`), '--policies', policies),
    ).toMatchObject({
      results: [
        { id: 0, verdict: 'allowed' },
        { id: 'b', verdict: 'unknown' },
      ],
    })
    const broken = file('broken.jsonl', `${lines.join('\n')}\n\n{"action":\n`)
    await expect(run('eval', '--request', broken, '--policies', policies)).rejects.toMatchObject({
      code: 'not_json',
      issues: [{ message: expect.stringMatching(/^line 4, column 11: The document ends/) }],
    })
  })

  it('answers one request, and many with their own policies', async () => {
    const policies = file('policies.json', { identity: ALL })
    expect(await run('eval', '--request', file('one.json', REQUEST), '--policies', policies)).toMatchObject({
      results: [{ id: 0, verdict: 'allowed', why: 'allowed', by: ['identity'] }],
    })
    const many = file('many.json', {
      requests: [
        { ...REQUEST, id: 'a' },
        { ...REQUEST, id: 'b', policies: {} },
      ],
    })
    expect(await run('eval', '--request', many, '--policies', policies)).toMatchObject({
      results: [
        { id: 'a', verdict: 'allowed' },
        { id: 'b', verdict: 'denied', why: 'implicit_deny', by: ['identity'] },
      ],
    })
  })

  it('tells what is wrong with a request in its place, and answers the others', async () => {
    const requests = file('bad.json', [{ ...REQUEST, action: 's3:*', contxt: {} }, REQUEST])
    expect(await run('eval', '--request', requests)).toMatchObject({
      results: [
        {
          id: 0,
          error: {
            issues: [
              { path: 'contxt', code: 'unknown_field' },
              { path: 'action', code: 'bad_action' },
            ],
          },
        },
        { id: 1, verdict: 'denied' },
      ],
    })
    expect(process.exitCode).toBe(2)
  })

  it('explains', async () => {
    const policies = file('scp.json', {
      identity: ALL,
      scps: [
        {
          target: 'r-1',
          policies: [
            {
              name: 'guard',
              document: { ...ALL, Statement: { Sid: 'No', Effect: 'Deny', Action: 'ec2:*', Resource: '*' } },
            },
          ],
        },
      ],
    })
    const printed = await run(
      'eval',
      '--request',
      file('one.json', REQUEST),
      '--policies',
      policies,
      '--explain',
    )
    expect(printed).toMatchObject({
      results: [
        {
          verdict: 'denied',
          why: 'implicit_deny',
          by: ['scp'],
          layers: [
            {
              kind: 'scp',
              target: 'r-1',
              statements: [
                {
                  policy: 'guard',
                  sid: 'No',
                  matches: 'no',
                  reasons: [{ element: 'action', wanted: ['ec2:*'], actual: 's3:GetObject' }],
                },
              ],
            },
            { kind: 'identity' },
          ],
        },
      ],
    })
  })

  it('runs our own corpus files as they are', async () => {
    const cases = path.join(import.meta.dirname, '../../policy/cases')
    const files = readdirSync(cases).filter((name) => name.endsWith('.json'))
    expect(files.length).toBeGreaterThan(5)
    for (const name of files) {
      const { cases: wanted } = JSON.parse(readFileSync(path.join(cases, name), 'utf8'))
      const { results } = (await run('eval', '--request', path.join(cases, name))) as {
        results: { verdict: string }[]
      }
      expect(results.map(({ verdict }) => verdict)).toEqual(
        wanted.map((one: { expect: { verdict: string } }) => one.expect.verdict),
      )
    }
  })

  it('refuses policies that cannot be read, with the place', async () => {
    const policies = file('bad.json', {
      scps: [{ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 'x' } }],
    })
    await expect(
      run('eval', '--request', file('one.json', REQUEST), '--policies', policies),
    ).rejects.toMatchObject({
      kind: 'invalid',
      issues: [{ path: ['scps', 0, '$.Statement.Action'], code: 'bad_action' }, { code: 'no_resource' }],
    })
  })
})

describe('rankan policy check', () => {
  it('finds documents in answers of AWS, guesses their kind, and gives lines', async () => {
    const inner = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', Principal: '*' }],
    })
    const described = file('described.json', {
      Policy: { PolicySummary: { Name: 'x', Type: 'SERVICE_CONTROL_POLICY' }, Content: inner },
    })
    const encoded = file('encoded.json', {
      Role: {
        AssumeRolePolicyDocument: encodeURIComponent(
          JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } },
            ],
          }),
        ),
      },
    })
    const plain = file(
      'plain.json',
      '{"Version": "2012-10-17",\n "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},]}',
    )
    expect(await run('check', described, encoded, plain)).toMatchObject({
      errors: 2,
      files: [
        {
          documents: [
            {
              kind: 'scp',
              valid: false,
              problems: [{ code: 'principal_forbidden', path: '$.Statement[0].Principal' }],
            },
          ],
        },
        { documents: [{ kind: 'trust', valid: true, statements: 1, problems: [] }] },
        { problems: [{ code: 'trailing_comma', line: 2 }], documents: [{ kind: 'identity', valid: false }] },
      ],
    })
    expect(process.exitCode).toBe(2)
  })

  it('refuses a kind that does not exist', async () => {
    await expect(run('check', file('one.json', ALL), '--kind', 'skp')).rejects.toMatchObject({
      code: 'unknown_kind',
    })
  })
})

describe('rankan policy diff, pack, effective', () => {
  const scp = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
  const deny = (Action: string | readonly string[]) => ({ Effect: 'Deny', Action, Resource: '*' })

  it('diff: the witness that is printed is decided differently by eval', async () => {
    const [a, b] = [scp(ALL.Statement, deny('s3:Delete*')), scp(ALL.Statement, deny('s3:*'))]
    const answer = (await run('diff', file('a.json', a), file('b.json', b), '--kind', 'scp')) as {
      relation: string
      aWithinB: { witness: object }
      bWithinA: { holds: string }
    }
    expect(answer).toMatchObject({ relation: 'wider', aWithinB: { holds: 'no' }, bWithinA: { holds: 'yes' } })
    const verdicts = await Promise.all(
      [a, b].map(async (document) => {
        const policies = { identity: ALL, scps: [{ target: 'r', policies: [document] }] }
        return run(
          'eval',
          '--request',
          file('witness.json', answer.aWithinB.witness),
          '--policies',
          file('set.json', policies),
        )
      }),
    )
    expect(verdicts).toMatchObject([
      { results: [{ verdict: 'allowed' }] },
      { results: [{ verdict: 'denied' }] },
    ])
  })

  it('pack: prints the documents with their sources, and tells when there are too few slots', async () => {
    const files = [scp(deny('s3:Delete*')), scp(deny('ec2:*'))].map((one, i) => file(`p${i}.json`, one))
    expect(await run('pack', ...files, '--kind', 'scp')).toMatchObject({
      fits: true,
      documents: [{ statements: [{ sources: [{ index: 0 }, { index: 0 }] }] }],
    })
    await run('pack', ...files, '--kind', 'scp', '--characters', '60')
    expect(process.exitCode).toBe(2)
  })

  it('pack: takes a document that is too long for AWS, which is what it is for', async () => {
    const actions = Array.from({ length: 900 }, (_, i) => `s3:Get${i}`)
    const long = file('long.json', scp(deny('s3:Get*'), ...actions.map(deny)))
    expect(await run('pack', long, '--kind', 'scp')).toMatchObject({ documents: [{ statements: [{}] }] })
  })

  it('effective: one file for each level, or one with all of them; faults come with their place', async () => {
    const root = file('root.json', { tags: { a: { tag_value: { '@@assign': ['x'] } } } })
    const ou = file('ou.json', { tags: { a: { tag_value: { '@@append': ['y'] } } } })
    const wanted = { policies: [{ type: 'tag', effective: { tags: { a: { tag_value: ['x', 'y'] } } } }] }
    expect(await run('effective', root, ou)).toMatchObject(wanted)
    const both = file('levels.json', {
      levels: [root, ou].map((at) => ({ target: at, policies: [JSON.parse(readFileSync(at, 'utf8'))] })),
    })
    expect(await run('effective', both)).toMatchObject(wanted)
    await expect(
      run('effective', file('bad.json', '{"tags": {"a": {"tag_value": ["x"]}}}')),
    ).rejects.toMatchObject({
      kind: 'invalid',
      issues: [{ code: 'no_operator', message: expect.stringContaining('line 1') }],
    })
  })

  it('check: knows management policies, also inside answers of AWS', async () => {
    const described = file('tags.json', {
      Policy: {
        PolicySummary: { Type: 'TAG_POLICY' },
        Content: '{"tags": {"a": {"tag_key": {"@@assign": "b"}}}}',
      },
    })
    expect(await run('check', described)).toMatchObject({
      errors: 1,
      files: [
        { documents: [{ kind: 'tag', valid: false, problems: [{ code: 'tag_key_differs', line: 1 }] }] },
      ],
    })
  })
})

describe('files that cannot be', () => {
  it('are told in words, with what was wanted', async () => {
    const scps = path.join(folder, 'scps-for-sql')
    mkdirSync(scps, { recursive: true })
    file('scps-for-sql/a.json', ALL)
    const nowhere = path.join(folder, 'nowhere', 'x')
    expect(() => writeText(nowhere, '')).toThrow(`\`${nowhere}\` cannot be written: there is no such folder.`)
    await expect(run('diff', scps, scps)).rejects.toMatchObject({
      message: expect.stringContaining('it is a folder'),
    })
    await expect(run('eval', '--request', nowhere)).rejects.toMatchObject({
      message: expect.stringContaining('there is no such file'),
    })
    await expect(run('eval', '--request', '-', '--policies', '-')).rejects.toMatchObject({
      code: 'one_input',
    })
    await expect(
      run('sql', '--policies', scps, '--since', '2026-10-02', '--until', '2026-10-01'),
    ).rejects.toMatchObject({ code: 'bad_period' })
  })
})

describe('rankan policy eval, as a machine asks it', () => {
  it('answers each of hundreds of requests in its place, the faulty ones too', async () => {
    const requests = Array.from({ length: 600 }, (_, i) =>
      i % 3 === 0 ? { id: i, action: 'no action' } : { ...REQUEST, id: i, policies: { identity: ALL } },
    )
    const lines = `\ufeff${requests.map((one) => JSON.stringify(one)).join('\r\n')}\r\n`
    const { results } = (await run('eval', '--request', file('many.jsonl', lines))) as {
      results: readonly { id: number; verdict?: string; error?: object }[]
    }
    expect(results.map(({ id }) => id)).toEqual(requests.map(({ id }) => id))
    for (const [i, one] of results.entries()) {
      expect(one.verdict).toBe(i % 3 === 0 ? undefined : 'allowed')
      expect(one.error === undefined).toBe(i % 3 !== 0)
    }
    expect(process.exitCode).toBe(2)
  })
})
