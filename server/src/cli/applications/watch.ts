import type { ApplicationTimeline } from '../../domain/accounts/work-view.ts'
import type { ApplicationView } from '../../domain/applications/view.ts'
import type { Cli } from '../app.ts'
import { detailLines, turnLine } from './lines.ts'

const EVERY_MS = 1_000
const OVER: readonly string[] = ['ready', 'rejected', 'withdrawn', 'abandoned']
/** A person must act now; the command ends so that a script can go on. */
const STOPS: readonly string[] = [...OVER, 'draft', 'returned', 'needs_repair']

/** Follows an application until it is over or a person must act, with the steps of its workflows as they go. */
export async function watch(cli: Cli, id: string): Promise<void> {
  const path = `/api/applications/${encodeURIComponent(id)}`
  let view = await cli.api.get<ApplicationView>(path)
  const bar = cli.progress(Math.max(1, view.orders.length))
  let told = ''
  try {
    for (;;) {
      const steps = await currentSteps(cli, path)
      const line = [view.state, view.turn ? turnLine(view) : '', ...steps].filter(Boolean).join(' · ')
      if (line !== told) cli.say(line)
      told = line
      bar.update(view.orders.filter((o) => o.state === 'finished').length, view.state)
      if (STOPS.includes(view.state)) break
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
      view = await cli.api.get<ApplicationView>(path)
    }
  } finally {
    bar.stop()
  }
  cli.print(view, () => detailLines(view))
  if (view.state === 'needs_repair') process.exitCode = 4
}

async function currentSteps(cli: Cli, path: string): Promise<readonly string[]> {
  const timeline = await cli.api.get<ApplicationTimeline>(`${path}/timeline`)
  return timeline.works.flatMap((work) => {
    const step = work.steps.findLast(
      (s) => s.state === 'running' || s.state === 'waiting' || s.state === 'failed',
    )
    return step
      ? [`${work.environment ?? work.kind}: ${step.title.en}${step.error ? ` (${step.error.message})` : ''}`]
      : []
  })
}
