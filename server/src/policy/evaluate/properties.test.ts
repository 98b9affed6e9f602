import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicySet } from '../policies.ts'
import { ABSENT, known, type Request } from '../request.ts'
import {
  ACCOUNTS,
  allowAll,
  beginning,
  CONTEXT_KEYS,
  denyAll,
  policySet,
  request,
} from '../testing/arbitraries.ts'
import { runs } from '../testing/runs.ts'
import { evaluateNaively } from './naive/evaluate.ts'

const RUNS = runs(11, 400)
const [MEMBER] = ACCOUNTS
const SERVICE_LINKED: Request['principal'] = {
  type: 'service_linked_role',
  arn: `arn:aws:iam::${MEMBER}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
  account: MEMBER,
}
const level = (
  policies: PolicySet['scps'] extends infer L ? (L extends readonly (infer One)[] ? One : never) : never,
) => [policies]

describe('promises of the policy engine', () => {
  it('explicit_deny_wins: whatever else there is, a Deny in any kind that binds the caller denies', () => {
    fc.assert(
      fc.property(
        request,
        policySet,
        fc.constantFrom('identity', 'session', 'boundary'),
        (req, set, kind) => {
          fc.pre(['user', 'role', 'root'].includes(req.principal.type))
          const deny = denyAll(kind as 'identity')
          const with_ = { ...set, [kind]: kind === 'boundary' ? deny : [deny] }
          expect(evaluateNaively(req, with_)).toMatchObject({ verdict: 'denied', why: 'explicit_deny' })
        },
      ),
      RUNS,
    )
  })

  it('scp_never_grants: what is not allowed without SCPs is not allowed with them', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        const without = evaluateNaively(req, { ...set, scps: [] })
        const with_ = evaluateNaively(req, set)
        if (without.verdict === 'denied') expect(with_.verdict).toBe('denied')
        if (with_.verdict === 'allowed') expect(without.verdict).toBe('allowed')
      }),
      RUNS,
    )
  })

  it('management_account_is_exempt: no SCP changes an answer for its principals, no RCP one for its resources', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        const own = { ...req, organization: { managementAccount: MEMBER } }
        const summary = (r: Request, s: PolicySet) => {
          const { verdict, why, by, missing } = evaluateNaively(r, s)
          return { verdict, why, by, missing }
        }
        if (req.principal.account === MEMBER)
          expect(summary(own, { ...set, scps: level({ target: 'r', policies: [denyAll('scp')] }) })).toEqual(
            summary(own, { ...set, scps: [] }),
          )
        if (req.resource.account === MEMBER)
          expect(summary(own, { ...set, rcps: level({ target: 'r', policies: [denyAll('rcp')] }) })).toEqual(
            summary(own, { ...set, rcps: [] }),
          )
      }),
      RUNS,
    )
  })

  it('rcp_binds_outsiders: an RCP of the owner denies every caller but service-linked roles', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        fc.pre(
          ['s3', 'kms', 'sqs'].includes(req.action.split(':')[0] ?? '') &&
            req.principal.type !== 'service_linked_role',
        )
        const plain = { ...req, organization: { managementAccount: null } }
        const rcps = level({ target: 'r', policies: [denyAll('rcp')] })
        expect(evaluateNaively(plain, { ...set, rcps })).toMatchObject({
          verdict: 'denied',
          why: 'explicit_deny',
        })
      }),
      RUNS,
    )
  })

  it('rcp_never_grants: what is not allowed without RCPs is not allowed with them', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        const without = evaluateNaively(req, { ...set, rcps: [] })
        const with_ = evaluateNaively(req, set)
        if (without.verdict === 'denied') expect(with_.verdict).toBe('denied')
        if (with_.verdict === 'allowed') expect(without.verdict).toBe('allowed')
      }),
      RUNS,
    )
  })

  it('service_linked_role_is_exempt: no SCP and no RCP changes its answers', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        const linked = { ...req, organization: { managementAccount: null, serviceLinkedRole: true } }
        const own: Request = { ...linked, principal: { ...SERVICE_LINKED } }
        const barred = {
          scps: level({ target: 'r', policies: [denyAll('scp')] }),
          rcps: level({ target: 'r', policies: [denyAll('rcp')] }),
        }
        expect(evaluateNaively(own, { ...set, ...barred }).verdict).toBe(
          evaluateNaively(own, { ...set, scps: [], rcps: [] }).verdict,
        )
      }),
      RUNS,
    )
  })

  it('every_scp_level_must_allow: one level that says nothing denies, whatever the others allow', () => {
    fc.assert(
      fc.property(request, policySet, fc.boolean(), (req, set, first) => {
        fc.pre(['user', 'role', 'root'].includes(req.principal.type))
        const plain = { ...req, organization: { managementAccount: null } }
        const open = { target: 'open', policies: [allowAll('scp')] }
        const empty = { target: 'empty', policies: [] }
        const scps = first ? [empty, open] : [open, empty]
        expect(evaluateNaively(plain, { ...set, scps }).verdict).toBe('denied')
      }),
      RUNS,
    )
  })

  it('boundary_and_session_never_grant: who has no permission of its own gets none from them', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        fc.pre(['user', 'role'].includes(req.principal.type))
        const own = { ...set, identity: [], resource: null, boundary: set.boundary ?? allowAll('boundary') }
        expect(evaluateNaively(req, own).verdict).toBe('denied')
      }),
      RUNS,
    )
  })

  it('two_accounts_must_both_allow: a stranger needs the resource, and its own side', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        fc.pre(req.principal.type === 'user' && req.resource.arn !== '*')
        const account = ACCOUNTS.find((one) => one !== req.principal.account) ?? MEMBER
        const across = { ...req, resource: { ...req.resource, account } }
        expect(evaluateNaively(across, { ...set, resource: null }).verdict).toBe('denied')
        expect(evaluateNaively(across, { ...set, identity: [] }).verdict).toBe('denied')
      }),
      RUNS,
    )
  })

  it('a_key_policy_must_allow: no identity policy alone opens a KMS key', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        fc.pre(['user', 'role', 'root'].includes(req.principal.type))
        const key = 'arn:aws:kms:ap-northeast-1:111122223333:key/1'
        const own = { ...req, action: 'kms:Decrypt', resource: { arn: key, account: req.principal.account } }
        expect(evaluateNaively(own, { ...set, resource: null }).verdict).toBe('denied')
      }),
      RUNS,
    )
  })

  it('unknown_is_not_allowed: where every key, policy and fact is unknown, nothing that depends on them is allowed', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        const decision = evaluateNaively(req, set)
        expect(decision.missing.length > 0).toBe(decision.verdict === 'unknown')
        if (decision.verdict === 'allowed')
          for (const layer of decision.layers) {
            expect(layer.explicitDeny).toBe('no')
            if (layer.kind === 'scp') expect(layer.allow).toBe('yes')
          }
      }),
      RUNS,
    )
  })

  it('more_knowledge_never_flips_a_certain_answer: any value for an unknown key keeps it', () => {
    const values = fc.oneof(
      fc.constant(ABSENT),
      fc.constantFrom('red', 'us-east-1', 'true', '5', '203.0.113.7', 'x').map((v) => known(v)),
      fc.constant(known()),
      fc.constant(known('red', 'blue')),
    )
    fc.assert(
      fc.property(request, policySet, fc.array(values, { minLength: 8, maxLength: 8 }), (req, set, told) => {
        const before = evaluateNaively(req, set)
        fc.pre(before.verdict !== 'unknown')
        const context = new Map(req.context)
        CONTEXT_KEYS.forEach((key, i) => {
          if (context.get(key)?.state === 'unknown') context.set(key, told[i] ?? ABSENT)
        })
        expect(evaluateNaively({ ...req, context }, set).verdict).toBe(before.verdict)
      }),
      RUNS,
    )
  })

  it('more_knowledge_never_flips_a_certain_answer: neither does the resource, its owner, or the identity policies', () => {
    fc.assert(
      fc.property(request, policySet, request, (req, set, other) => {
        const blind = { ...req, resource: { arn: null, account: null } }
        const before = evaluateNaively(blind, { ...set, identity: 'unknown' })
        fc.pre(before.verdict !== 'unknown')
        expect(
          evaluateNaively(
            { ...blind, resource: other.resource },
            { ...set, identity: [allowAll('identity')] },
          ).verdict,
        ).toBe(before.verdict)
        expect(evaluateNaively({ ...blind, resource: req.resource }, { ...set, identity: [] }).verdict).toBe(
          before.verdict,
        )
      }),
      RUNS,
    )
  })

  it('more_knowledge_never_flips_a_certain_answer: nor the rest of an ARN of which the beginning was known', () => {
    const rest = fc.constantFrom('a', 'red/b', 'red/', '*', '0', 'x/y/z')
    fc.assert(
      fc.property(request, policySet, beginning, rest, (req, set, arn, text) => {
        const { account } = req.resource
        const before = evaluateNaively({ ...req, resource: { arn, account, isBeginning: true } }, set)
        const whole = { ...req, resource: { arn: `${arn}${text}`, account } }
        if (before.verdict !== 'unknown') expect(evaluateNaively(whole, set).verdict).toBe(before.verdict)
      }),
      RUNS,
    )
  })

  it('what a denial lacks is told: following `missing` until it is empty ends in a certain answer', () => {
    fc.assert(
      fc.property(request, policySet, (req, set) => {
        let now: Request = {
          ...req,
          resource: { arn: req.resource.arn ?? '*', account: req.resource.account ?? MEMBER },
        }
        const known_ = { ...set, identity: set.identity === 'unknown' ? [] : set.identity }
        for (let i = 0; i < 20; i++) {
          const { verdict, missing } = evaluateNaively(now, known_)
          if (verdict !== 'unknown') return
          const context = new Map(now.context)
          for (const one of missing) if (one.what === 'context') context.set(one.key, ABSENT)
          if (missing.every(({ what }) => what !== 'context')) {
            expect(
              missing.every(
                ({ what }) => what === 'principal' || what === 'session_arn' || what === 'principal_account',
              ),
            ).toBe(true)
            return
          }
          now = { ...now, context }
        }
        expect.unreachable('`missing` never became empty')
      }),
      RUNS,
    )
  })
})
