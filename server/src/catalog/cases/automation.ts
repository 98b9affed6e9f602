import { parseAutomation } from '../../automation/check.ts'
import { type Answer, playAutomation } from '../../automation/run.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { AutomationCase } from '../record.ts'

/** The end of the run when the calls were those of the case; else what was called instead. */
export function automationVerdict(source: unknown, one: AutomationCase): string {
  const { document, issues } = parseAutomation(source)
  if (document === null) return `error: ${issues[0]?.message ?? 'no document'}`
  const left = [...(one.replies ?? [])]
  const made: { readonly call: string; readonly input: unknown }[] = []
  const run = playAutomation(document, one.parameters, (service, api, input): Answer => {
    const call = `${service}:${api}`
    made.push({ call, input })
    const at = left.findIndex((reply) => reply.call === call)
    const [found] = at < 0 ? [] : left.splice(at, 1)
    return found?.error === undefined ? { reply: found?.reply ?? {} } : { error: found.error }
  })
  const differs = one.calls.length !== made.length || one.calls.some((wanted, i) => !same(wanted, made[i]))
  if (differs)
    return `called ${made.map(({ call, input }) => `${call} ${canonicalJson(input)}`).join(', ') || 'nothing'}`
  if (left.length > 0) return `nobody asked for the reply to ${left.map(({ call }) => call).join(', ')}`
  return run.status
}

const same = (
  wanted: AutomationCase['calls'][number],
  made: { readonly call: string; readonly input: unknown } | undefined,
): boolean =>
  wanted.call === made?.call &&
  (wanted.input === undefined || canonicalJson(wanted.input) === canonicalJson(made.input))
