import { z } from 'zod'
import { GUARDRAIL_KINDS } from '../policies/kinds.ts'

/**
 * The changes that a plan may ask of an AWS organisation, as data: what is stored in a plan is exactly what an apply
 * does. Each is idempotent: done again after it was done, it changes nothing. What a change creates is found again by
 * its name, so that a later step needs no id that was unknown when the plan was made.
 */

const kind = z.enum(GUARDRAIL_KINDS)
/** Organizations keeps the names of the policies of one kind apart. */
const policyName = z.string().min(1).max(128)
/** `r-…` or `ou-…` */
const target = z.string()

export const policyEffect = z.discriminatedUnion('do', [
  /** Switches the type on at the root. */
  z.object({ do: z.literal('enable_policy_type'), kind }),
  /** Finds the policy of that kind and name and corrects it, or creates it. */
  z.object({
    do: z.literal('put_policy'),
    kind,
    name: policyName,
    description: z.string(),
    content: z.string(),
  }),
  /** Done already when there is none. `conflict` while it is attached anywhere. */
  z.object({ do: z.literal('delete_policy'), kind, name: policyName }),
  z.object({ do: z.literal('attach_policy'), kind, name: policyName, target }),
  z.object({ do: z.literal('detach_policy'), kind, name: policyName, target }),
])
export type PolicyEffect = z.infer<typeof policyEffect>

/** Control Tower. `alias` as people know it (`AWS-GR_RESTRICT_ROOT_USER`, `CT.S3.PR.1`, `SH.S3.8`), `control` its ARN. */
const towerControl = { alias: z.string(), control: z.string(), target }
export const towerEffect = z.discriminatedUnion('do', [
  /** `EnableControl`, or `UpdateEnabledControl` when it is on with other parameters. */
  z.object({
    do: z.literal('enable_control'),
    ...towerControl,
    parameters: z.record(z.string(), z.unknown()),
  }),
  z.object({ do: z.literal('disable_control'), ...towerControl }),
])
export type TowerEffect = z.infer<typeof towerEffect>

/** AWS Config in the home region. */
export const packEffect = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('put_conformance_pack'),
    name: z
      .string()
      .regex(/^[a-zA-Z][a-zA-Z0-9-]*$/)
      .max(128),
    /** YAML or JSON, at most 51,200 bytes. */
    template: z.string(),
    parameters: z.record(z.string(), z.string()),
    /** Account ids, at most 1,000. */
    excludedAccounts: z.array(z.string()),
  }),
  z.object({ do: z.literal('delete_conformance_pack'), name: z.string() }),
])
export type PackEffect = z.infer<typeof packEffect>

/** Central configuration of Security Hub CSPM, in its home region and from its delegated administrator. */
export const securityHubEffect = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('put_securityhub_policy'),
    name: z.string(),
    description: z.string(),
    /** ARNs */
    enabledStandards: z.array(z.string()),
    /** `S3.8`. All others of the standards are off when it is given, all others on when `disabledControls` is. */
    enabledControls: z.array(z.string()).nullable(),
    disabledControls: z.array(z.string()).nullable(),
  }),
  z.object({ do: z.literal('delete_securityhub_policy'), name: z.string() }),
  z.object({ do: z.literal('associate_securityhub_policy'), name: z.string(), target }),
  z.object({ do: z.literal('disassociate_securityhub_policy'), name: z.string(), target }),
])
export type SecurityHubEffect = z.infer<typeof securityHubEffect>

/**
 * Guard hooks of CloudFormation in member accounts: the rules lie in a bucket of the organisation, and a stack set whose
 * permissions Organizations manages brings hook and role into every account below a target, also later ones. Home Region.
 */
export const hookEffect = z.discriminatedUnion('do', [
  /** The name says what is in it, so that it is never another text. */
  z.object({ do: z.literal('put_hook_rules'), bucket: z.string(), key: z.string(), rules: z.string() }),
  /** Creates the stack set, or changes its template everywhere. */
  z.object({
    do: z.literal('put_hook'),
    name: z
      .string()
      .regex(/^[a-zA-Z][a-zA-Z0-9-]*$/)
      .max(128),
    /** CloudFormation as JSON. */
    template: z.string(),
    failureMode: z.enum(['WARN', 'FAIL']),
  }),
  z.object({ do: z.literal('deploy_hook'), name: z.string(), target }),
  z.object({ do: z.literal('withdraw_hook'), name: z.string(), target }),
  /** `conflict` while it is deployed anywhere. */
  z.object({ do: z.literal('delete_hook'), name: z.string() }),
])
export type HookEffect = z.infer<typeof hookEffect>

const stackSetName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9-]*$/)
  .max(128)

/**
 * Documents of Systems Manager: in every account below a target by a stack set, as for hooks; where stack sets are not
 * trusted, one of the management account that is shared with the accounts.
 */
export const documentEffect = z.discriminatedUnion('do', [
  /** Creates the stack set, or changes its documents everywhere. */
  z.object({ do: z.literal('put_repairs'), name: stackSetName, template: z.string() }),
  z.object({ do: z.literal('deploy_repairs'), name: stackSetName, target }),
  z.object({ do: z.literal('withdraw_repairs'), name: stackSetName, target }),
  /** `conflict` while they are deployed anywhere. */
  z.object({ do: z.literal('delete_repairs'), name: stackSetName }),
  z.object({
    do: z.literal('put_document'),
    name: z.string(),
    type: z.literal('Automation'),
    /** JSON */
    content: z.string(),
  }),
  z.object({ do: z.literal('delete_document'), name: z.string() }),
])
export type DocumentEffect = z.infer<typeof documentEffect>

export const controlEffect = z.union([
  policyEffect,
  towerEffect,
  packEffect,
  securityHubEffect,
  hookEffect,
  documentEffect,
])
export type ControlEffect = z.infer<typeof controlEffect>

/** The parts of AWS that carry controls; an effect belongs to one. */
export const CONTROL_PARTS = ['policies', 'tower', 'packs', 'securityHub', 'hooks', 'documents'] as const
export type ControlPart = (typeof CONTROL_PARTS)[number]

const PART_OF: Readonly<Record<ControlEffect['do'], ControlPart>> = {
  enable_policy_type: 'policies',
  put_policy: 'policies',
  delete_policy: 'policies',
  attach_policy: 'policies',
  detach_policy: 'policies',
  enable_control: 'tower',
  disable_control: 'tower',
  put_conformance_pack: 'packs',
  delete_conformance_pack: 'packs',
  put_securityhub_policy: 'securityHub',
  delete_securityhub_policy: 'securityHub',
  associate_securityhub_policy: 'securityHub',
  disassociate_securityhub_policy: 'securityHub',
  put_hook_rules: 'hooks',
  put_hook: 'hooks',
  deploy_hook: 'hooks',
  withdraw_hook: 'hooks',
  delete_hook: 'hooks',
  put_repairs: 'documents',
  deploy_repairs: 'documents',
  withdraw_repairs: 'documents',
  delete_repairs: 'documents',
  put_document: 'documents',
  delete_document: 'documents',
}

export const partOf = (effect: ControlEffect): ControlPart => PART_OF[effect.do]
