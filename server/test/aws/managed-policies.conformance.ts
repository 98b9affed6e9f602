/** AWS's own managed policies, as moto carries them, through the parser, the linter and the proofs. Run by `npm run conformance`. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { diskFacts } from '../../src/cli/policy/facts.ts'
import { checkText } from '../../src/policy/exchange/check.ts'
import { parsePolicy } from '../../src/policy/parse/policy.ts'
import { comparePolicies } from '../../src/policy/questions/compare.ts'

const python = process.env.RANKAN_PYTHON
if (!python) throw new Error('Set `RANKAN_PYTHON` to a Python with moto, or run `npm run conformance`.')

/** moto keeps them as one text of JSON in a module. */
const DUMP = `
import json, moto.iam.aws_managed_policies as m
data = m.aws_managed_policies_data
data = json.loads(data) if isinstance(data, str) else data
print(json.dumps({name: one["Document"] for name, one in data.items()}))
`
const read = () =>
  JSON.parse(
    execFileSync(python, ['-c', DUMP], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
  ) as Readonly<Record<string, { readonly Statement: unknown }>>

test("AWS's managed policies are read without an error", { timeout: 300_000 }, () => {
  const policies = Object.entries(read())
  expect(policies.length).toBeGreaterThan(1_000)
  const faults: string[] = []
  const shadowed: (readonly [name: string, document: object, index: number])[] = []
  for (const [name, document] of policies) {
    const { documents, problems } = checkText(JSON.stringify(document), 'identity')
    expect([name, documents.length, problems]).toEqual([name, 1, []])
    for (const { severity, code, path } of documents[0]?.problems ?? []) {
      // AWS's own are longer than what AWS takes from others.
      if (severity === 'error' && code !== 'too_long') faults.push(`${name} ${code} ${path}`)
      if (code === 'shadowed') shadowed.push([name, document, Number(/\d+/.exec(path)?.[0])])
    }
  }
  expect(faults).toEqual([])
  // A statement of which the linter says that it adds nothing may go: that is proved, not believed.
  for (const [name, document, index] of shadowed) {
    const whole = document as { readonly Version: string; readonly Statement: readonly object[] }
    const [all, rest] = [whole.Statement, whole.Statement.filter((_, n) => n !== index)].map(
      (Statement) => parsePolicy({ ...whole, Statement }, 'identity', { name }).policy,
    )
    if (all === null || all === undefined || rest === null || rest === undefined) throw new Error(name)
    expect([name, index, comparePolicies([all], [rest]).relation]).toEqual([name, index, 'equal'])
  }
})

/** Warnings about what does not fit together, and how many of AWS's own policies may have one: guide, `rankan policy check`. */
const FITTING: Readonly<Record<string, number>> = {
  key_not_of_actions: 2,
  operator_type: 5,
  no_set_operator: 2,
  resource_not_of_actions: 20,
  action_without_its_resource: 10,
  arn_partition: 0,
  arn_any_service: 0,
  arn_account: 0,
  mfa_allows_without: 0,
  mfa_if_exists_allows: 0,
  mfa_deny_misses_keys: 0,
  redundant_action: 30,
}

test("AWS's managed policies hardly raise a false alarm", { timeout: 300_000 }, () => {
  const facts = diskFacts()
  const found = new Map<string, string[]>()
  for (const [name, document] of Object.entries(read()))
    for (const { code } of checkText(JSON.stringify(document), 'identity', facts).documents[0]?.problems ??
      [])
      found.set(code, [...(found.get(code) ?? []), name])
  for (const [code, most] of Object.entries(FITTING)) {
    const names = [...new Set(found.get(code) ?? [])]
    expect(names.length, `${code}: ${names.join(', ')}`).toBeLessThanOrEqual(most)
  }
})
