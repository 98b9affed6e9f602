import type { Carrier, KeptCarrier } from '../../domain/controls/kept.ts'
import type { Mechanism } from '../../domain/controls/plans.ts'
import { HOOK_SETS, type HookSight, type SeenHook } from '../../domain/controls/world.ts'
import { invalid } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Bilingual } from '../../kernel/text.ts'
import type { Chosen } from './choose.ts'
import type { Hash } from './documents.ts'
import { oneRuleFile } from './hook-rules.ts'
import { NO_PART, type PartPlan, type PlanInput } from './input.ts'
import { type Change, textHash } from './policy-steps.ts'
import { bringing, type OurStackSet, removal, type StackSetDrift, stackSetDrift } from './stack-sets.ts'

/** Whether a form can be a rule of a CloudFormation Guard hook. */
export const isHookRule = ({ form }: Chosen): boolean => form.kind === 'cfn-guard'

/** Why no hook can be put on; null: it can. */
export function noHooks({ world }: PlanInput): Bilingual | null {
  const { hooks } = world
  if (hooks === null) return NOT_READ
  if (hooks.bucket === null) return NO_BUCKET
  return hooks.trusted ? null : NOT_TRUSTED
}

const NOT_READ: Bilingual = {
  ja: 'CloudFormation のスタックセットを読めないため、フックは置けません。`rankan check` が開発者の手元と CI で調べます。',
  en: 'Stack sets of CloudFormation cannot be read here, so there is no hook. `rankan check` looks at it on the desk of a developer and in CI.',
}
const NO_BUCKET: Bilingual = {
  ja: 'フックのルールを置く S3 バケットがこの AWS 組織に設定されていません(設定 `hookBucket`)。`rankan check` が開発者の手元と CI で調べます。',
  en: 'No S3 bucket for the rules of hooks is named for this AWS organisation (setting `hookBucket`). `rankan check` looks at it on the desk of a developer and in CI.',
}
const NOT_TRUSTED: Bilingual = {
  ja: '`member.org.stacksets.cloudformation.amazonaws.com` の信頼されたアクセスが無効のため、フックを配れません。有効にしてから計画を立て直してください。',
  en: 'Trusted access of `member.org.stacksets.cloudformation.amazonaws.com` is off, so hooks cannot reach the accounts. Switch it on and plan again.',
}

type Mode = 'WARN' | 'FAIL'

/** Names follow from the target: a hook is changed where it is, and an account below two targets has two hooks. */
const nameOf = (target: string): string => `${HOOK_SETS}${target}`
const aliasOf = (target: string): string =>
  `Rankan::${target
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}::Guard`

/** Proactive forms as one Guard hook in every account below the target. It begins with warnings. */
export function hookPlan(forms: readonly Chosen[], input: PlanInput): PartPlan {
  const { hooks } = input.world
  const ours = input.kept.carriers.find((one) => one.part === 'hooks' && one.target === input.target)
  if (input.hookMode === 'FAIL' && forms.length === 0)
    throw invalid('no_hook', 'There is no hook on this target that could stop what fails.')
  // A hook that was put on stays ours while its bucket is not named.
  if (hooks === null || noHooks(input) !== null) return { ...NO_PART, carriers: stays(ours) }
  const name = nameOf(input.target)
  const seen = hooks.hooks.find((one) => one.name === name)
  if (forms.length === 0)
    return ours === undefined
      ? NO_PART
      : { ...NO_PART, changes: removal(ofHook(name, input.target, seen, [])) }
  const rules = oneRuleFile(forms.flatMap(ruleFile))
  const key = `rankan/hooks/${input.world.organizationId}/${nameOfRules(rules, input.hash)}`
  const { mode, notes } = modeOf(input, seen, key)
  const template = templateOf(hooks.bucket ?? '', key, mode, input.target)
  const controls = [...new Set(forms.map(({ control }) => control.record.id))].sort()
  const wanted: Wanted = { name, bucket: hooks.bucket ?? '', key, rules, mode, template, controls }
  const changes = putting(wanted, seen, input)
  return {
    changes,
    mechanisms: forms.map((one) => mechanismOf(one, wanted, changes.length === 0)),
    carriers: [{ part: 'hooks', name, ref: textHash(template, input.hash), controls }],
    quotas: [],
    notes: [...notes, NO_MANAGEMENT_ACCOUNT],
  }
}

const stays = (ours: KeptCarrier | undefined): readonly Carrier[] =>
  ours === undefined ? [] : [{ part: 'hooks', name: ours.name, ref: ours.ref, controls: ours.controls }]

interface Wanted {
  readonly name: string
  readonly bucket: string
  readonly key: string
  readonly rules: string
  readonly mode: Mode
  readonly template: string
  readonly controls: readonly string[]
}

const ruleFile = ({ control, form }: Chosen) =>
  form.kind === 'cfn-guard'
    ? [{ control: control.record.id, text: String(control.documents[form.file]) }]
    : []

/** What is said of a template of ours; null: it says nothing that we know. */
function hookIn(template: string): { readonly uri: string; readonly mode: Mode } | null {
  try {
    const { Hook } = (JSON.parse(template) as Template).Resources
    return { uri: Hook.Properties.RuleLocation.Uri, mode: Hook.Properties.FailureMode }
  } catch {
    return null
  }
}

interface Template {
  readonly Resources: {
    readonly Hook: {
      readonly Properties: { readonly RuleLocation: { readonly Uri: string }; readonly FailureMode: Mode }
    }
  }
}

/** New rules warn first. `FAIL` is asked for, of rules that an apply has brought with `WARN`. */
function modeOf(
  { hookMode, target }: PlanInput,
  seen: SeenHook | undefined,
  key: string,
): { readonly mode: Mode; readonly notes: readonly Bilingual[] } {
  const now = seen === undefined || !seen.targets.includes(target) ? null : hookIn(seen.template)
  const sameRules = now?.uri.endsWith(`/${key}`) === true
  if (hookMode === 'FAIL' && !sameRules)
    throw invalid(
      'hook_not_tried',
      'A hook may stop what fails only after its rules have been in force as a warning. Apply the plan with `WARN` first, look at what it reports, then plan `FAIL`.',
    )
  const mode = hookMode ?? (sameRules ? (now?.mode ?? 'WARN') : 'WARN')
  const weaker = now?.mode === 'FAIL' && mode === 'WARN'
  return { mode, notes: weaker ? [WEAKER] : [] }
}

const WEAKER: Bilingual = {
  ja: 'フックは今、違反する操作を止めています。適用すると警告だけになります。止めるには、適用の後に `FAIL` で計画を立ててください。',
  en: 'The hook stops what fails today, and will only warn after this plan. Plan with `FAIL` afterwards to let it stop things again.',
}
const NO_MANAGEMENT_ACCOUNT: Bilingual = {
  ja: 'フックはホームリージョンに置かれ、管理アカウントには届きません(AWS のスタックセットの決まり)。',
  en: 'The hook is in the home Region, and does not reach the management account: stack sets of AWS leave it out.',
}

/** Role and hook of one account. The rules are asked about whole templates, as they were written for. */
const templateOf = (bucket: string, key: string, FailureMode: Mode, target: string): string =>
  canonicalJson({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'hooks.cloudformation.amazonaws.com' },
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
              },
            ],
          },
          Policies: [
            {
              PolicyName: 'ReadRules',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'],
                    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/${key}`],
                  },
                ],
              },
            },
          ],
        },
      },
      Hook: {
        Type: 'AWS::CloudFormation::GuardHook',
        Properties: {
          Alias: aliasOf(target),
          ExecutionRole: { 'Fn::GetAtt': ['Role', 'Arn'] },
          FailureMode,
          HookStatus: 'ENABLED',
          RuleLocation: { Uri: `s3://${bucket}/${key}` },
          TargetOperations: ['STACK', 'CHANGE_SET'],
          TargetFilters: { Actions: ['CREATE', 'UPDATE'] },
        },
      },
    },
  })

function putting(wanted: Wanted, seen: SeenHook | undefined, { target, hash }: PlanInput): readonly Change[] {
  const { name, bucket, key, rules, template, controls } = wanted
  // What is stored under a name that its text made harms nobody when the apply is given up.
  const rulesPut: Change = { effect: { do: 'put_hook_rules', bucket, key, rules }, undo: null, controls }
  const known = seen === undefined ? null : hookIn(seen.template)
  return [
    ...(known?.uri === `s3://${bucket}/${key}` && hasItsRules(seen, hash) ? [] : [rulesPut]),
    ...bringing(ofHook(name, target, seen, controls), template, hash),
  ]
}

const ofHook = (
  name: string,
  target: string,
  seen: SeenHook | undefined,
  controls: readonly string[],
): OurStackSet => ({
  kind: 'hook',
  name,
  target,
  seen,
  controls,
  put: (template) => ({ do: 'put_hook', name, template, failureMode: hookIn(template)?.mode ?? 'WARN' }),
})

/** The name of the rules in the bucket says what is in them. Of what cannot be read nothing is said. */
function hasItsRules(seen: SeenHook | undefined, hash: Hash): boolean {
  if (seen === undefined || seen.rules === null) return true
  return hookIn(seen.template)?.uri.endsWith(`/${nameOfRules(seen.rules, hash)}`) === true
}

const nameOfRules = (rules: string, hash: Hash): string => `${hash(rules).slice(0, 16)}.guard`

const mechanismOf = ({ control, type, form }: Chosen, { name, mode }: Wanted, isOn: boolean): Mechanism => ({
  control: control.record.id,
  type,
  form: form.kind,
  part: 'hooks',
  by: name,
  state: isOn ? 'in_force' : 'to_do',
  why: mode === 'WARN' ? WARNS : null,
})

const WARNS: Bilingual = {
  ja: 'フックは警告だけを出し、操作を止めません。',
  en: 'The hook warns and stops nothing.',
}

/** What happened to a hook of ours since it was applied; its rules may be others, too, where the template is the same. */
export function hookDrift(kept: KeptCarrier, { hooks }: HookSight, hash: Hash): readonly StackSetDrift[] {
  const found = stackSetDrift(kept, hooks, hash)
  const seen = hooks.find(({ name }) => name === kept.name)
  return hasItsRules(seen, hash) || found.includes('changed') ? found : ['changed', ...found]
}
