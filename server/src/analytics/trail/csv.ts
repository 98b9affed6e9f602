import { checkRows, rowsOf } from './csv-rows.ts'
import { rowText } from './row-text.ts'
import { FIELDS } from './scan.ts'

/** Columns of exports are the members of records in any case (`requestparameters`); JSON stands in their cells. */
const MEMBERS = new Map(FIELDS.map((name) => [name.toLowerCase(), name]))
const JSON_MEMBERS = new Set(['userIdentity', 'requestParameters', 'resources', 'tlsDetails'])

/** Lines are handed over when they are so long together: a file has a hundred times that. */
const SLICE_LENGTH = 4 * 1024 * 1024

/**
 * Records of a CSV export of CloudTrail Lake or Athena as JSON lines, a slice at a time, or `null` when it has other columns.
 * Throws `ScanError` before the first slice: all of them can be read, or none.
 */
export function csvRecords(bytes: Uint8Array): Iterable<Uint8Array> | null {
  const table = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rows = rowsOf(table)
  const header = headerOf(rows.next().value ?? [])
  if (header === null) return null
  checkRows(table)
  return slicesOf(rows, header)
}

type Header = readonly (string | null)[]

/** Member that each column has, or `null` when none names an event. */
function headerOf(names: readonly string[]): Header | null {
  const header = names.map((name) => MEMBERS.get(name.trim().toLowerCase()) ?? null)
  return header.includes('eventName') && header.includes('eventSource') ? header : null
}

function* slicesOf(rows: Iterable<readonly string[]>, header: Header): Generator<Uint8Array> {
  let lines: string[] = []
  let length = 0
  for (const row of rows) {
    const line = lineOf(header, row)
    lines.push(line)
    length += line.length
    if (length < SLICE_LENGTH) continue
    yield Buffer.from(lines.join('\n'))
    lines = []
    length = 0
  }
  if (lines.length > 0) yield Buffer.from(lines.join('\n'))
}

/** Named cells of one record as a line of JSON, or `null` when they do not name an event. */
export function cellLine(cells: readonly (readonly [string, string])[]): string | null {
  const header = headerOf(cells.map(([name]) => name))
  return header === null
    ? null
    : lineOf(
        header,
        cells.map(([, cell]) => cell),
      )
}

/** Where the name of an event is empty, the line has it nevertheless: it is told as one that is no record. */
function lineOf(header: Header, row: readonly string[]): string {
  const members = header.flatMap((name, index) => {
    const cell = row[index] ?? ''
    if (name === null || (cell === '' && name !== 'eventName')) return []
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
