import type { AccountRow } from '../../domain/accounts/view.ts'
import { csvLine } from '../csv.ts'

type Column = readonly [name: string, value: (row: AccountRow) => string | null]

const COLUMNS: readonly Column[] = [
  ['account_id', (row) => row.accountId],
  ['name', (row) => row.name],
  ['email', (row) => row.email],
  ['status', (row) => row.status],
  ['aws_state', (row) => row.awsState],
  ['environment', (row) => row.environment],
  ['organisation_code', (row) => row.organisationCode],
  ['organisation_name_ja', (row) => row.organisationName?.ja ?? null],
  ['organisation_name_en', (row) => row.organisationName?.en ?? null],
  ['system_code', (row) => row.systemCode],
  ['system_name_ja', (row) => row.systemName?.ja ?? null],
  ['aws_organization_id', (row) => row.awsOrganizationId],
  ['ou_id', (row) => row.ouId],
  ['ou_name', (row) => row.ouName],
  ['origin', (row) => row.origin],
  ['open_drift', (row) => String(row.openDrift)],
  ['created_at', (row) => row.createdAt],
  ['ready_at', (row) => row.readyAt],
  ['closed_at', (row) => row.closedAt],
]

export const accountCsvHead: string = COLUMNS.map(([name]) => name).join(',')

/** RFC 4180, without the line end. */
export const accountCsvLine = (row: AccountRow): string => csvLine(COLUMNS.map(([, value]) => value(row)))
