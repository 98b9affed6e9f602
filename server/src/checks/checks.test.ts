import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Ajv from 'ajv-draft-04'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../guard/document/document.ts'
import { compileRules } from '../guard/guard.ts'
import { findingsOf } from '../guard/report/findings.ts'
import { sarif } from '../guard/report/sarif.ts'
import { counts, fails, type Threshold } from './counts.ts'
import { excused, matches, readBaseline, readWaivers, writeBaseline } from './excuses.ts'
import type { Finding, Report } from './finding.ts'
import { inputOf, inputsOfAssembly } from './inputs.ts'
import { humanLines } from './output/human.ts'
import { jsonReport } from './output/json.ts'
import { junitReport } from './output/junit.ts'
import { sarifReport } from './output/sarif.ts'
import { checkable, chosen } from './rules.ts'
import { check } from './run.ts'
import { encryptedVolumes } from './testing.ts'

const controls = checkable([encryptedVolumes()])
const example = (name: string): string =>
  readFileSync(new URL(`../../../examples/check/${name}`, import.meta.url), 'utf8')
const checked = (file: string, text: string): Report => {
  const input = inputOf(file, text, {})
  if (input === null) throw new Error(`${file} is no template`)
  return { ...check([input], controls, 0), notes: [] }
}
const ALL: Threshold = { severity: 'low', unknown: false }
const volume = (encrypted: string, more = ''): string =>
  `Parameters: {P: {Type: String}}
Conditions: {C: !Equals [!Ref P, x]}
Resources:
  V:
    Type: AWS::EC2::Volume
${more}    Properties:
      Encrypted: ${encrypted}
`
const brief = ({ findings }: Report) =>
  findings.map(({ verdict, resource, line }) => [verdict, resource, line])

describe('findings', () => {
  it.each([
    ['true', '', []],
    ['false', '', [['FAIL', 'V', 7]]],
    ['!Ref P', '', [['UNKNOWN', 'V', 7]]],
    ['false', '    Condition: C\n', [['UNKNOWN', 'V', 8]]],
    ['true', '    Condition: C\n', []],
  ])('of a volume with %s %s', (encrypted, more, found) =>
    expect(brief(checked('t.yaml', volume(encrypted, more)))).toEqual(found),
  )

  it('tell failing resources from those that nobody knows of', () => {
    const two = `${volume('false')}  W: {Type: AWS::EC2::Volume, Properties: {Encrypted: !Ref P}}\n`
    expect(checked('t.yaml', two).findings.map(({ verdict, resource }) => [resource, verdict])).toEqual([
      ['V', 'FAIL'],
      ['W', 'UNKNOWN'],
    ])
  })
  it('of the example plan name the Terraform address; what goes away is not checked', () =>
    expect(brief(checked('plan.json', example('terraform/plan.json')))).toEqual([
      ['FAIL', 'aws_ebs_volume.data', 13],
    ]))
  it('of what a macro adds are one paragraph for all controls', () => {
    const text = `Transform: My::Macro\n${volume('true')}`
    const report = checked('t.yaml', text)
    expect(report.findings.map(({ verdict, resource }) => [verdict, resource])).toEqual([
      ['UNKNOWN', 'Fn::Transform::My::Macro'],
    ])
    const [finding] = report.findings as [Finding]
    const another: Finding = { ...finding, control: { ...finding.control, id: 'another' } }
    const lines = humanLines({ ...report, findings: [finding, another] }, 'en', ALL)
    expect(lines.slice(0, 2)).toEqual([
      '· t.yaml:5:3 UNKNOWN Fn::Transform::My::Macro: the macro `My::Macro` adds resources at deployment',
      `  2 controls cannot judge it before deployment: ${finding.control.id}, another`,
    ])
  })

  it('of an assembly leave stacks without resources in peace, and name the file that is wrong', () => {
    const stack = (file: string) => ({ type: 'aws:cloudformation:stack', properties: { templateFile: file } })
    const manifest = { version: '36.0.0', artifacts: { Empty: stack('a.json'), Full: stack('b.json') } }
    const read = (b: string) => (file: string) =>
      ({ 'manifest.json': JSON.stringify(manifest), 'a.json': '{"Parameters":{},"Rules":{}}', 'b.json': b })[
        file
      ] ?? null
    const full = '{"Resources":{"V":{"Type":"AWS::EC2::Volume","Properties":{"Encrypted":false}}}}'
    const found = check(inputsOfAssembly('cdk.out', read(full), {}), controls, 0)
    expect(found.findings.map(({ verdict, file }) => [verdict, file])).toEqual([['FAIL', 'cdk.out/b.json']])
    expect(() => inputsOfAssembly('cdk.out', read('{"Resources": ['), {})).toThrow(
      /cdk\.out: `b\.json`, line 1/,
    )
  })

  it('of the example assembly name stack and construct, through nested stacks and stages', () => {
    const inputs = inputsOfAssembly(
      'cdk.out',
      (file) => {
        try {
          return example(`cdk.out/${file}`)
        } catch {
          return null
        }
      },
      {},
    )
    expect(inputs.map(({ stack }) => stack)).toEqual([
      'Shop',
      expect.stringMatching(/^Shop\/Storage/),
      'Prod/Jobs',
    ])
    const [finding, ...others] = check(inputs, controls, 0).findings
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      construct: 'Shop/Storage/ArchiveDisk/Resource',
      verdict: 'FAIL',
      line: 9,
    })
  })
  it('do not show what is secret', () => {
    const secret = volume('!Ref P').replace('{Type: String}', '{Type: String, NoEcho: true, Default: hush}')
    expect(JSON.stringify(checked('t.yaml', secret).findings)).not.toContain('hush')
  })
})

describe('input', () => {
  it('that is something else is none', () => expect(inputOf('x.yaml', 'a: 1', {})).toBeNull())
  it('that is broken says where', () =>
    expect(() => inputOf('x.json', '{"Resources": {"A": ', {})).toThrow(/^x\.json:\d+:\d+: /))
  it('asks for controls that are there', () => expect(() => chosen(controls, ['none'])).toThrow(/`none`/))
})

const failing = checked('t.yaml', volume('false'))
const [known] = failing.findings as [Finding]

describe('known and excepted findings', () => {
  const excuse = (waivers: string, baseline = new Set<string>(), today = '2026-11-22') =>
    excused(failing.findings, { waivers: readWaivers('w.yaml', waivers), baseline, today })
  const waiver = (expires: string, resource = 'V') =>
    `- {id: EX-1, control: ebs-encrypted, resource: "${resource}", reason: r, approvedBy: a, expires: ${expires}}`

  it('a waiver holds through its last day, and then no more', () => {
    expect(excuse(waiver('2026-11-22')).findings[0]?.excused).toMatchObject({ kind: 'waiver', id: 'EX-1' })
    const late = excuse(waiver('2026-11-21'))
    expect(late.findings[0]?.excused).toBeNull()
    expect(late.notes).toEqual([{ kind: 'waiver_expired', id: 'EX-1', expires: '2026-11-21' }])
  })
  it('a waiver for another resource excuses nothing and is reported', () => {
    const other = excuse(waiver('2099-01-01', 'W*'))
    expect([other.findings[0]?.excused, other.notes]).toEqual([null, [{ kind: 'waiver_unused', id: 'EX-1' }]])
  })
  it('a baseline that was written excuses the same findings', () => {
    const baseline = readBaseline('b.json', writeBaseline(failing.findings))
    expect(excuse('[]', new Set(baseline)).findings[0]?.excused).toEqual({ kind: 'baseline' })
  })
  it('a waiver without approver is refused with its place', () =>
    expect(() =>
      readWaivers('w.yaml', '- {id: a, control: b, resource: c, reason: d, expires: 2026-01-01}'),
    ).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ path: [0, 'approvedBy'] })] })))
  it.each([
    ['*', 'a', true],
    ['a*c', 'abc', true],
    ['a*c', 'ab', false],
    ['a*b*c', 'a-b-c', true],
    ['ab*ba', 'aba', false],
    ['a', 'ab', false],
    ['*x*', 'abc', false],
  ])('the pattern %s on %s', (pattern, name, fits) => expect(matches(pattern, name)).toBe(fits))
})

describe('thresholds', () => {
  const unknown = checked('t.yaml', volume('!Ref P'))
  it('what is less severe does not fail', () => {
    expect(fails(failing, ALL)).toBe(true)
    expect(fails(failing, { ...ALL, severity: 'critical' })).toBe(false)
  })
  it('what nobody knows is no pass, and fails when one says so', () => {
    expect(unknown.verdicts).toMatchObject({ PASS: 0, UNKNOWN: 1 })
    expect([fails(unknown, ALL), fails(unknown, { ...ALL, unknown: true })]).toEqual([false, true])
  })
  it('excused findings do not fail', () =>
    expect(counts({ ...known, excused: { kind: 'baseline' } }, ALL)).toBe(false))
})

describe('output', () => {
  const unknown = checked('o t.yaml', volume('!Ref P'))
  const both: Report = {
    ...failing,
    documents: [...failing.documents, ...unknown.documents],
    findings: [
      ...failing.findings,
      ...unknown.findings,
      { ...known, excused: { kind: 'waiver', id: 'EX-1', approvedBy: 'a', expires: '2099-01-01' } },
    ],
    notes: [{ kind: 'waiver_unused', id: 'EX-2' }],
  }
  const schema = JSON.parse(
    readFileSync(
      createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
      'utf8',
    ),
  ) as object
  const ajv = new Ajv.default({ strict: false, unicodeRegExp: false })
  formats.default(ajv)
  const valid = ajv.compile(schema)

  it.each(['ja', 'en'] as const)('in SARIF is valid against the schema of OASIS (%s)', (language) => {
    valid(sarifReport(both, language))
    expect(valid.errors).toBeNull()
  })
  it('the schema refuses what is no SARIF', () => expect(valid({ version: '2.1.0', runs: [{}] })).toBe(false))
  it('of `guard validate` in SARIF is valid, too', () => {
    const document = readDocument('{"a": 1}')
    const text = 'rule r { a == 2 <<no>> }'
    const findings = findingsOf(
      { ruleFile: 'r', ruleText: text, document },
      compileRules(text)?.evaluate(document) ?? [],
    )
    valid(sarif([{ name: 'dir/a b.json', findings }]))
    expect([findings.length, valid.errors]).toEqual([1, null])
  })
  it('for people says what, where, why, how to mend and which framework', () => {
    const text = humanLines(both, 'ja', ALL).join('\n')
    for (const part of [
      't.yaml:7:18',
      '違反',
      '[高]',
      'V (AWS::EC2::Volume)',
      '暗号化してください',
      'nist-csf-2.0 PR.DS-01',
      'EX-1',
    ])
      expect(text).toContain(part)
    expect(humanLines(both, 'en', ALL).at(-1)).toBe(
      '2 documents, 2 resources, 1 control: 1 failure, 1 unknown, 1 excused.',
    )
  })
  it('in JUnit has a failure for each control that fails in a document', () => {
    const xml = junitReport(both, 'en', ALL)
    expect(xml.match(/<failure>/g)).toHaveLength(1)
    expect(xml).toContain('tests="2" failures="1"')
  })
  it('in JSON says whether all is well', () =>
    expect(jsonReport(both, ALL)).toMatchObject({
      ok: false,
      findings: [{ counts: true }, { counts: false }, { counts: false }],
    }))
})
