import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The official engine: cfn-guard's native binary in an npm package that AWS publishes. */
const FOLDER = path.dirname(
  createRequire(import.meta.url).resolve('@cdklabs/cdk-validator-cfnguard/package.json'),
)
const MACHINES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'ubuntu', darwin: 'macos' }

export const BINARY = path.join(
  FOLDER,
  'bin',
  SYSTEMS[process.platform] ?? '-',
  MACHINES[process.arch] ?? '-',
  'cfn-guard',
)

/** Null where the binary runs; else why it cannot. */
export const noBinary: string | null = existsSync(BINARY)
  ? null
  : `cfn-guard's binary is not built for ${process.platform} ${process.arch}`

export interface OfficialRule {
  readonly file: string
  readonly text: string
}

/** The 237 Control Tower rules of the package. */
export function controlTowerRules(): readonly OfficialRule[] {
  const root = path.join(FOLDER, 'rules', 'control-tower', 'cfn-guard')
  return readdirSync(root).flatMap((service) =>
    readdirSync(path.join(root, service)).map((name) => ({
      file: `${service}/${name}`,
      text: readFileSync(path.join(root, service, name), 'utf8'),
    })),
  )
}

/** Sorted names by verdict, of one document. */
export interface OfficialVerdicts {
  readonly fail: readonly string[]
  readonly skip: readonly string[]
  readonly pass: readonly string[]
}

interface Report {
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[]
  readonly not_applicable: readonly string[]
  readonly compliant: readonly string[]
}

const sorted = (names: readonly string[]): readonly string[] =>
  [...new Set(names.map((name) => name.replace(/^RULES_STDIN\[1\]\//, '')))].sort()

/** Report, tree and tree in JSON of a rule file on one document, without white space; null: the engine stops with an error. */
export function officialTrace(rules: string, document: string): string | null {
  const result = spawnSync(BINARY, ['validate', '--payload', '-o', 'json', '-S', 'none', '-v', '-p'], {
    input: JSON.stringify({ rules: [rules], data: [document] }),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  return result.status === 0 || result.status === 19 ? result.stdout.replace(/\s+/g, '') : null
}

/** Verdicts of a rule file on every document; null: the engine stops with an error on one of them. */
export function officialVerdicts(
  rules: string,
  documents: readonly string[],
): readonly OfficialVerdicts[] | null {
  const result = spawnSync(BINARY, ['validate', '--payload', '--structured', '-o', 'json', '-S', 'none'], {
    input: JSON.stringify({ rules: [rules], data: documents }),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  if (result.status !== 0 && result.status !== 19) return null
  return (JSON.parse(result.stdout) as readonly Report[]).map((report) => ({
    fail: sorted(report.not_compliant.map(({ Rule }) => Rule.name)),
    skip: sorted(report.not_applicable),
    pass: sorted(report.compliant),
  }))
}
