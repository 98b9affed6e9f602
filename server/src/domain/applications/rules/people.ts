import type { PartialVendForm } from '../draft.ts'
import { CONTACT_TYPES } from '../form.ts'
import { type Evaluator, type Finding, fail, missing, pass, type RuleContext, warn } from './types.ts'

const lower = (text: string) => text.toLowerCase()
const domainOf = (address: string) => lower(address.slice(address.lastIndexOf('@') + 1))

/** Every address that belongs to one person named in the form. */
function personalAddresses(form: PartialVendForm): ReadonlySet<string> {
  const people = [form.owner, ...(form.admins ?? []), ...(form.operators ?? [])]
  return new Set(people.flatMap((p) => [p?.email, p?.userName]).flatMap((a) => (a ? [lower(a)] : [])))
}

interface ContactSeen {
  readonly email: string
  readonly group: boolean
  readonly path: Finding['path']
}

function contactFinding(
  contact: ContactSeen,
  persons: ReadonlySet<string>,
  context: RuleContext,
): Finding | null {
  const { settings, register } = context
  const email = contact.email
  if (persons.has(lower(email))) return fail('person', contact.path, { email })
  if (settings.freeMailDomains.includes(domainOf(email))) return fail('free_mail', contact.path, { email })
  if (settings.deadDomains.some((d) => domainOf(email) === d || domainOf(email).endsWith(`.${d}`)))
    return fail('dead', contact.path, { email })
  if (register?.deadAddresses.has(lower(email))) return fail('dead', contact.path, { email })
  return contact.group ? null : warn('not_declared', contact.path, { email })
}

export const contactsReachable: Evaluator = (form, context) => {
  const persons = personalAddresses(form)
  const seen = CONTACT_TYPES.map((type) => ({
    email: form.contacts?.[type]?.email ?? '',
    group: form.contacts?.[type]?.group ?? false,
    path: ['contacts', type, 'email'],
  }))
  const given = seen.filter((contact) => contact.email)
  const findings = given.flatMap((contact) => contactFinding(contact, persons, context) ?? [])
  const worst = findings.find((f) => f.outcome === 'fail') ?? findings[0]
  if (worst) return worst
  const empty = seen.find((contact) => !contact.email)
  return empty ? missing(empty.path) : pass('group', ['contacts'])
}

export const adminsNamed: Evaluator = (form) => {
  const path = ['admins']
  if (!form.admins) return missing(path)
  const admins = form.admins.flatMap((a) => (a.email ? [a.email] : []))
  if (admins.length === 0) return fail('nobody', path)
  const contacts = new Set(CONTACT_TYPES.map((type) => lower(form.contacts?.[type]?.email ?? '')))
  const shared = admins.find((email) => contacts.has(lower(email)))
  if (shared) return fail('shared_mailbox', path, { email: shared })
  return admins.length === 1 ? warn('only_one', path) : pass('named', path, { count: admins.length })
}
