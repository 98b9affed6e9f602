import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { OFFICIAL_CHANGES } from '../../domain/organisations/data/official-changes.ts'
import { makePlan } from '../../domain/organisations/import/make-plan.ts'
import type { ImportProfile } from '../../domain/organisations/import/profile.ts'
import { type ListRow, readRows } from '../../domain/organisations/import/rows.ts'
import { ORGANISATION_KINDS } from '../../domain/organisations/kinds.ts'
import { ROLES, systemActor } from '../../domain/people/roles.ts'
import type { Day } from '../../kernel/days.ts'
import { bug, invariant } from '../../kernel/errors.ts'
import type { IdSource } from '../../kernel/ids.ts'
import { type Changes, type Tx, transact } from '../transact.ts'
import { writePlan } from './imports.ts'
import { contactsOf } from './page.ts'
import { readCsv } from './read-file.ts'
import { idsByCode, registerOn, registerRevision } from './register.ts'
import {
  addPerson,
  createContract,
  createSystem,
  grantRole,
  markContact,
  personLeaves,
  putContact,
} from './tenancy.ts'

const FOLDER = new URL('../../../data/demo/', import.meta.url)

const demoSchema = z.object({
  asOf: z.iso.date(),
  bodies: z.array(
    z.object({
      code: z.string(),
      kind: z.enum(ORGANISATION_KINDS),
      nameJa: z.string(),
      nameEn: z.string(),
      kana: z.string(),
    }),
  ),
  contacts: z.array(z.string()),
  systems: z.array(
    z.object({
      owner: z.string(),
      code: z.string(),
      nameJa: z.string(),
      nameEn: z.string(),
      businessArea: z.string(),
      separation: z.enum(['application', 'network', 'account']).nullable().default(null),
      tenants: z.array(z.tuple([z.string(), z.number()])).default([]),
    }),
  ),
  contracts: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      client: z.string(),
      operator: z.string(),
      role: z.enum(['operator', 'integrated_operator', 'asp']),
      from: z.iso.date(),
      to: z.iso.date(),
      systems: z.array(z.string()),
    }),
  ),
  people: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      nameJa: z.string(),
      firstName: z.string(),
      lastName: z.string(),
      role: z.enum(ROLES),
      for: z.string().optional(),
      contract: z.string().optional(),
      left: z.iso.date().optional(),
    }),
  ),
  dead: z.array(z.string()),
})
type Demo = z.infer<typeof demoSchema>

const PROFILE: ImportProfile = {
  name: 'demo',
  titleJa: 'デモ',
  titleEn: 'Demo',
  covers: ['city', 'town', 'village', 'ward'],
  complete: false,
  code: [{ column: 'code', format: 'with_check_digit' }],
  nameJa: 'name',
  nameEn: null,
  kana: 'kana',
  kind: { from: 'name' },
  parent: null,
  predecessors: null,
}
/** The demo's list is of that day; what changed since comes from the official changes, so that there is a history to see. */
const FIRST_DAY: Day = '2017-01-01'

/**
 * Fills an empty register with the product's own small one: 45 municipalities, three other bodies, systems, contracts
 * and the demo personas (`per_demo_…`). Returns false when the register holds anything already.
 */
export async function seedDemo(on: Changes, ids: IdSource): Promise<boolean> {
  const demo = demoSchema.parse(JSON.parse(await readFile(new URL('register.json', FOLDER), 'utf8')))
  const list = readCsv(await readFile(new URL('municipalities.csv', FOLDER)))
  const rows = readRows(list.headings, list.records, PROFILE)
  if (!rows.ok) throw bug(`The demo list is wrong: ${rows.error[0]?.message}`)
  const all = [...rows.value, ...demo.bodies.map(bodyRow)]
  return transact(on, systemActor('demo'), async (tx) => {
    await registerRevision(tx, true)
    if ((await idsByCode(tx)).size > 0) return false
    await take(tx, ids, all, FIRST_DAY)
    await take(tx, ids, all, demo.asOf)
    await tx.record({
      kind: 'organisations.demo',
      organisationId: null,
      subject: 'demo',
      data: { rows: all.length },
    })
    await furnish(tx, ids, demo)
    return true
  })
}

const bodyRow = (body: Demo['bodies'][number]): ListRow => ({
  line: 0,
  facts: { ...body, parentCode: null },
  predecessors: [],
})

/** Plans and applies the list on that day, with every official change up to it. */
async function take(tx: Tx, ids: IdSource, rows: readonly ListRow[], asOf: Day): Promise<void> {
  const decisions = Object.fromEntries(
    OFFICIAL_CHANGES.changes.map((change) => [`known:${change.day}`, { verdict: 'accept' as const }]),
  )
  const register = await registerOn(tx, asOf)
  const plan = makePlan({
    asOf,
    profile: PROFILE,
    rows,
    register,
    official: OFFICIAL_CHANGES.changes,
    decisions,
  })
  if (!plan.ok) throw bug(`The demo list does not fit: ${plan.error[0]?.message}`)
  await writePlan(tx, ids, plan.value)
}

async function furnish(tx: Tx, ids: IdSource, demo: Demo): Promise<void> {
  const byCode = await idsByCode(tx)
  const org = (code: string): string => {
    const id = byCode.get(code)
    invariant(id !== undefined, `the demo register has no ${code}`)
    return id
  }
  for (const code of demo.contacts) await contacts(tx, ids, org(code), code, demo.asOf)
  for (const code of demo.dead) await killSecurityContact(tx, org(code), demo.asOf)
  const systemIds = new Map<string, string>()
  for (const system of demo.systems)
    systemIds.set(system.code, await addSystem(tx, ids, system, org, demo.asOf))
  for (const contract of demo.contracts)
    await createContract(
      tx,
      ids,
      org(contract.client),
      {
        number: contract.number,
        operatorId: org(contract.operator),
        role: contract.role,
        from: contract.from,
        to: contract.to,
        systemIds: contract.systems.flatMap((code) => systemIds.get(code) ?? []),
      },
      contract.id,
    )
  for (const person of demo.people) await addDemoPerson(tx, ids, person, org, demo.asOf)
}

async function contacts(tx: Tx, ids: IdSource, id: string, code: string, from: Day): Promise<void> {
  for (const [i, purpose] of (['security', 'operations', 'billing'] as const).entries())
    await putContact(tx, ids, id, {
      purpose,
      email: `${purpose}-${code.toLowerCase()}@example.jp`,
      phone: `0570-000-${String(100 + i)}`,
      from,
    })
}

async function killSecurityContact(tx: Tx, id: string, on: Day): Promise<void> {
  const found = (await contactsOf(tx, id, on)).find((contact) => contact.purpose === 'security')
  if (found !== undefined) await markContact(tx, found.id, 'dead')
}

const addSystem = (
  tx: Tx,
  ids: IdSource,
  system: Demo['systems'][number],
  org: (code: string) => string,
  from: Day,
) =>
  createSystem(tx, ids, org(system.owner), {
    code: system.code,
    nameJa: system.nameJa,
    nameEn: system.nameEn,
    businessArea: system.businessArea,
    useMode: system.separation === null ? 'single' : 'shared',
    separation: system.separation,
    from,
    tenants: system.tenants.map(([code, basisPoints]) => ({ organisationId: org(code), basisPoints })),
  })

async function addDemoPerson(
  tx: Tx,
  ids: IdSource,
  person: Demo['people'][number],
  org: (code: string) => string,
  from: Day,
): Promise<void> {
  const userName = `${person.firstName}.${person.lastName}`.toLowerCase()
  const { nameJa, firstName, lastName } = person
  await addPerson(
    tx,
    ids,
    org(person.at),
    { userName, email: `${userName}@example.jp`, nameJa, firstName, lastName, from },
    person.id,
  )
  await grantRole(tx, ids, org(person.for ?? person.at), {
    personId: person.id,
    role: person.role,
    contractId: person.contract ?? null,
    from,
    to: null,
  })
  if (person.left !== undefined) await personLeaves(tx, person.id, person.left)
}
