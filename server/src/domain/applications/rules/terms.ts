import { addDays, type Day } from '../../../kernel/days.ts'
import { type Evaluator, fail, missing, pass, warn } from './types.ts'

export const contractDates: Evaluator = (form, { register }) => {
  const contract = form.operator
  if (!contract)
    return form.operators?.length
      ? fail('operators_without_contract', ['operator'])
      : pass('no_operator', ['operator'])
  const { contractStart: start, contractEnd: end, contractNumber: number } = contract
  if (!start || !end) return missing(['operator', start ? 'contractEnd' : 'contractStart'])
  if (end < start) return fail('reversed', ['operator', 'contractEnd'], { start, end })
  const known = register?.contract
  if (known?.end && known.end !== end && number)
    return fail('not_registered', ['operator', 'contractEnd'], { number, end: known.end })
  return pass('in_order', ['operator', 'contractEnd'], { start, end })
}

export const contractCoversStart: Evaluator = (form, { settings }) => {
  const contract = form.operator
  if (!contract) return pass('no_operator', ['operator'])
  const { contractStart: from, contractEnd: end } = contract
  const start = form.dates?.start
  if (!from || !end || !start) return missing(start ? ['operator', 'contractEnd'] : ['dates', 'start'])
  const path = ['operator', 'contractEnd']
  if (start < from || start > end) return fail('outside', path, { start, from, end })
  const until = form.dates?.end
  if (until && until > end) return warn('ends_before_use', path, { end, until })
  if (end < addDays(start, settings.contractEndsSoonDays))
    return warn('ends_soon', path, { days: settings.contractEndsSoonDays })
  return pass('covers', path, { start })
}

export const datesInOrder: Evaluator = (form, { today, settings }) => {
  const start = form.dates?.start
  const end = form.dates?.end
  const path = ['dates', 'start']
  if (!start) return missing(path)
  if (start < today) return fail('past', path, { start })
  if (end && end <= start) return fail('reversed', ['dates', 'end'], { start, end })
  if (start > addDays(today, settings.maxDaysAhead))
    return warn('too_far', path, { days: settings.maxDaysAhead })
  return start === today ? warn('today', path) : pass('in_order', path, { start })
}

/** Japan's fiscal year runs from April: March 2027 belongs to 2026. */
export const fiscalYearOf = (day: Day, startsInMonth: number): number =>
  Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < startsInMonth ? 1 : 0)

export const budgetYear: Evaluator = (form, { settings }) => {
  const start = form.dates?.start
  const given = form.billing?.fiscalYear
  const budget = form.billing?.budgetYen
  if (!start) return missing(['dates', 'start'])
  if (given === undefined || budget === undefined)
    return missing(['billing', given === undefined ? 'fiscalYear' : 'budgetYen'])
  const year = fiscalYearOf(start, settings.fiscalYearStartsInMonth)
  if (year !== given) return fail('other_year', ['billing', 'fiscalYear'], { year, given })
  if (budget === 0) return fail('no_budget', ['billing', 'budgetYen'])
  return pass('funded', ['billing', 'budgetYen'], { year, budget: budget.toLocaleString('en-US') })
}

export const consentGiven: Evaluator = (form, { settings }) => {
  const path = ['consent', 'accepted']
  const { baselineVersion: baseline, usageRulesVersion: rules } = settings
  if (!form.consent) return missing(path)
  if (!form.consent.accepted) return fail('not_agreed', path)
  if (form.consent.baselineVersion !== baseline || form.consent.usageRulesVersion !== rules)
    return fail('old_version', path, { baseline, rules })
  return pass('agreed', path, { baseline, rules })
}
