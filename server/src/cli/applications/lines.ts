import type { ApplicationRow, ApplicationView, VerdictView } from '../../domain/applications/view.ts'
import { counted } from '../../kernel/text.ts'

const local = (at: string) => at.slice(0, 16).replace('T', ' ')
const where = (path: readonly (string | number)[]) => path.join('.')

export const rowLine = (row: ApplicationRow): string =>
  [
    row.id,
    row.state.padEnd(12),
    row.kind.padEnd(8),
    row.organisationName.ja,
    row.systemName.ja || (row.accountId ?? ''),
    row.environments.join('+'),
    `since ${local(row.since)}Z`,
  ].join('  ')

const MARKS = { pass: '+', warn: '!', fail: 'x', unknown: '?' } as const

export const verdictLine = (v: VerdictView): string =>
  `  ${MARKS[v.outcome]} ${v.title.en}: ${v.message.en}${v.outcome === 'fail' ? ` (${where(v.path)})` : ''}${v.exception ? ` [exception asked until ${v.exception.expiresOn}]` : ''}`

export function turnLine(view: ApplicationView): string {
  const { turn } = view
  if (!turn) return 'It is over.'
  const names = turn.who.map((w) => (w.standsInFor ? `${w.name} (for ${w.standsInFor})` : w.name)).join(', ')
  const usual = turn.usualSeconds === null ? '' : `, usually ${duration(turn.usualSeconds)}`
  return `Waits for: ${turn.role}${names ? ` (${names})` : ''}, since ${local(turn.since)}Z${usual}`
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return seconds < 129_600 ? `${Math.round(seconds / 3600)} h` : counted(Math.round(seconds / 86_400), 'day')
}

export function detailLines(view: ApplicationView): readonly string[] {
  const orders = view.orders.map(
    (o) =>
      `  ${o.environment ?? view.kind}: ${o.state}  ${o.accountName ?? ''} ${o.accountId ?? ''}${o.failure ? `  ${o.failure.step}: ${o.failure.message}` : ''}`,
  )
  return [
    rowLine(view),
    turnLine(view),
    ...(view.eta ? [`Usable about ${local(view.eta.at)}Z (nine in ten by ${local(view.eta.p90)}Z)`] : []),
    ...(view.answer ? [`${view.answer.by.name}: ${view.answer.comment}`] : []),
    ...(orders.length > 0 ? ['Orders:', ...orders] : []),
    ...(view.verdicts.length > 0 ? ['Rules:', ...view.verdicts.map(verdictLine)] : []),
    ...(view.issues.length > 0
      ? ['To correct:', ...view.issues.map((i) => `  ${where(i.path)}: ${i.message}`)]
      : []),
  ]
}
