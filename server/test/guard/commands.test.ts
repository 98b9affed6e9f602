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
    ['the rules of a test do not parse', ['test', '-r', 'rules/broken.txt', '-t', 'right.yaml']],
  ])('%s', (_, args, input) => {
    const official = exitOf(BINARY, args, input)
    expect(exitOf(process.execPath, [RANKAN, 'guard', ...args], input)).toBe(official)
  })
})
