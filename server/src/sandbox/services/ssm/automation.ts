/** Executions of automation documents, carried out by our own interpreter against the sandbox's services. */
import { parseAutomation } from '../../../automation/check.ts'
import type { AutomationDocument } from '../../../automation/document.ts'
import { type Answer, type AutomationRun, automationRun, type Effect } from '../../../automation/run.ts'
import { AwsError, type Call, type Table, type World } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { serviceCaller, uuid } from '../shared/world.ts'
import { parsedContent } from './content.ts'
import { findDocument, versionOf } from './state.ts'

type Given = Readonly<Record<string, readonly string[]>>

interface Execution {
  readonly id: string
  readonly accountId: string
  readonly region: string
  readonly documentName: string
  readonly documentVersion: string
  readonly content: string
  readonly format: string
  readonly given: Given
  readonly status: 'InProgress' | 'Success' | 'Failed' | 'Cancelled'
  /** What was answered so far: a run is played again from the start with these. */
  readonly answers: readonly Answer[]
  readonly steps: AutomationRun['steps']
  readonly outputs: Readonly<Record<string, readonly string[]>>
  readonly message: string | null
  readonly executedBy: string
  readonly startedAt: number
  readonly endedAt: number | null
}

/** Key: execution id. */
const executionsOf = (world: World): Table<Execution> => world.table('ssm.executions')

interface StartInput {
  readonly DocumentName: string
  readonly DocumentVersion?: string
  readonly Parameters?: Given
}

export function startAutomationExecution(call: Call<StartInput>) {
  const { world, input, caller, region } = call
  const document = findDocument(call, input.DocumentName)
  if (document?.type !== 'Automation')
    throw new AwsError(
      'AutomationDefinitionNotFoundException',
      `An Automation runbook with the specified name (${input.DocumentName}) couldn't be found.`,
    )
  const version = versionOf(document, input.DocumentVersion)
  const running = [...executionsOf(world).values()].filter(
    (one) => one.accountId === caller.accountId && one.status === 'InProgress',
  )
  if (running.length >= world.limit('ssm.executions'))
    throw new AwsError(
      'AutomationExecutionLimitExceededException',
      'The number of simultaneously running Automation executions exceeded the allowable limit.',
    )
  const execution: Execution = {
    id: uuid(world),
    accountId: caller.accountId,
    region,
    documentName: document.name,
    documentVersion: String(version.number),
    content: version.content,
    format: version.format,
    given: input.Parameters ?? {},
    status: 'InProgress',
    answers: [],
    steps: [],
    outputs: {},
    message: null,
    executedBy: caller.arn,
    startedAt: world.now(),
    endedAt: null,
  }
  checkParameters(execution)
  executionsOf(world).put(execution.id, execution)
  world.later(world.duration('ssm.step'), 'ssm', 'automation_step', { id: execution.id })
  return { AutomationExecutionId: execution.id }
}

const documentOf = ({ content, format }: Execution) => parseAutomation(parsedContent(content, format))

function checkParameters(execution: Execution): void {
  const { document } = documentOf(execution)
  if (document === null) return // It fails when it runs, as a step that Systems Manager does not know would.
  const first = automationRun(document, typed(document, execution.given)).next()
  const [issue] = first.done === true ? first.value.issues : []
  if (issue) throw new AwsError('InvalidAutomationExecutionParametersException', issue.message)
}

/** Callers give lists of texts; a document wants the types of its parameters. */
function typed(document: AutomationDocument, given: Given): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, values]) => {
      const type = document.parameters[name]?.type ?? 'String'
      return [name, wantedValue(type, values)]
    }),
  )
}

function wantedValue(type: string, values: readonly string[]): unknown {
  const [first = ''] = values
  if (type === 'StringList' || type.startsWith('List<')) return values
  if (type === 'Boolean') return first === 'true' ? true : first === 'false' ? false : first
  if (type === 'Integer') return first.trim() === '' ? first : Number(first)
  if (type !== 'StringMap' && type !== 'MapList') return first
  try {
    return JSON.parse(type === 'MapList' ? `[${values.join(',')}]` : first)
  } catch {
    return first
  }
}

/** Timer: goes on until the run sleeps or ends. */
export function automationStep(world: World, { id }: { id: string }): void {
  const execution = executionsOf(world).get(id)
  if (execution?.status !== 'InProgress') return
  const { document, issues } = documentOf(execution)
  if (document === null)
    end(world, execution, { message: issues[0]?.message ?? 'The document is not valid.' })
  else goOn(world, execution, document)
}

function goOn(world: World, execution: Execution, document: AutomationDocument): void {
  const run = automationRun(document, typed(document, execution.given), globalsOf(execution))
  const answers: Answer[] = []
  let next = run.next()
  while (next.done !== true) {
    const known = execution.answers[answers.length]
    answers.push(known ?? answered(world, execution, next.value))
    if (known === undefined && next.value.kind === 'sleep') {
      executionsOf(world).put(execution.id, { ...execution, answers })
      world.later(next.value.seconds * 1000, 'ssm', 'automation_step', { id: execution.id })
      return
    }
    next = run.next(answers.at(-1) as Answer)
  }
  end(world, { ...execution, answers }, { run: next.value })
}

const globalsOf = ({ region, accountId, id, startedAt }: Execution) => ({
  'global:REGION': region,
  'global:ACCOUNT_ID': accountId,
  'global:DATE': new Date(startedAt).toISOString().slice(0, 10),
  'global:DATE_TIME': new Date(startedAt).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '.'),
  'automation:EXECUTION_ID': id,
  'automation:REGION': region,
})

/** A service that the sandbox has not cannot do the step, and the step says so. */
function answered(world: World, { accountId, region }: Execution, effect: Effect): Answer {
  if (effect.kind === 'sleep') return { reply: {} }
  try {
    const as = serviceCaller(accountId, 'AWSServiceRoleForSSMAutomation')
    return { reply: world.invoke<unknown>(effect.service, effect.api, effect.input, as, region) ?? {} }
  } catch (error) {
    return { error: error instanceof AwsError ? error.code : 'ServiceNotInSandbox' }
  }
}

function end(
  world: World,
  execution: Execution,
  { run, message }: { readonly run?: AutomationRun; readonly message?: string },
): void {
  const failed = run?.steps.find(({ reason }) => reason !== null)
  const texts = Object.entries(run?.outputs ?? {}).map(([name, value]) => [
    name,
    (Array.isArray(value) ? value : [value]).map((one) =>
      typeof one === 'string' ? one : JSON.stringify(one),
    ),
  ])
  const ended: Execution = {
    ...execution,
    status: run?.status ?? 'Failed',
    steps: run?.steps ?? [],
    outputs: Object.fromEntries(texts),
    message:
      run?.status === 'Success' ? null : (message ?? failed?.reason ?? run?.issues[0]?.message ?? null),
    endedAt: world.now(),
  }
  executionsOf(world).put(execution.id, ended)
  world.emit({
    accountId: execution.accountId,
    region: execution.region,
    source: 'aws.ssm',
    detailType: 'EC2 Automation Execution Status-change Notification',
    detail: { ExecutionId: ended.id, Definition: ended.documentName, Status: ended.status },
  })
}

function executionOf({ world, caller, input }: Call<{ AutomationExecutionId: string }>): Execution {
  const found = executionsOf(world).get(input.AutomationExecutionId)
  if (found?.accountId !== caller.accountId)
    throw new AwsError(
      'AutomationExecutionNotFoundException',
      `Automation execution ${input.AutomationExecutionId} couldn't be found.`,
    )
  return found
}

const common = (one: Execution) => ({
  AutomationExecutionId: one.id,
  DocumentName: one.documentName,
  DocumentVersion: one.documentVersion,
  AutomationExecutionStatus: one.status,
  ExecutionStartTime: one.startedAt,
  ExecutionEndTime: one.endedAt ?? undefined,
  ExecutedBy: one.executedBy,
  Mode: 'Auto',
  Outputs: one.outputs,
  FailureMessage: one.message ?? undefined,
})

const stepView = (one: AutomationRun['steps'][number]) => ({
  StepName: one.step,
  StepStatus: one.status,
  FailureMessage: one.reason ?? undefined,
})

export function getAutomationExecution(call: Call<{ AutomationExecutionId: string }>) {
  const one = executionOf(call)
  return {
    AutomationExecution: {
      ...common(one),
      Parameters: one.given,
      StepExecutions: one.steps.map(stepView),
      StepExecutionsTruncated: false,
    },
  }
}

interface Paging {
  readonly NextToken?: string
  readonly MaxResults?: number
}

const paged = <T>(items: readonly T[], { NextToken, MaxResults = 50 }: Paging) =>
  pageOf(items, { token: NextToken, size: MaxResults, badToken: 'InvalidNextToken' })

interface Filter {
  readonly Key: string
  readonly Values: readonly string[]
}

const FIELDS: Readonly<Record<string, (one: Execution) => string>> = {
  ExecutionId: ({ id }) => id,
  ExecutionStatus: ({ status }) => status,
  DocumentNamePrefix: ({ documentName }) => documentName,
}

export function describeAutomationExecutions(call: Call<Paging & { Filters?: readonly Filter[] }>) {
  const { world, caller, region, input } = call
  for (const { Key } of input.Filters ?? [])
    if (!(Key in FIELDS))
      throw new AwsError('InvalidFilterKey', `The filter ${Key} is not one that the sandbox knows.`)
  const holds =
    (one: Execution) =>
    ({ Key, Values }: Filter) => {
      const value = FIELDS[Key]?.(one) ?? ''
      return Values.some((wanted) =>
        Key === 'DocumentNamePrefix' ? value.startsWith(wanted) : value === wanted,
      )
    }
  const fits = [...executionsOf(world).values()]
    .filter((one) => one.accountId === caller.accountId && one.region === region)
    .filter((one) => (input.Filters ?? []).every(holds(one)))
    .reverse()
  const { items, next } = paged(fits, input)
  return { AutomationExecutionMetadataList: items.map(common), NextToken: next }
}

export function describeAutomationStepExecutions(call: Call<Paging & { AutomationExecutionId: string }>) {
  const { items, next } = paged(executionOf(call).steps, call.input)
  return { StepExecutions: items.map(stepView), NextToken: next }
}

export function stopAutomationExecution(call: Call<{ AutomationExecutionId: string }>) {
  const one = executionOf(call)
  if (one.status !== 'InProgress')
    throw new AwsError(
      'InvalidAutomationStatusUpdateException',
      'The specified update status operation is not valid.',
    )
  executionsOf(call.world).put(one.id, { ...one, status: 'Cancelled', endedAt: call.world.now() })
  return {}
}
