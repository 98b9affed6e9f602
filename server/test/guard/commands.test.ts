import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BINARY, noBinary } from './official.ts'

const RANKAN = fileURLToPath(new URL('../../bin/rankan.js', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'rankan-guard-commands-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FILES: Readonly<Record<string, string>> = {
  'rules/encrypted.guard': `let volumes = Resources.*[ Type == 'AWS::EC2::Volume' ]
rule encrypted when %volumes !empty { %volumes.Properties.Encrypted == true <<Encrypt it>> }
rule sized when %volumes !empty { %volumes.Properties.Size <= %LARGEST }
let LARGEST = 100
`,
  'rules/broken.txt': 'rule x {',
  'with-input.guard': 'rule sized { Resources.*.Properties.Size <= limits.size }\n',
  'input.yaml': 'limits: { size: 50 }\n',
  'templates/good.yaml':
    'Resources: { V: { Type: AWS::EC2::Volume, Properties: { Encrypted: true, Size: 8 } } }\n',
  'templates/none.json': '{"Resources":{"B":{"Type":"AWS::S3::Bucket"}}}\n',
  'bad/plain.yaml':
    'Resources: { V: { Type: AWS::EC2::Volume, Properties: { Encrypted: false, Size: 800 } } }\n',
  'bad/broken.yaml': 'Resources: [\n',
  'right.yaml': `- input: { Resources: { V: { Type: AWS::EC2::Volume, Properties: { Encrypted: true, Size: 1 } } } }
  expectations: { rules: { encrypted: PASS, sized: PASS } }
`,
  // YAML 1.2, as serde_yaml reads it: `True` is a bool there, nothing at all is null, and aliases are followed.
  'core.guard': `rule bool { a == true }
rule nothing { b is_null }
rule hex { c == 31 }
rule alias { d.a == true }
`,
  'core.yaml': `- input: &one { a: True, b: , c: 0x1f, d: &two { a: TRUE } }
  expectations: { rules: { bool: PASS, nothing: PASS, hex: PASS, alias: PASS } }
- input: { a: True, b: ~, c: 31, d: *two }
  expectations: { rules: { bool: PASS, nothing: PASS, hex: PASS, alias: PASS } }
`,
  'unknown.guard': 'rule x { %nowhere == 1 }\n',
  'twice.yaml': '- { input: { a: 1, a: 2 }, expectations: { rules: {} } }\n',
  'folder/a.guard': 'rule a { a exists }\n',
  'folder/b.guard': 'rule {',
  'folder/tests/a_tests.yaml': '- { input: { a: 1 }, expectations: { rules: { a: PASS } } }\n',
  'folder/tests/b_tests.yaml': '- { input: { a: 1 }, expectations: { rules: { a: PASS } } }\n',
  'shared/a.guard': 'rule a { a exists }\n',
  'shared/a_more.guard': 'rule {',
  'shared/tests/a_more_tests.yaml': '- { input: { a: 1 }, expectations: { rules: { a: PASS } } }\n',
  'first/a.guard': 'rule a { a exists }\n',
  'first/b.guard': 'rule b { b exists }\n',
  'first/tests/a_tests.yaml': '- { input: { a: 1 }, expectations: { rules: { a: FAIL } } }\n',
  'first/tests/b_tests.yaml': '- [\n',
  'wrong.yaml': `- input: { Resources: { V: { Type: AWS::EC2::Volume, Properties: { Encrypted: true, Size: 1 } } } }
  expectations: { rules: { encrypted: FAIL } }
`,
}

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
})

interface SarifResult {
  readonly ruleId: string
  readonly level: string
  readonly message: { readonly text: string }
}

interface Sarif {
  readonly runs: readonly { readonly results: readonly SarifResult[] }[]
}

const exitOf = (command: string, args: readonly string[], input?: string): number | null =>
  spawnSync(command, args, { cwd: folder, encoding: 'utf8', ...(input === undefined ? {} : { input }) })
    .status

const RULES = ['-r', 'rules/encrypted.guard'] as const
const PAYLOAD = JSON.stringify({
  rules: [FILES['rules/encrypted.guard']],
  data: [FILES['templates/none.json']],
})

describe.skipIf(noBinary !== null)('rankan guard ends as cfn-guard does', () => {
  it.each<[string, readonly string[], string?]>([
    ['everything passes', ['validate', ...RULES, '-d', 'templates/good.yaml']],
    ['every rule is skipped', ['validate', ...RULES, '-d', 'templates/none.json']],
    ['a folder passes', ['validate', ...RULES, '-d', 'templates', '-a']],
    ['a rule fails', ['validate', ...RULES, '-d', 'bad/plain.yaml', '-S', 'none']],
    [
      'a rule fails, structured',
      ['validate', ...RULES, '-d', 'bad/plain.yaml', '-o', 'json', '-z', '-S', 'none'],
    ],
    [
      'a rule fails, SARIF',
      ['validate', ...RULES, '-d', 'bad/plain.yaml', '-o', 'sarif', '-z', '-S', 'none'],
    ],
    [
      'a rule fails, JUnit',
      ['validate', ...RULES, '-d', 'bad/plain.yaml', '-o', 'junit', '-z', '-S', 'none'],
    ],
    ['the rules do not parse', ['validate', '-r', 'rules/broken.txt', '-d', 'templates/good.yaml']],
    ['the document does not parse', ['validate', ...RULES, '-d', 'bad/broken.yaml']],
    ['the rules are not there', ['validate', '-r', 'absent.guard', '-d', 'templates/good.yaml']],
    [
      'input parameters',
      ['validate', '-r', 'with-input.guard', '-d', 'templates/good.yaml', '-i', 'input.yaml'],
    ],
    [
      'input parameters by name',
      ['validate', '-r', 'with-input.guard', '-d', 'bad/plain.yaml', '--input-params', 'input.yaml'],
    ],
    ['a payload', ['validate', '-P'], PAYLOAD],
    ['a document on standard input', ['validate', ...RULES], FILES['bad/plain.yaml']],
    ['tests pass', ['test', '-r', 'rules/encrypted.guard', '-t', 'right.yaml']],
    ['a test fails', ['test', '-r', 'rules/encrypted.guard', '-t', 'wrong.yaml']],
    ['two orders', ['validate', ...RULES, '-d', 'templates', '-a', '-m']],
    ['a summary of structured output', ['validate', ...RULES, '-d', 'templates', '-z', '-o', 'json']],
    ['a trace', ['validate', ...RULES, '-d', 'bad/plain.yaml', '-v', '-p']],
    [
      'some rules do not parse and others fail',
      ['validate', ...RULES, '-r', 'folder', '-d', 'bad/plain.yaml'],
    ],
    [
      'a rule fails after rules that do not parse',
      ['validate', '-r', 'folder', ...RULES, '-d', 'bad/plain.yaml'],
    ],
    ['tests in YAML 1.2', ['test', '-r', 'core.guard', '-t', 'core.yaml']],
    ['a test names a member twice', ['test', '-r', 'core.guard', '-t', 'twice.yaml']],
    ['a rule of a test cannot be evaluated', ['test', '-r', 'unknown.guard', '-t', 'right.yaml']],
    ['a folder has rules that do not parse', ['test', '-d', 'folder', '-v']],
    ['a folder has rules that do not parse, structured', ['test', '-d', 'folder', '-o', 'json']],
    ['the rules of a test do not parse', ['test', '-r', 'rules/broken.txt', '-t', 'right.yaml']],
    [
      'the rules of a test do not parse, structured',
      ['test', '-r', 'rules/broken.txt', '-t', 'right.yaml', '-o', 'junit'],
    ],
    ['a file of tests serves the first rule file that fits', ['test', '-d', 'shared']],
    ['a folder has tests that fail, and then some that do not parse', ['test', '-d', 'first']],
    [
      'a folder has tests that fail, and then some that do not parse, structured',
      ['test', '-d', 'first', '-o', 'json'],
    ],
    [
      'some rules do not parse and others fail, JUnit',
      ['validate', ...RULES, '-r', 'folder', '-d', 'bad/plain.yaml', '-z', '-S', 'none', '-o', 'junit'],
    ],
  ])('%s', (_, args, input) => {
    const official = exitOf(BINARY, args, input)
    expect(exitOf(process.execPath, [RANKAN, 'guard', ...args], input)).toBe(official)
  })

  it('and reports the same, file by file', () => {
    const args = (format: string) => [
      'validate',
      ...RULES,
      '-d',
      'bad/plain.yaml',
      '-d',
      'templates',
      '-z',
      '-S',
      'none',
      '-o',
      format,
    ]
    const outputs = (format: string) =>
      [[BINARY], [process.execPath, RANKAN, 'guard']].map(
        ([command = '', ...before]) =>
          spawnSync(command, [...before, ...args(format)], { cwd: folder, encoding: 'utf8' }).stdout,
      )
    const [official, ours] = outputs('json').map((text) => JSON.parse(text) as { name: string }[])
    expect(ours).toEqual(official)
    const [suites, own] = outputs('junit').map((text) =>
      [...text.matchAll(/<(?:testsuite|testcase|failure) [^>]*/g)].map(([element]) => ({
        element: element.split(' ')[0],
        attributes: Object.fromEntries(
          [...element.matchAll(/(name|status|failures|errors|message)="([^"]*)"/g)].map((m) => [m[1], m[2]]),
        ),
      })),
    )
    expect(own).toEqual(suites)
    const results = outputs('sarif').map((text) =>
      (JSON.parse(text) as Sarif).runs[0]?.results.map(({ ruleId, level, message }) => ({
        ruleId,
        level,
        text: message.text.trim(),
      })),
    )
    expect(results[1]).toEqual(results[0])
    expect(results[1]).toHaveLength(2)
  })
})
