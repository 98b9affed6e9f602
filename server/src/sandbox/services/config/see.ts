import type { ConfigRequest } from '../../control/api.ts'
import { AwsError, type World } from '../../core/contract.ts'
import { accounts } from '../organizations/state.ts'
import { keepResult } from './evaluate.ts'
import { putItem } from './items.ts'

/** The control API tells Config what there is in an account: the sandbox has few resources of its own. */
export function seeResources(
  world: World,
  { accountId, region, items = [], evaluations = [] }: ConfigRequest,
): { readonly items: number; readonly evaluations: number } {
  if (!accounts(world).has(accountId))
    throw new AwsError('NotFound', `There is no account \`${accountId}\`.`, {}, 404)
  if (!/^[a-z]{2}-[a-z-]+-\d$/.test(region ?? ''))
    throw new AwsError('invalid', `\`${region}\` is not the name of a Region.`)
  for (const item of items)
    putItem(world, { configurationItemStatus: 'OK', tags: {}, ...item, accountId, awsRegion: region })
  const now = world.now()
  for (const { annotation = null, ...one } of evaluations)
    keepResult(world, accountId, region, { ...one, annotation, orderedAt: now, recordedAt: now })
  return { items: items.length, evaluations: evaluations.length }
}
