import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { type Coverage, coverage } from '../../analytics/trail/coverage.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { Cli } from '../app.ts'

/** `rankan trail coverage`: how much of a trail is understood, out of its facts. */
export function coverageCommand(trail: Command, cli: () => Cli): void {
  trail
    .command('coverage')
    .description('how many events of a trail are mapped to an action, and to a resource; and which are not')
    .requiredOption('--facts <dir>', 'folder of facts, as `rankan replay` keeps it')
    .action(({ facts }: { facts: string }) => run(cli(), facts))
}

async function run(cli: Cli, facts: string): Promise<void> {
  if (!existsSync(path.join(facts, 'parts')))
    throw new RankanError('not_found', 'no_facts', `There are no facts in \`${facts}\`.`)
  const found = await coverage(path.resolve(facts))
  cli.print(found, () => coverageLines(found))
}

/** `94.1 % of calls mapped to an action, 71.0 % to a resource`, and what is missing most. */
export function coverageLines(found: Coverage): readonly string[] {
  const { events, calls, mapped, withResource, skipped, unmapped, withoutResource } = found
  const other = Object.entries(skipped).filter(([reason]) => reason !== 'unmapped')
  return [
    `${share(mapped, calls)} of ${calls} calls mapped to an action, ${share(withResource, calls)} to a resource (${events} events)`,
    `呼び出し ${calls} 件のうち、操作が分かるもの ${share(mapped, calls)}、対象まで分かるもの ${share(withResource, calls)}(イベント ${events} 件)`,
    ...other.map(([reason, count]) => `  ${reason}: ${count} events are no call / 権限確認のないイベント`),
    ...(unmapped.length === 0 ? [] : ['Events without an action / 操作が分からないイベント:']),
    ...unmapped.map(({ event, count }) => `  ${event}: ${count}`),
    ...(withoutResource.length === 0 ? [] : ['Actions without a resource / 対象が分からない操作:']),
    ...withoutResource.map(({ action, count }) => `  ${action}: ${count}`),
  ]
}

/** Rounded down: what is not all is never said to be 100.0 %. */
const share = (part: number, all: number): string =>
  all === 0 ? '—' : `${(Math.floor((part / all) * 1000) / 10).toFixed(1)} %`
