import { readdirSync, readFileSync } from 'node:fs'
import { EffectivePolicyType } from '@aws-sdk/client-organizations'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkText } from '../exchange/check.ts'
import { effectiveAnswers, type GivenLevel } from '../exchange/effective.ts'
import { createReader, settle } from '../exchange/reader.ts'
import { runs } from '../testing/runs.ts'
import { effectivePolicy } from './effective.ts'
import { parseManagementPolicy } from './parse.ts'
import { MANAGEMENT_TYPES, RULES, UNDESCRIBED } from './types.ts'

interface Case {
  readonly name: string
  readonly levels: readonly GivenLevel[]
  readonly effective: object | null
  readonly ignored?: readonly object[]
  readonly missing?: readonly string[]
  /** What a check finds in the policies: severity and code. Of AWS's own examples nothing, where it is not given. */
  readonly problems?: readonly string[]
}

const folder = `${import.meta.dirname}/cases`
const themes = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { theme: string; cases: Case[] },
)

/** What a check finds in the policies of a case. */
const foundIn = ({ levels }: Case): readonly string[] =>
  levels
    .flatMap(({ policies }) => policies as readonly { readonly document: object }[])
    .flatMap(({ document }) => checkText(JSON.stringify(document)).documents)
    .flatMap(({ problems }) => problems.map(({ severity, code }) => `${severity} ${code}`))

describe.each(themes)('effective $theme', ({ cases }) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const reader = createReader()
    const [answer, ...more] = effectiveAnswers(one.levels, reader)
    settle(reader, 'The case')
    expect(more).toEqual([])
    expect(answer?.effective ?? null).toEqual(one.effective)
    if (one.ignored !== undefined) {
      expect(answer?.ignored).toHaveLength(one.ignored.length)
      expect(answer?.ignored).toMatchObject(one.ignored)
    }
    if (one.missing !== undefined) expect(answer?.missing).toEqual(one.missing)
    expect(foundIn(one)).toEqual(one.problems ?? [])
  })
})

const codes = (document: string | object) =>
  parseManagementPolicy(document).problems.map(({ code, path }) => `${code} ${path}`)

describe('management documents', () => {
  it('says what is wrong, where, and what was probably meant', () => {
    const text =
      '{"tags": {"Project": {\n  "tag_key": {"@@asign": "Project"},\n  "tag_value": ["a"],\n  "enforced_for": {"@@append": "s3:*"}}}}'
    const { policy, problems } = parseManagementPolicy(text)
    expect(policy).toBeNull()
    expect(problems).toMatchObject([
      { code: 'unknown_operator', line: 2, column: 15, hint: 'Did you mean `@@assign`?' },
      { code: 'no_operator', line: 3 },
      { code: 'not_a_list', line: 4 },
    ])
  })

  it.each<[string, object, readonly string[]]>([
    [
      'a wrong number of at signs',
      { tags: { A: { tag_key: { '@assign': 'A' } } } },
      ['unknown_operator $.tags.A.tag_key["@assign"]'],
    ],
    [
      'what no resource type looks like',
      { tags: { A: { enforced_for: { '@@assign': ['ec2:instance', 's3', 'AWS::S3::Bucket', 's3:*'] } } } },
      ['bad_value $.tags.A.enforced_for["@@assign"][1]', 'bad_value $.tags.A.enforced_for["@@assign"][2]'],
    ],
    [
      'two wildcards in one value',
      { tags: { A: { tag_value: { '@@assign': ['*@example.jp', '*@*.jp'] } } } },
      ['bad_value $.tags.A.tag_value["@@assign"][1]'],
    ],
    [
      'a value where settings stand',
      {
        services: {
          lex: { '@@assign': 'optOut' },
          rekognitions: { opt_out_policy: { '@@assign': 'optOut' } },
        },
      },
      ['no_value_here $.services.lex', 'unknown_setting $.services.rekognitions'],
    ],
    [
      'a plan that AWS Backup cannot carry out',
      {
        plans: {
          P: {
            regions: { '@@assign': ['ap-northeast-1', 'tokyo'] },
            rules: {
              R: {
                schedule_expression: { '@@assign': 'every day' },
                target_backup_vault_name: { '@@assign': 'my vault' },
                lifecycle: {
                  move_to_cold_storage_after_days: { '@@assign': '30' },
                  delete_after_days: { '@@assign': '119' },
                },
              },
            },
          },
        },
      },
      [
        'bad_value $.plans.P.regions["@@assign"][1]',
        'bad_value $.plans.P.rules.R.schedule_expression["@@assign"]',
        'bad_value $.plans.P.rules.R.target_backup_vault_name["@@assign"]',
        'cold_storage_too_short $.plans.P.rules.R.lifecycle',
      ],
    ],
    [
      'no Region',
      { securityhub: { enable_in_regions: { '@@assign': ['ALL_SUPPORTED', 'all', 'eu-central-1'] } } },
      ['bad_value $.securityhub.enable_in_regions["@@assign"][1]'],
    ],
  ])('finds %s', (_, document, wanted) => {
    expect(codes(document)).toEqual(wanted)
  })

  it('knows the one key at the top, and each fault of the operators', () => {
    expect(codes({ tag: {} })).toEqual(['unknown_type $'])
    expect(codes({ tags: {}, plans: {} })).toEqual(['second_root $.plans'])
    expect(codes({ tags: { A: { tag_key: { '@@assign': 'b' } } } })).toEqual([
      'tag_key_differs $.tags.A.tag_key',
    ])
    expect(codes({ tags: { a: {}, A: {} } })).toEqual(['duplicate_key $.tags.A'])
    expect(codes({ services: { lex: { opt_out_policy: { '@@assign': 'optout' } } } })).toEqual([
      'bad_value $.services.lex.opt_out_policy["@@assign"]',
    ])
    expect(
      codes({
        tags: { a: { tag_value: { '@@operators_allowed_for_child_policies': ['@@none', '@@append'] } } },
      }),
    ).toHaveLength(1)
    expect(
      codes({ ec2_attributes: { serial_consol_access: { status: { '@@assign': 'enabled' } } } }),
    ).toEqual(['unknown_setting $.ec2_attributes.serial_consol_access'])
  })

  // Organizations User Guide, "Chat applications policy syntax and examples", "Security Hub policy syntax and examples".
  it('knows the overrides of Teams by tenant and team, and the features of Security Hub', () => {
    const roles = { supported_role_settings: { '@@assign': ['user_role'] } }
    const chat = (teams: object) => ({ chatbot: { platforms: { microsoft_teams: teams } } })
    const found = (document: object) =>
      checkText(JSON.stringify(document)).documents.flatMap(({ problems }) =>
        problems.map(({ code }) => code),
      )
    expect(found(chat({ default: roles, overrides: { tenant: { team: roles } } }))).toEqual([])
    expect(found(chat({ default: { supported_channel_types: { '@@assign': ['private'] } } }))).toEqual([
      'unknown_setting',
    ])
    const regions = {
      enable_in_regions: { '@@assign': ['ALL_SUPPORTED'] },
      disable_in_regions: { '@@assign': [] },
    }
    expect(found({ securityhub: { ...regions, features: { any: regions } } })).toEqual([])
  })

  it('checks the values of types that AWS added lately, and says so of a type that it does not know', () => {
    expect(
      codes({
        upgrade_rollout: { default: { patch_order: { '@@assign': 'third' } } },
      }),
    ).toEqual(['bad_value $.upgrade_rollout.default.patch_order["@@assign"]'])
    expect(
      codes({ inspector: { enablement: { ec2_scaning: { enable_in_regions: { '@@assign': ['ALL'] } } } } }),
    ).toEqual(['unknown_setting $.inspector.enablement.ec2_scaning'])
    const other = checkText('{"inspectr": {"enablement": {"x": {"@@assign": "y"}}}}')
    expect(other.documents).toEqual([])
    expect(other.problems).toMatchObject([
      { severity: 'warning', code: 'unknown_type', hint: 'Did you mean `inspector`?' },
    ])
  })

  it('refuses a value only where AWS says what it must be, and warns where its pages show examples alone', () => {
    const severities = (document: object) =>
      parseManagementPolicy(document).problems.map(
        ({ severity, code, path }) => `${severity} ${code} ${path}`,
      )
    const rule = {
      schedule_expression: { '@@assign': 'rate(1 day)' },
      target_backup_vault_name: { '@@assign': 'a b' },
    }
    expect(severities({ plans: { p: { regions: { '@@assign': ['tokyo'] }, rules: { r: rule } } } })).toEqual([
      'warning bad_value $.plans.p.regions["@@assign"][0]',
      'warning bad_value $.plans.p.rules.r.schedule_expression["@@assign"]',
      'error bad_value $.plans.p.rules.r.target_backup_vault_name["@@assign"]',
    ])
    expect(severities({ securityhub: { enable_in_regions: { '@@assign': ['tokyo'] } } })).toEqual([
      'error bad_value $.securityhub.enable_in_regions["@@assign"][0]',
    ])
    expect(severities({ services: { lex: { opt_out_policy: { '@@append': ['optOut'] } } } })).toEqual([
      'warning one_value $.services.lex.opt_out_policy',
    ])
    const spaces = ' '.repeat(10_000)
    const checked = (setting: string) =>
      checkText(`{${spaces}${setting}}`).documents.flatMap(({ valid, problems }) => [
        valid,
        ...problems.map(({ severity, code }) => `${severity} ${code}`),
      ])
    // AWS's page of quotas has no number for S3 policies.
    expect(checked('"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}')).toEqual([
      true,
      'warning too_long',
    ])
    expect(checked('"tags": {"A": {"tag_key": {"@@assign": "A"}}}')).toEqual([false, 'error too_long'])
  })

  it('knows every type of which the SDK says that it has effective policies, or says why not', () => {
    const known = [...RULES.values()].map(({ api }) => api)
    expect([...known, ...Object.keys(UNDESCRIBED)].sort()).toEqual(Object.values(EffectivePolicyType).sort())
  })

  it('every type has its own root and API name', () => {
    const rules = MANAGEMENT_TYPES.flatMap((type) => RULES.get(type) ?? [])
    expect(new Set(rules.map(({ root }) => root)).size).toBe(MANAGEMENT_TYPES.length)
    expect(new Set(rules.map(({ api }) => api)).size).toBe(MANAGEMENT_TYPES.length)
    for (const { root, settings } of rules) for (const { path } of settings) expect(path[0]).toBe(root)
  })
})

const OPERATORS = ['@@assign', '@@append', '@@remove'] as const
const values = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
const setting = fc.record(
  {
    '@@assign': values,
    '@@append': values,
    '@@remove': values,
    '@@operators_allowed_for_child_policies': fc.oneof(
      fc.constantFrom(['@@all'], ['@@none']),
      fc.subarray([...OPERATORS], { minLength: 1 }),
    ),
  },
  { requiredKeys: [] },
)
const document = fc.record({ one: setting, Two: setting }, { requiredKeys: [] }).map((keys) => ({
  tags: Object.fromEntries(Object.entries(keys).map(([key, tag_value]) => [key, { tag_value }])),
}))
const levels = fc.array(fc.array(document, { maxLength: 3 }), { maxLength: 4 }).map((given) =>
  given.map((policies, i) => ({
    target: `level ${i}`,
    policies: policies.flatMap((one, j) => parseManagementPolicy(one, `${j}`).policy ?? []),
  })),
)
const RUNS = runs(11, 500)

describe('effective policies', () => {
  it('a_locked_setting_never_changes_below', () => {
    const lock = parseManagementPolicy(
      {
        tags: {
          '@@operators_allowed_for_child_policies': ['@@none'],
          one: {
            tag_value: { '@@assign': ['locked'], '@@operators_allowed_for_child_policies': ['@@none'] },
          },
        },
      },
      'lock',
    ).policy
    if (lock === null) throw new Error('the lock is no policy')
    fc.assert(
      fc.property(levels, (below) => {
        const { document: effective } = effectivePolicy([{ target: 'r', policies: [lock] }, ...below])
        expect(effective).toEqual({ tags: { one: { tag_value: ['locked'] } } })
      }),
      RUNS,
    )
  })

  it('an_empty_level_changes_nothing, and whatever is said can be found in some policy', () => {
    fc.assert(
      fc.property(levels, (given) => {
        const plain = effectivePolicy(given)
        const padded = given.flatMap((level) => [level, { target: 'empty', policies: [] }])
        expect(effectivePolicy(padded)).toEqual(plain)
        for (const { value, from } of plain.settings) {
          expect(from.length).toBeGreaterThan(0)
          expect(new Set(value.values).size).toBe(value.values.length)
        }
      }),
      RUNS,
    )
  })

  it('the order of policies at one level matters for assignments alone', () => {
    fc.assert(
      fc.property(levels, (given) => {
        const assigns = (level: (typeof given)[number]) =>
          level.policies.filter(({ root }) => JSON.stringify(root).includes('"@@assign":')).length
        fc.pre(given.every((level) => assigns(level) < 2))
        const turned = given.map((level) => ({ ...level, policies: [...level.policies].reverse() }))
        const sorted = (result: ReturnType<typeof effectivePolicy>) =>
          result.settings
            .map(({ path, value }) => `${path.join('/').toLowerCase()} ${[...value.values].sort().join()}`)
            .sort()
        expect(sorted(effectivePolicy(turned))).toEqual(sorted(effectivePolicy(given)))
      }),
      RUNS,
    )
  })
})
