import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { HookEffect } from '../../domain/controls/effects.ts'
import { HOOK_SETS, type HookSight, type SeenHook } from '../../domain/controls/world.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { ControlPort } from '../../ports/controls.ts'
import type { Connection } from '../connection.ts'
import { unless } from '../errors.ts'
import { beginStackSet, lookAtStackSet, readable, type StackSetOrder, stackSetsNamed } from './stack-sets.ts'

type Clients = Pick<Connection, 'cloudFormation' | 's3'>

/**
 * Guard hooks of the accounts below a target, in the home Region, by stack sets of the management account.
 * @param bucket for the rules, in the management account and readable by the accounts; null: none was named.
 */
export function hookControls(
  { cloudFormation, s3 }: Clients,
  bucket: string | null,
  region: string,
): ControlPort<HookSight, HookEffect> {
  return {
    read: () => readable(() => sight({ cloudFormation, s3 }, bucket)),
    async begin(effect, again = true) {
      if (effect.do !== 'put_hook_rules') return beginStackSet(cloudFormation, orderOf(effect), region, again)
      await s3.send(new PutObjectCommand({ Bucket: effect.bucket, Key: effect.key, Body: effect.rules }))
      return { done: true, result: { rules: `s3://${effect.bucket}/${effect.key}` } }
    },
    look: (operation) => lookAtStackSet(cloudFormation, operation),
  }
}

function orderOf(effect: Exclude<HookEffect, { do: 'put_hook_rules' }>): StackSetOrder {
  switch (effect.do) {
    case 'put_hook': {
      const { name, template } = effect
      // The template makes the role under which the hook reads its rules.
      return {
        do: 'put',
        name,
        template,
        description: 'Rankan: Guard hook',
        capabilities: ['CAPABILITY_IAM'],
      }
    }
    case 'deploy_hook':
      return { ...effect, do: 'deploy' }
    case 'withdraw_hook':
      return { ...effect, do: 'withdraw' }
    case 'delete_hook':
      return { ...effect, do: 'delete' }
  }
}

async function sight({ cloudFormation, s3 }: Clients, bucket: string | null): Promise<HookSight> {
  if (bucket === null) return { bucket, trusted: false, hooks: [] }
  const { trusted, sets } = await stackSetsNamed(cloudFormation, HOOK_SETS)
  const hooks: SeenHook[] = []
  for (const one of sets) hooks.push({ ...one, rules: await rulesOf(s3, one.template) })
  return { bucket, trusted, hooks }
}

const RULES = /"s3:\/\/([a-z0-9.-]+)\/([^"]+\.guard)"/

/** The rules that a template of ours points to. Roles of before this was asked may not read them. */
async function rulesOf(s3: Clients['s3'], template: string): Promise<string | null> {
  const [, Bucket, Key] = RULES.exec(template) ?? []
  if (Bucket === undefined) return null
  return unless<string | null>(
    ['NoSuchKey', 'NoSuchBucket'],
    async () => {
      try {
        return (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? ''
      } catch (error) {
        if (error instanceof RankanError && error.kind === 'denied') return null
        throw error
      }
    },
    () => '',
  )
}
