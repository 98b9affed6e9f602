import { compare, type DriftFinding, type EstateEntry, type EstateListing } from '../domain/drift/diff.ts'
import type { SweepStore } from '../ports/accounts.ts'
import type { Estate, EstateOu, OrganizationPort } from '../ports/estate.ts'
import { type Listing, readGuardrails } from './guardrails.ts'

export interface SweepResult {
  readonly awsOrganizationId: string
  /** False when AWS could not be listed to the end; nothing was called absent then. */
  readonly complete: boolean
  readonly listed: number
  readonly opened: number
  readonly vanished: number
  /** Changes of policies, attachments and the tree; null when they could not all be read. */
  readonly guardrails: number | null
}

/**
 * Compares one AWS organisation with the register. Listing thousands of accounts takes minutes in which workflows
 * go on, so each finding is looked at once more, with the register of that moment, before a person sees it.
 */
export async function sweep(store: SweepStore, estate: Estate): Promise<SweepResult> {
  const listing = await listEstate(estate.organization)
  const guardrails = await readGuardrails(store, estate, listing)
  const register = await store.snapshot(estate.id)
  const first = compare(register, listing)
  const suspects = [...new Set([...first.findings, ...first.follow].map((one) => one.accountId))]
  const second = await lookAgain(estate.organization, suspects)
  const now =
    suspects.length === 0 ? first : compare(restrict(await store.snapshot(estate.id), suspects), second)
  for (const { accountId, awsState } of now.follow) await store.follow(accountId, awsState)
  const kept = now.findings.filter((finding) => wasSeenBefore(finding, first.findings))
  const looked = {
    complete: listing.complete && second.complete,
    accountIds: lookedAt(listing, second, suspects),
  }
  const saved = await store.saveFindings(estate.id, kept, looked)
  return {
    awsOrganizationId: estate.id,
    complete: listing.complete,
    listed: listing.entries.length,
    ...saved,
    guardrails,
  }
}

const wasSeenBefore = (finding: DriftFinding, before: readonly DriftFinding[]): boolean =>
  before.some((one) => one.accountId === finding.accountId && one.kind === finding.kind)

/** Accounts by parent, so that the OU of each is known without a call for each. */
async function listEstate(organization: OrganizationPort): Promise<Listing> {
  const entries = new Map<string, EstateEntry>()
  const ous: EstateOu[] = []
  try {
    const { rootId } = await organization.describe()
    for await (const ou of organization.ous()) ous.push(ou)
    for (const ouId of [rootId, ...ous.map(({ id }) => id)])
      for await (const { accountId, name, email, state } of organization.accountsOf(ouId))
        entries.set(accountId, { accountId, name, email, state, ouId })
    return { entries: [...entries.values()], ous, complete: true }
  } catch {
    // Whatever stopped the listing, the next sweep tries again; what was read is still true.
    return { entries: [...entries.values()], ous, complete: false }
  }
}

async function lookAgain(
  organization: OrganizationPort,
  accountIds: readonly string[],
): Promise<EstateListing> {
  const entries: EstateEntry[] = []
  let complete = true
  for (const accountId of accountIds) {
    try {
      const account = await organization.account(accountId)
      if (account === null) continue
      const { name, email, state } = account
      entries.push({ accountId, name, email, state, ouId: await organization.parentOf(accountId) })
    } catch {
      complete = false
    }
  }
  return { entries, complete }
}

function restrict<T extends { readonly entries: readonly { readonly accountId: string }[] }>(
  register: T,
  accountIds: readonly string[],
): T {
  const wanted = new Set(accountIds)
  return { ...register, entries: register.entries.filter((entry) => wanted.has(entry.accountId)) }
}

/** Only what was really seen may make an earlier finding vanish. */
function lookedAt(
  first: EstateListing,
  second: EstateListing,
  suspects: readonly string[],
): ReadonlySet<string> {
  const again = new Set(second.entries.map((entry) => entry.accountId))
  const unsure = second.complete ? new Set<string>() : new Set(suspects.filter((id) => !again.has(id)))
  return new Set([...first.entries.map((entry) => entry.accountId), ...again].filter((id) => !unsure.has(id)))
}
