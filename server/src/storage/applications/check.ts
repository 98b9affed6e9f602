import { type DraftForm, partialVendForm } from '../../domain/applications/draft.ts'
import type { ApplicationForm } from '../../domain/applications/form.ts'
import { readForm } from '../../domain/applications/issues.ts'
import type { AccountNames } from '../../domain/applications/naming.ts'
import { passesByItself } from '../../domain/applications/policy.ts'
import { plannedNames } from '../../domain/applications/rules/accounts.ts'
import { evaluateChange, evaluateRules, type Verdict } from '../../domain/applications/rules/evaluate.ts'
import type { RuleContext } from '../../domain/applications/rules/types.ts'
import { dayInJapan } from '../../kernel/days.ts'
import type { Issue } from '../../kernel/errors.ts'
import type { Tx } from '../transact.ts'
import { changeFacts, registerFacts } from './register.ts'
import type { ApplicationSetup } from './setup.ts'

export interface Checked {
  /** The form, when the schema accepts it. */
  readonly form: ApplicationForm | null
  readonly issues: readonly Issue[]
  readonly verdicts: readonly Verdict[]
  readonly plannedNames: readonly AccountNames[]
  /** The policy would approve it for the centre by itself. */
  readonly automatic: boolean
}

/** Looks at a form, finished or not, with schema, rules and register. Changes nothing. */
export async function checkApplication(
  tx: Tx,
  setup: ApplicationSetup,
  draft: DraftForm | ApplicationForm,
  applicationId: string | null,
): Promise<Checked> {
  const read = readForm(draft)
  const form = read.ok ? read.value : null
  const issues = read.ok ? [] : read.error
  const { verdicts, names } =
    draft.kind === 'vend'
      ? await checkVend(tx, setup, draft, applicationId)
      : await checkChange(tx, setup, form, applicationId)
  const automatic = form !== null && passesByItself('centre', form, verdicts, setup.policy)
  return { form, issues, verdicts, plannedNames: names, automatic }
}

interface Looked {
  readonly verdicts: readonly Verdict[]
  readonly names: readonly AccountNames[]
}

const contextOf = (tx: Tx, setup: ApplicationSetup, register: RuleContext['register']): RuleContext => ({
  today: dayInJapan(tx.at),
  settings: setup.rulebook.settings,
  naming: setup.naming,
  mailDomain: setup.mailDomain,
  register,
})

async function checkVend(
  tx: Tx,
  setup: ApplicationSetup,
  draft: unknown,
  id: string | null,
): Promise<Looked> {
  const partial = partialVendForm(draft)
  const context = contextOf(tx, setup, await registerFacts(tx, setup, partial, id))
  return {
    verdicts: evaluateRules(partial, setup.rulebook, context),
    names: plannedNames(partial, context) ?? [],
  }
}

async function checkChange(
  tx: Tx,
  setup: ApplicationSetup,
  form: ApplicationForm | null,
  id: string | null,
): Promise<Looked> {
  if (!form || form.kind === 'vend') return { verdicts: [], names: [] }
  const facts = await changeFacts(tx, form.accountId, id)
  return { verdicts: evaluateChange(form, setup.changeRules, facts, contextOf(tx, setup, null)), names: [] }
}
