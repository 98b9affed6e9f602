import type { Call, World } from '../../core/contract.ts'
import { baselineKeysOf, baselinesOf, controlsOf, notFound } from './state.ts'

type Tags = Readonly<Record<string, string>>

/** Enabled baselines and enabled controls carry tags. */
function holder(world: World, arn: string): { tags: Tags; write: (tags: Tags) => void } {
  const key = baselineKeysOf(world).get(arn)
  const baseline = key === undefined ? undefined : baselinesOf(world).get(key)
  if (key !== undefined && baseline)
    return { tags: baseline.tags, write: (tags) => baselinesOf(world).put(key, { ...baseline, tags }) }
  const control = controlsOf(world).get(arn)
  if (control)
    return { tags: control.tags, write: (tags) => controlsOf(world).put(arn, { ...control, tags }) }
  throw notFound(`No resource found with the ARN ${arn}.`)
}

export const listTagsForResource = ({ world, input }: Call<{ resourceArn: string }>) => ({
  tags: holder(world, input.resourceArn).tags,
})

export function tagResource({ world, input }: Call<{ resourceArn: string; tags: Tags }>) {
  const { tags, write } = holder(world, input.resourceArn)
  write({ ...tags, ...input.tags })
  return {}
}

export function untagResource({ world, input }: Call<{ resourceArn: string; tagKeys: readonly string[] }>) {
  const { tags, write } = holder(world, input.resourceArn)
  write(Object.fromEntries(Object.entries(tags).filter(([key]) => !input.tagKeys.includes(key))))
  return {}
}
