/** Attach nothing, replay, attach: exactly the denials that the sandbox's own trail let us predict. */
import { rmSync } from 'node:fs'
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
} from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Json } from '../../src/kernel/json.ts'
import { evaluate } from '../../src/policy/compile/evaluate.ts'
import { parsePolicy } from '../../src/policy/parse/policy.ts'
import { NO_POLICIES, type Policy, type PolicySet } from '../../src/policy/policies.ts'
import { engineRequest, type TrailRequest, type TrailView } from '../../src/policy/trail/requests.ts'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { organizationsOf, post, seededOf, start } from './core-support.ts'
import { facts, reader, recordsIn, trailFolder } from './trail-support.ts'
import { type Cast, castOf, policy, workload } from './workload.ts'

let sandbox: Sandbox
let cast: Cast
const trailDir = trailFolder()
beforeAll(async () => {
  sandbox = await start({ trailDir })
  cast = await castOf(sandbox)
})
afterAll(async () => {
  await sandbox.stop()
  rmSync(trailDir, { recursive: true })
})

const SCP = policy(
  {
    Sid: 'OnlyOurRegions',
    Effect: 'Deny',
    NotAction: ['iam:*', 'sts:*', 'organizations:*'],
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:RequestedRegion': ['ap-northeast-1', 'us-east-1'] } },
  },
  {
    Sid: 'UsersAreMadeByTheAccessRole',
    Effect: 'Deny',
    Action: ['iam:*User', 'iam:ListUsers'],
    Resource: '*',
    Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/OrganizationAccountAccessRole' } },
  },
  { Sid: 'NoTagsNoRolesPassed', Effect: 'Deny', Action: ['sqs:TagQueue', 'iam:PassRole'], Resource: '*' },
  { Sid: 'QueuesStay', Effect: 'Deny', Action: 'sqs:DeleteQueue', Resource: 'arn:aws:sqs:*:*:keep-*' },
)

/** On account A: its queues and roles are for itself. */
const rcpOf = (account: string) =>
  policy({
    Sid: 'OnlyForUs',
    Effect: 'Deny',
    Principal: '*',
    Action: ['sqs:SendMessage', 'sts:AssumeRole'],
    Resource: '*',
    Condition: {
      StringNotEquals: { 'aws:PrincipalAccount': account },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  })

interface Controls {
  readonly scp: Policy
  readonly rcp: Policy
}

function parsed(kind: 'scp' | 'rcp', text: string): Policy {
  const found = parsePolicy(text, kind, { name: kind })
  if (found.policy === null) throw new Error(JSON.stringify(found.problems))
  return found.policy
}

const askedBy = ({ scp, rcp }: Controls) =>
  new Set(
    [scp, rcp].flatMap(({ statements }) =>
      statements.flatMap(({ conditions }) => conditions.map(({ key }) => key.toLowerCase())),
    ),
  )

/** What of the controls concerns this copy of the record: SCPs bind the caller's account, RCPs the owner's. */
function setOf(request: TrailRequest, view: TrailView, recipient: string, controls: Controls): PolicySet {
  const management = seededOf(sandbox, 1).managementAccountId
  const byScp = view !== 'owner' && request.caller.principal.account !== management
  const byRcp = view !== 'principal' && (request.check.account ?? recipient) === cast.a
  return {
    ...NO_POLICIES,
    identity: 'unknown',
    resource: 'unknown',
    scps: byScp ? [{ target: 'root', policies: [FULL, controls.scp] }] : [],
    rcps: byRcp ? [{ target: cast.a, policies: [controls.rcp] }] : [],
  }
}

const FULL = parsed('scp', policy({ Effect: 'Allow', Action: '*', Resource: '*' }))

/** Request ids of the calls that the controls would have denied, out of the files alone. */
function predicted(controls: Controls): ReadonlySet<string> {
  const asked = askedBy(controls)
  const denied = new Set<string>()
  for (const record of recordsIn(trailDir)) {
    const outcome = reader.read(record as unknown as Json)
    if (outcome.kind === 'skipped') continue
    for (const request of outcome.requests) {
      const set = setOf(request, outcome.view, record.recipientAccountId, controls)
      const decision = evaluate(engineRequest(request, asked, facts), set)
      expect(decision.layers.filter(({ kind }) => kind === 'scp' || kind === 'rcp')).not.toContainEqual(
        expect.objectContaining({ explicitDeny: 'unknown' }),
      )
      if (decision.verdict === 'denied') denied.add(record.requestID)
    }
  }
  return denied
}

async function attach(controls: { scp: string; rcp: string }): Promise<void> {
  const { admin, rootId } = seededOf(sandbox, 1)
  const api = organizationsOf(sandbox, admin)
  await api.send(new EnablePolicyTypeCommand({ RootId: rootId, PolicyType: 'RESOURCE_CONTROL_POLICY' }))
  await post(sandbox, 'time', { advanceMs: 60_000 })
  const put = async (
    Name: string,
    Type: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY',
    Content: string,
    TargetId: string,
  ) => {
    const made = await api.send(new CreatePolicyCommand({ Name, Type, Content, Description: '' }))
    await api.send(new AttachPolicyCommand({ PolicyId: made.Policy?.PolicySummary?.Id, TargetId }))
  }
  await put('scp', 'SERVICE_CONTROL_POLICY', controls.scp, rootId)
  await put('rcp', 'RESOURCE_CONTROL_POLICY', controls.rcp, cast.a)
}

test('replay_predicts_exactly_what_attaching_denies', async () => {
  const texts = { scp: SCP, rcp: rcpOf(cast.a) }
  const before = await workload(sandbox, cast)
  await post(sandbox, 'trail', {})
  const denied = predicted({ scp: parsed('scp', texts.scp), rcp: parsed('rcp', texts.rcp) })
  const expected = before.map(({ name, requestId, outcome }) => [
    name,
    denied.has(requestId) ? 'denied by a control' : outcome,
  ])
  await attach(texts)
  const after = await workload(sandbox, cast)
  const found = after.map(({ name, outcome, message }) => [
    name,
    /with an explicit deny in a (service|resource) control policy/.test(message)
      ? 'denied by a control'
      : outcome,
  ])
  expect(found).toEqual(expected)
  const controlled = found.filter(([, outcome]) => outcome === 'denied by a control').map(([name]) => name)
  // The test means something only when all four statements and the RCP strike somebody, and spare somebody.
  expect(controlled).toEqual([
    'B sends to the queue of A',
    'A makes a queue in Frankfurt',
    'B makes a queue in Frankfurt',
    'A makes a queue with a tag',
    'A deletes the queue',
    'root of A lists users',
    'the clerk lists users',
    'the clerk makes a user, which nobody allowed',
    'B takes it on',
    'the management account takes on the access role of A',
    'A puts a rule that passes a role',
    'A lists rules in Frankfurt',
  ])
})
