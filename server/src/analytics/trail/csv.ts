import { parse } from 'csv-parse/sync'
import { rowText } from './row-text.ts'
import { FIELDS, ScanError } from './scan.ts'

/** Columns of exports are the members of records in any case (`requestparameters`); JSON stands in their cells. */
const MEMBERS = new Map(FIELDS.map((name) => [name.toLowerCase(), name]))
const JSON_MEMBERS = new Set(['userIdentity', 'requestParameters', 'resources', 'tlsDetails'])

/** Records of a CSV export of CloudTrail Lake or Athena as JSON lines, or `null` when it has other columns. */
export function csvRecords(bytes: Uint8Array): Uint8Array | null {
  const rows = parseRows(bytes)
  const header = (rows[0] ?? []).map((name) => MEMBERS.get(name.trim().toLowerCase()) ?? null)
  if (!header.includes('eventName') || !header.includes('eventSource')) return null
  const lines = rows.slice(1).map((row) => lineOf(header, row))
  return Buffer.from(lines.join('\n'))
}

/** Named cells of one record as a line of JSON, or `null` when they do not name an event. */
export function cellLine(cells: readonly (readonly [string, string])[]): string | null {
  const header = cells.map(([name]) => MEMBERS.get(name.trim().toLowerCase()) ?? null)
  if (!header.includes('eventName') || !header.includes('eventSource')) return null
  return lineOf(
    header,
    cells.map(([, cell]) => cell),
  )
}

function parseRows(bytes: Uint8Array): readonly string[][] {
  try {
    return parse(Buffer.from(bytes), { bom: true, relax_column_count: true, skip_empty_lines: true })
  } catch (error) {
    throw new ScanError(error instanceof Error ? error.message : String(error))
  }
}

function lineOf(header: readonly (string | null)[], row: readonly string[]): string {
  const members = header.flatMap((name, index) => {
    const cell = row[index] ?? ''
    if (name === null || cell === '') return []
    return [`${JSON.stringify(name)}:${JSON_MEMBERS.has(name) ? jsonCell(cell) : JSON.stringify(cell)}`]
  })
  return `{${members.join(',')}}`
}

/** Members of the columns that hold rows, as CloudTrail writes them. */
const ROW_MEMBERS = new Map(
  [
    ...[
      'type',
      'principalId',
      'arn',
      'accountId',
      'accessKeyId',
      'userName',
      'invokedBy',
      'identityProvider',
    ],
    ...[
      'sessionContext',
      'attributes',
      'mfaAuthenticated',
      'creationDate',
      'sessionIssuer',
      'sourceIdentity',
    ],
    ...['ec2RoleDelivery', 'assumedRoot', 'webIdFederationData', 'federatedProvider', 'onBehalfOf', 'userId'],
    ...['identityStoreArn', 'credentialId', 'inScopeOf', 'issuerType', 'credentialsIssuedTo', 'sourceArn'],
    ...['sourceAccount', 'tlsVersion', 'cipherSuite', 'clientProvidedHostHeader'],
  ].map((name) => [name.toLowerCase(), name]),
)

/** JSON, or Athena's own text of a row; what is neither tells nothing for sure. */
function jsonCell(cell: string): string {
  try {
    return JSON.stringify(JSON.parse(cell))
  } catch {
    return JSON.stringify(rowText(cell, ROW_MEMBERS) ?? null)
  }
}
