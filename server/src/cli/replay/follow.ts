import path from 'node:path'
import { follow } from '../../analytics/stream/follow.ts'
import { systemClock } from '../../kernel/clock.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Cli, CommandGroup } from '../app.ts'
import { coverageCommand } from './coverage.ts'
import type { Places } from './places.ts'

interface Options {
  readonly queue: string
  readonly facts: string
  readonly batchEvents: string
  readonly batchSeconds: string
  readonly windowHours: string
}

/** `rankan trail follow`: CloudTrail events out of a queue into facts, until SIGTERM. */
export const trailCommands =
  (places: Places): CommandGroup =>
  (program, cli) => {
    const trail = program
      .command('trail')
      .description('CloudTrail events as they come, and what is known of them')
    coverageCommand(trail, cli)
    trail
      .command('follow')
      .description(
        'read the CloudTrail events that EventBridge puts into an SQS queue into facts, until SIGTERM',
      )
      .requiredOption('--queue <url>', 'URL of the queue')
      .requiredOption(
        '--facts <dir>',
        'folder of the facts, of this queue alone; `rankan replay --facts` asks them',
      )
      .option('--batch-events <n>', 'write a part after this many events', '10000')
      .option('--batch-seconds <n>', 'or after so long', '300')
      .option('--window-hours <n>', 'count an event once whose copies come within so long', '24')
      .action((options: Options) => run(cli(), places, options))
  }

async function run(cli: Cli, places: Places, options: Options): Promise<void> {
  const batchSeconds = numberOf('batch-seconds', options.batchSeconds, 1, 3600)
  const batchEvents = numberOf('batch-events', options.batchEvents, 1, 100_000)
  const windowMs = numberOf('window-hours', options.windowHours, 0, 336) * 3_600_000
  // Longer than a batch waits and is written, so that its messages do not come again meanwhile.
  const queue = await places.queue(options.queue, 2 * batchSeconds + 300)
  const signal = places.stopped()
  cli.say(`Following \`${options.queue}\`; SIGTERM ends it. / キューを読み込み中(SIGTERM で終了)`)
  try {
    const totals = await follow({
      queue,
      name: options.queue,
      dir: path.resolve(options.facts),
      batchEvents,
      batchMs: batchSeconds * 1000,
      windowMs,
      clock: systemClock,
      signal,
      onBatch: ({ events, duplicates, left, parts }) =>
        cli.say(
          `${events} events in ${parts} parts, ${duplicates} duplicates, ${left} left / イベント ${events} 件、重複 ${duplicates} 件、未処理 ${left} 件`,
        ),
    })
    cli.print(totals, () => [
      `${totals.events} events in ${totals.parts} parts → \`${options.facts}\`; ${totals.duplicates} duplicates, ${totals.left} messages left in the queue, ${totals.notRemoved} not deleted`,
      `イベント ${totals.events} 件を記録。重複 ${totals.duplicates} 件、キューに残したメッセージ ${totals.left} 件、削除できなかったもの ${totals.notRemoved} 件`,
    ])
  } finally {
    queue.close()
  }
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most)
    throw invalid('bad_number', `\`--${option} ${text}\` must be a number from ${least} to ${most}.`)
  return value
}
