import type { Call, Table, World } from '../../core/contract.ts'
import { organizationOfAccount } from '../organizations/state.ts'
import { centralsOf, invalid, paged, subscribed } from './state.ts'

type Finding = Readonly<Record<string, unknown>> & {
  readonly Id: string
  readonly ProductArn: string
  readonly AwsAccountId: string
  readonly UpdatedAt: string
}

/** Key: account/Region/product/id. */
const findingsOf = (world: World): Table<Finding> => world.table('securityhub.findings')
const keyOf = (region: string, one: Pick<Finding, 'AwsAccountId' | 'ProductArn' | 'Id'>) =>
  `${one.AwsAccountId}/${region}/${one.ProductArn}/${one.Id}`

export function batchImportFindings(call: Call<{ Findings: readonly Finding[] }>) {
  const { world, input, caller, region } = call
  subscribed(call)
  if (input.Findings.length > world.limit('securityhub.import_batch'))
    throw invalid(`At most ${world.limit('securityhub.import_batch')} findings may be imported at once.`)
  const failed = input.Findings.filter((one) => one.AwsAccountId !== caller.accountId)
  for (const one of input.Findings) {
    if (failed.includes(one)) continue
    const key = keyOf(region, one)
    const known = findingsOf(world).get(key)
    // An older finding does not replace a newer one; what people decided about it stays.
    if (known && known.UpdatedAt > one.UpdatedAt) continue
    findingsOf(world).put(key, {
      Workflow: { Status: 'NEW' },
      RecordState: 'ACTIVE',
      WorkflowState: 'NEW',
      ...one,
      ...(known ? { Workflow: known.Workflow, Note: known.Note } : {}),
      Region: region,
    })
  }
  return {
    FailedCount: failed.length,
    SuccessCount: input.Findings.length - failed.length,
    FailedFindings: failed.map(({ Id }) => ({
      Id,
      ErrorCode: 'InvalidInput',
      ErrorMessage: 'The finding is of another account.',
    })),
  }
}

interface UpdateInput {
  readonly FindingIdentifiers: readonly { readonly Id: string; readonly ProductArn: string }[]
  readonly Workflow?: { readonly Status: string }
  readonly Note?: { readonly Text: string; readonly UpdatedBy: string }
}

export function batchUpdateFindings(call: Call<UpdateInput>) {
  const { world, input } = call
  subscribed(call)
  const visible = visibleTo(call)
  const { Workflow, Note } = input
  const processed = input.FindingIdentifiers.filter(({ Id, ProductArn }) => {
    const entry = visible.find(([, one]) => one.Id === Id && one.ProductArn === ProductArn)
    if (!entry) return false
    const note = Note ? { Note: { ...Note, UpdatedAt: new Date(world.now()).toISOString() } } : {}
    findingsOf(world).put(entry[0], { ...entry[1], ...(Workflow ? { Workflow } : {}), ...note })
    return true
  })
  return {
    ProcessedFindings: processed,
    UnprocessedFindings: input.FindingIdentifiers.filter((one) => !processed.includes(one)).map(
      (FindingIdentifier) => ({
        FindingIdentifier,
        ErrorCode: 'FindingNotFound',
        ErrorMessage: 'The finding was not found.',
      }),
    ),
  }
}

/** An account sees its own findings; the administrator those of all accounts, in the home Region of all Regions. */
function visibleTo({ world, caller, region }: Call<unknown>): readonly [string, Finding][] {
  const organization = organizationOfAccount(world, caller.accountId)
  const central = organization && centralsOf(world).get(organization.id)
  const all = central?.adminAccountId === caller.accountId
  const everywhere = all && central.aggregator?.region === region
  return [...findingsOf(world).entries()].filter(
    ([, one]) =>
      (all
        ? organizationOfAccount(world, one.AwsAccountId)?.id === organization?.id
        : one.AwsAccountId === caller.accountId) &&
      (everywhere || one.Region === region),
  )
}

interface TextFilter {
  readonly Value: string
  readonly Comparison: string
}

const COMPARES: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  EQUALS: (value, wanted) => value === wanted,
  PREFIX: (value, wanted) => value.startsWith(wanted),
  CONTAINS: (value, wanted) => value.includes(wanted),
  NOT_EQUALS: (value, wanted) => value !== wanted,
  PREFIX_NOT_EQUALS: (value, wanted) => !value.startsWith(wanted),
  NOT_CONTAINS: (value, wanted) => !value.includes(wanted),
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Id: ['Id'],
  ProductArn: ['ProductArn'],
  AwsAccountId: ['AwsAccountId'],
  GeneratorId: ['GeneratorId'],
  Title: ['Title'],
  Region: ['Region'],
  RecordState: ['RecordState'],
  WorkflowStatus: ['Workflow', 'Status'],
  SeverityLabel: ['Severity', 'Label'],
  ComplianceStatus: ['Compliance', 'Status'],
  ComplianceSecurityControlId: ['Compliance', 'SecurityControlId'],
}

function valueAt(finding: Finding, path: readonly string[]): string {
  let at: unknown = finding
  for (const name of path) at = (at as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof at === 'string' ? at : ''
}

/** The filters of one field are alternatives, except that all negative ones must hold. */
function holds(finding: Finding, name: string, filters: readonly TextFilter[]): boolean {
  const path = FIELDS[name]
  if (!path) throw invalid(`The sandbox does not filter findings by ${name}.`)
  const value = valueAt(finding, path)
  const test = ({ Comparison, Value }: TextFilter) => COMPARES[Comparison]?.(value, Value) ?? false
  const negative = filters.filter(({ Comparison }) => Comparison.includes('NOT'))
  const positive = filters.filter((one) => !negative.includes(one))
  return negative.every(test) && (positive.length === 0 || positive.some(test))
}

interface GetInput {
  readonly Filters?: Readonly<Record<string, readonly TextFilter[]>>
  readonly NextToken?: string
  readonly MaxResults?: number
}

export function getFindings(call: Call<GetInput>) {
  subscribed(call)
  const filters = Object.entries(call.input.Filters ?? {})
  const fits = visibleTo(call)
    .map(([, one]) => one)
    .filter((one) => filters.every(([name, list]) => holds(one, name, list)))
  const { items, next } = paged(fits, call.input)
  return { Findings: items, NextToken: next }
}
