import type { VendForm } from '../../domain/applications/form.ts'
import { equalShares } from '../../domain/organisations/shares.ts'
import { dayInJapan } from '../../kernel/days.ts'
import { RankanError } from '../../kernel/errors.ts'
import { createSystem } from '../organisations/tenancy.ts'
import type { Tx } from '../transact.ts'
import { organisationByCode } from './register.ts'
import type { Row } from './rows.ts'

/**
 * The system of an approved application enters the register if it is not there yet; tenants of shared use get equal
 * shares until somebody sets others. A code that another organisation uses already is left to a person: the accounts
 * do not depend on it, because their names carry the organisation's code as well.
 */
export async function registerSystem(tx: Tx, row: Row, form: VendForm): Promise<void> {
  const known = await tx.sql
    .selectFrom('information_system')
    .select('id')
    .where('code', '=', form.system.code)
    .executeTakeFirst()
  if (known) return
  const tenants = await tenantIds(tx, form)
  const id = row.id.replace(/^app_/, 'sys_')
  try {
    const system = {
      code: form.system.code,
      nameJa: form.system.nameJa,
      nameEn: form.system.nameEn || form.system.nameJa,
      businessArea: form.system.businessArea === 'other' ? null : form.system.businessArea,
      useMode: form.use.mode,
      separation: form.use.mode === 'shared' ? form.use.separation : null,
      tenants: form.use.mode === 'shared' ? [...equalShares(tenants)] : [],
      from: dayInJapan(tx.at),
    }
    await createSystem(tx, () => id, row.organisation_id, system, id)
  } catch (error) {
    // Row-level security hid the other organisation's system from the look above.
    if (!(error instanceof RankanError) || error.code !== 'system_code_taken') throw error
  }
}

async function tenantIds(tx: Tx, form: VendForm): Promise<readonly string[]> {
  const ids: string[] = []
  for (const code of form.use.mode === 'shared' ? form.use.tenants : []) {
    const tenant = await organisationByCode(tx, code)
    if (tenant) ids.push(tenant.id)
  }
  return ids
}
