import { partialVendForm } from '@rankan/server/domain/applications/draft.ts'
import { evaluateRules } from '@rankan/server/domain/applications/rules/evaluate.ts'
import { namingSchema } from '@rankan/server/domain/applications/rules/rulebook.ts'
import type { CheckView, VerdictView } from '@rankan/server/domain/applications/view.ts'
import { dayInJapan } from '@rankan/server/kernel/days.ts'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { checkForm, type FormState, type RulesView, rulesQuery } from '../api.ts'

const SETTLE_MS = 700

/** The value once it has been still for a moment. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}

export interface Judged {
  readonly verdicts: readonly VerdictView[]
  readonly check: CheckView | null
}

/** Verdicts at every key by the same pure rules as the server's; what needs the register follows from the server. */
export function useVerdicts(form: FormState, applicationId: string | null): Judged {
  const rules = useQuery(rulesQuery)
  const settled = useSettled(form, SETTLE_MS)
  const check = useQuery({
    queryKey: ['application-check', applicationId, settled],
    queryFn: () => checkForm(settled, applicationId),
    placeholderData: (before) => before,
    staleTime: 10_000,
    gcTime: 0,
  })
  const local = useMemo(
    () => (rules.data === undefined ? [] : evaluateHere(form, rules.data)),
    [form, rules.data],
  )
  const isFresh = settled === form && check.data !== undefined && !check.isPlaceholderData
  const server = check.data?.verdicts ?? []
  const verdicts = isFresh
    ? server
    : local.map((verdict) =>
        verdict.reason === 'needs_register'
          ? (server.find((s) => s.rule === verdict.rule) ?? verdict)
          : verdict,
      )
  return { verdicts, check: check.data ?? null }
}

const evaluateHere = (form: FormState, rules: RulesView): VerdictView[] =>
  evaluateRules(partialVendForm(form), rules.rulebook, {
    today: dayInJapan(new Date()),
    settings: rules.rulebook.settings,
    naming: namingSchema.parse({ asOf: '', source: '', ...rules.naming }),
    mailDomain: rules.mailDomain,
    register: null,
  }).map((verdict) => ({ ...verdict, path: [...verdict.path] }))
