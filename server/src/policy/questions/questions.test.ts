import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../compile/evaluate.ts'
import { evaluateNaively } from '../evaluate/naive/evaluate.ts'
import { withDerivedKeys } from '../exchange/context-keys.ts'
import { principalOf } from '../exchange/principal.ts'
import { parsePolicy } from '../parse/policy.ts'
import { NO_POLICIES, type Policy, type PolicyKind } from '../policies.ts'
import { ABSENT, type ContextEntry, type Request } from '../request.ts'
import { allowAll, policy, policySet, request } from '../testing/arbitraries.ts'
import { testFacts } from '../testing/facts.ts'
import { runs, share } from '../testing/runs.ts'
import { comparePolicies } from './compare.ts'
import { manyKeys } from './fragment.ts'
import { anyoneOutside, type Zone } from './outside.ts'
import { atMostAsPermissive, fullAccess } from './permissive.ts'
import { permits } from './permits.ts'
import { whoCan } from './who.ts'

const KINDS: readonly PolicyKind[] = ['identity', 'scp', 'resource', 'rcp']
const kind = fc.constantFrom(...KINDS)
const pair = kind.chain((one) => fc.tuple(policy(one), policy(one)))
const RUNS = runs(9, 60)

/** A request of which everything is told, with one value for each key that cannot have more. */
function settled(given: Request, policies: readonly Policy[]): Request {
  const many = manyKeys(policies)
  const settle = (key: string, entry: ContextEntry): ContextEntry => {
    if (entry.state !== 'known') return ABSENT
    return many.has(key) ? entry : { state: 'known', values: entry.values.slice(0, 1) }
  }
  const context = new Map([...given.context].map(([key, entry]) => [key, settle(key, entry)] as const))
  const sessionArn = given.principal.arn?.includes(':role/')
    ? { sessionArn: 'arn:aws:sts::111122223333:assumed-role/x/y' }
    : {}
  return {
    ...given,
    resource: { ...given.resource, arn: given.resource.arn ?? '*' },
    principal:
      given.principal.type === 'account'
        ? { ...given.principal, type: 'root', arn: `arn:aws:iam::${given.principal.account}:root` }
        : { ...sessionArn, ...given.principal },
    context,
    unlisted: 'absent',
  }
}

const arnsOf = (arn: string) => ({
  Action: 's3:*',
  Resource: '*',
  Condition: { ArnNotLike: { 'aws:PrincipalArn': arn } },
})

describe('is A at most as permissive as B', () => {
  it('a_yes_is_never_contradicted_by_a_request', () => {
    fc.assert(
      fc.property(pair, fc.array(request, { minLength: 5, maxLength: 15 }), ([a, b], requests) => {
        const { holds } = atMostAsPermissive([a], [b])
        if (holds !== 'yes') return
        for (const one of requests.map((given) => settled(given, [a, b]))) {
          const isRcpAction = !one.action.startsWith('ec2:')
          if (a.kind === 'rcp' && !isRcpAction) continue
          expect([permits([a], one), permits([b], one)]).not.toEqual(['yes', 'no'])
        }
      }),
      RUNS,
    )
  })

  it('what is said in the same words is no wider, whatever its names and order, and however large or unclear', () => {
    const parse = (Statement: readonly object[]) =>
      parsePolicy({ Version: '2012-10-17', Statement }, 'identity').policy ?? allowAll('identity')
    const own = 'arn:aws:s3:::*/$'.concat('{aws:username}')
    // Wildcards inside many names make the automata large; the variable is nothing that sets can express.
    const wild = Array.from(
      { length: 40 },
      (_, i) => `arn:aws:s3:::*${String.fromCharCode(97 + (i % 26))}*${i}*x*`,
    )
    const allow = { Effect: 'Allow', Action: 's3:*', Resource: [...wild, own] }
    const deny = { Effect: 'Deny', Action: 's3:Put*', NotResource: wild }
    const [a, b] = [parse([{ Sid: 'A', ...allow }, deny]), parse([deny, { Sid: 'B', ...allow }])]
    expect(comparePolicies([a], [b]).relation).toBe('equal')
    expect(atMostAsPermissive([a], [parse([allow])], { steps: 0 }).holds).toBe('yes')
    expect(atMostAsPermissive([parse([allow])], [a], { steps: 0 }).holds).not.toBe('yes')
    const older = parsePolicy({ Version: '2008-10-17', Statement: [allow, deny] }, 'identity').policy
    expect(older && comparePolicies([a], [older], { steps: 0 }).relation).not.toBe('equal')
  })

  it.each([
    [
      'names with wildcards inside',
      (i: number) => ({ Action: `s3:*${i}*`, Resource: `arn:aws:s3:::*${i}*/*x${i % 17}*` }),
    ],
    ['exceptions', (i: number) => ({ NotAction: `s3:*${i}*`, NotResource: `arn:aws:s3:::*${i}*` })],
    ['ARNs of principals', (i: number) => arnsOf(`arn:aws:iam::*:role/*${i}*`)],
  ])('hundreds of statements with %s get an answer, if need be that it is too large', (_, says) => {
    const statements = Array.from({ length: 300 }, (_, i) => ({
      Effect: i % 3 === 0 ? 'Allow' : 'Deny',
      ...says(i),
    }))
    const parse = (Statement: readonly object[]) =>
      parsePolicy({ Version: '2012-10-17', Statement }, 'identity').policy ?? allowAll('identity')
    const joined = statements.map((one, i) => (i < 150 ? one : { ...one, ...says(i - 150) }))
    const inclusion = atMostAsPermissive([parse(statements)], [parse(joined)], { steps: 2_000_000 })
    expect(inclusion.holds).not.toBe('yes')
    const same = atMostAsPermissive([parse(statements)], [parse([...statements, ...statements])], {
      steps: 0,
    })
    expect(same.holds).toBe('yes')
  })

  it('every_witness_is_decided_differently, by the compiled engine too', () => {
    let witnesses = 0
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const answer = atMostAsPermissive([a], [b])
        if (answer.holds !== 'no') return
        witnesses++
        expect([permits([a], answer.witness), permits([b], answer.witness)]).toEqual(['yes', 'no'])
        const alone = (one: Policy) => {
          const set = one.kind === 'resource' || one.kind === 'rcp' ? { resource: one } : { identity: [one] }
          const layer = evaluate(answer.witness, { ...NO_POLICIES, ...set }).layers[0]
          return layer?.explicitDeny === 'no' && (one.kind === 'rcp' || layer.allow === 'yes')
        }
        expect([alone(a), alone(b)]).toEqual([true, false])
      }),
      RUNS,
    )
    expect(witnesses).toBeGreaterThan(share(15))
  })

  it('every policy is at most as permissive as itself, and as itself with more allowed', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(atMostAsPermissive([a], [a]).holds).toBe('yes')
        const allows = { ...b, statements: b.statements.filter(({ effect }) => effect === 'Allow') }
        const denies = { ...b, statements: b.statements.filter(({ effect }) => effect === 'Deny') }
        expect(atMostAsPermissive([a], [a, allows]).holds).toBe('yes')
        expect(atMostAsPermissive([a, denies], [a]).holds).toBe('yes')
      }),
      RUNS,
    )
  })
})

function parsed(statements: readonly object[], of: PolicyKind = 'identity'): Policy {
  const { policy: found, problems } = parsePolicy({ Version: '2012-10-17', Statement: statements }, of, {
    name: of,
  })
  if (found === null) throw new Error(JSON.stringify(problems))
  return found
}
const allow = (Action: string | readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})
const deny = (Action: string | readonly string[], more: object = {}) => ({
  Effect: 'Deny',
  Action,
  Resource: '*',
  ...more,
})

const relation = (a: readonly object[], b: readonly object[], of: PolicyKind = 'identity') =>
  comparePolicies([parsed(a, of)], [parsed(b, of)]).relation

describe('the witness', () => {
  const { facts } = testFacts((file) =>
    JSON.parse(readFileSync(new URL(`../../../data/iam/generated/${file}`, import.meta.url), 'utf8')),
  )
  const witnessOf = (a: readonly object[], b: readonly object[]) => {
    const answer = atMostAsPermissive([parsed(a)], [parsed(b)], { facts })
    return answer.holds === 'no' ? answer.witness : null
  }

  it('names an action that AWS has, where one separates the two', () => {
    expect(witnessOf([allow('s3:*')], [allow('s3:*'), deny('s3:Delete*')])?.action).toMatch(
      /^s3:Delete[A-Z]\w+$/,
    )
    expect(witnessOf([allow('s3:Nothing*')], [allow('ec2:*')])?.action).toBe('s3:nothing')
  })

  it('has no key that changes nothing', () => {
    const secure = { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }
    const answer = witnessOf([allow('s3:*', secure), allow('s3:Get*')], [allow('ec2:*')])
    expect(answer?.context.size).toBe(0)
  })
})

describe('how two policies relate', () => {
  it('sees through wildcards, case, order and splitting', () => {
    expect(relation([allow(['s3:Get*', 's3:GetObject'])], [allow('S3:get*')])).toBe('equal')
    expect(relation([allow('s3:GetObject')], [allow('s3:Get*')])).toBe('narrower')
    expect(
      relation([allow('*'), deny('s3:*')], [{ ...allow('x:y'), Action: undefined, NotAction: 's3:*' }]),
    ).toBe('equal')
    expect(relation([allow('s3:*'), allow('ec2:*')], [allow(['ec2:*', 's3:*'])])).toBe('equal')
    expect(relation([allow('s3:*')], [allow('ec2:*')])).toBe('different')
  })

  it('knows regions, addresses, booleans, numbers, ARNs and absent keys', () => {
    const region = (operator: string, values: readonly string[]) => ({
      Condition: { [operator]: { 'aws:RequestedRegion': values } },
    })
    expect(
      relation([allow('*', region('StringEquals', ['a', 'b']))], [allow('*', region('StringLike', ['?']))]),
    ).toBe('narrower')
    expect(
      relation(
        [allow('*', region('StringNotEquals', ['a']))],
        [allow('*', region('StringNotEqualsIfExists', ['a']))],
      ),
    ).toBe('equal')
    expect(
      relation(
        [allow('*', region('StringEquals', ['a']))],
        [allow('*', region('StringEqualsIfExists', ['a']))],
      ),
    ).toBe('narrower')
    const ip = (range: string) => ({ Condition: { IpAddress: { 'aws:SourceIp': range } } })
    expect(relation([allow('*', ip('10.1.0.0/16'))], [allow('*', ip('10.0.0.0/8'))])).toBe('narrower')
    expect(
      relation(
        [allow('*', ip('10.0.0.0/9')), allow('*', ip('10.128.0.0/9'))],
        [allow('*', ip('10.0.0.0/8'))],
      ),
    ).toBe('equal')
    const arn = (pattern: string) => ({ Condition: { ArnLike: { 'aws:PrincipalArn': pattern } } })
    expect(
      relation([allow('*', arn('arn:aws:iam::*:role/Admin*'))], [allow('*', arn('arn:*:iam::*:role/*'))]),
    ).toBe('narrower')
    const less = (bound: string) => ({ Condition: { NumericLessThan: { 's3:max-keys': bound } } })
    expect(relation([allow('*', less('5'))], [allow('*', less('10'))])).toBe('narrower')
  })

  it('gives the smallest request that tells them apart', () => {
    const { forth } = comparePolicies(
      [parsed([allow('s3:*')])],
      [
        parsed([
          allow('s3:*'),
          deny('s3:Delete*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }),
        ]),
      ],
    )
    expect(forth).toMatchObject({
      holds: 'no',
      witness: { action: 's3:delete', resource: { arn: '*' } },
    })
    if (forth.holds === 'no')
      expect([...forth.witness.context]).toEqual([
        ['aws:multifactorauthpresent', { state: 'known', values: ['false'] }],
      ])
  })

  it('says `unknown` where variables decide, and which statement has them; equal variables are equal', () => {
    const home = allow('s3:GetObject', { Resource: 'arn:aws:s3:::home/$'.concat('{aws:username}/*') })
    expect(relation([home], [home])).toBe('equal')
    expect(relation([home], [allow('s3:*')])).toBe('narrower')
    const { forth } = comparePolicies(
      [parsed([home])],
      [parsed([allow('s3:GetObject', { Resource: 'arn:aws:s3:::home/a/*' })])],
    )
    expect(forth).toMatchObject({ holds: 'unknown', because: 'outside_fragment', statements: [{ index: 0 }] })
  })

  it('takes FullAWSAccess along where SCPs only deny', () => {
    const one = comparePolicies([parsed([deny('s3:*')], 'scp')], [parsed([deny(['s3:*', 'ec2:*'])], 'scp')])
    expect(one).toMatchObject({ relation: 'wider', assumed: ['FullAWSAccess'] })
  })

  it('knows principals of resource policies', () => {
    const grant = (principal: unknown) => ({ ...allow('s3:GetObject'), Principal: principal })
    const of = 'resource'
    expect(
      relation([grant({ AWS: 'arn:aws:iam::111122223333:role/A' })], [grant({ AWS: '111122223333' })], of),
    ).toBe('narrower')
    expect(relation([grant({ AWS: '111122223333' })], [grant('*')], of)).toBe('narrower')
    expect(relation([grant({ Service: 'sns.amazonaws.com' })], [grant({ AWS: '111122223333' })], of)).toBe(
      'different',
    )
  })
})

describe('can anyone outside', () => {
  const zone: Zone = { accounts: ['111122223333'], organizations: ['o-abc'] }
  const ask = (statements: readonly object[], rcps: readonly Policy[] = []) =>
    anyoneOutside(
      {
        resourcePolicy: parsed(statements, 'resource'),
        rcps: [{ target: 'r', policies: rcps }],
        account: '111122223333',
      },
      zone,
    )
  /** What an outsider gets who has every permission on the own side. */
  const gets = (one: Request, resource: Policy, rcp: Policy) =>
    evaluateNaively(one, {
      ...NO_POLICIES,
      identity: [fullAccess('identity')],
      resource,
      rcps: [{ target: 'r', policies: [rcp] }],
    }).verdict

  it('a_no_is_never_contradicted_by_an_outsider, and every witness is one who gets in', () => {
    const inside = { accounts: ['111122223333'], organizations: [] }
    const seen = { yes: 0, no: 0, unknown: 0 }
    fc.assert(
      fc.property(
        policy('resource'),
        policy('rcp'),
        fc.array(request, { minLength: 10, maxLength: 30 }),
        (resource, rcp, requests) => {
          const answer = anyoneOutside(
            { resourcePolicy: resource, rcps: [{ target: 'r', policies: [rcp] }], account: '111122223333' },
            inside,
          )
          seen[answer.can]++
          if (answer.can === 'yes') {
            expect(answer.witness.principal.account).not.toBe('111122223333')
            expect(gets(answer.witness, resource, rcp)).toBe('allowed')
          }
          if (answer.can !== 'no') return
          for (const given of requests) {
            const one = settled(given, [resource, rcp])
            const { account, type } = one.principal
            if (account === '111122223333' || type === 'service') continue
            // No service calls for a resource of ours because an outsider wants it.
            const source = one.context.get('aws:sourcearn')
            if (source?.state === 'known' && source.values.some((arn) => arn.includes(':111122223333:')))
              continue
            const owned = { ...one, resource: { ...one.resource, account: '111122223333' } }
            expect(gets(owned, resource, rcp)).not.toBe('allowed')
          }
        },
      ),
      RUNS,
    )
    expect(seen.yes).toBeGreaterThan(0)
    expect(seen.no).toBeGreaterThan(0)
  })

  const open = { ...allow('s3:GetObject'), Principal: '*' }
  const inOrg = (operator: string) => ({ Condition: { [operator]: { 'aws:PrincipalOrgID': 'o-abc' } } })

  it('finds the open door, and sees it closed by a condition, a deny or an RCP', () => {
    expect(ask([open]).can).toBe('yes')
    expect(ask([{ ...open, ...inOrg('StringEquals') }]).can).toBe('no')
    expect(ask([{ ...open, ...inOrg('StringEqualsIfExists') }]).can).toBe('yes')
    expect(ask([{ ...open, Principal: { AWS: '111122223333' } }]).can).toBe('no')
    expect(ask([{ ...open, Principal: { AWS: '444455556666' } }]).can).toBe('yes')
    expect(ask([{ ...open, Principal: { Service: 'sns.amazonaws.com' } }]).can).toBe('no')
    const half = { ...deny('s3:Put*', inOrg('StringNotEquals')), Principal: '*' }
    expect(ask([open, half]).can).toBe('yes')
    const closed = { ...deny('s3:*', inOrg('StringNotEquals')), Principal: '*' }
    expect(ask([open, closed]).can).toBe('no')
    expect(ask([open], [parsed([closed], 'rcp')]).can).toBe('no')
  })

  it('knows that no outsider has keys that tell whose resource or account is asked for', () => {
    const key = (operator: string, name: string, value: string, action = 'sns:Publish') =>
      ask([{ ...open, Action: action, Condition: { [operator]: { [name]: value } } }]).can
    // The default policy of a topic, and the policy of the keys that AWS manages.
    expect(key('StringEquals', 'AWS:SourceOwner', '111122223333')).toBe('no')
    expect(key('StringEquals', 'kms:CallerAccount', '111122223333', 'kms:Decrypt')).toBe('no')
    expect(key('StringEquals', 'kms:CallerAccount', '444455556666', 'kms:Decrypt')).toBe('yes')
    expect(key('StringEquals', 'aws:SourceAccount', '111122223333')).toBe('no')
    expect(key('StringEquals', 'aws:SourceAccount', '444455556666')).toBe('yes')
    expect(key('StringEqualsIfExists', 'aws:SourceAccount', '111122223333')).toBe('yes')
    expect(key('ArnLike', 'aws:SourceArn', 'arn:aws:cloudwatch:*:111122223333:alarm:*')).toBe('no')
    expect(key('ArnLike', 'aws:SourceArn', 'arn:aws:cloudwatch:*:*:alarm:*')).toBe('yes')
    expect(key('StringEquals', 'aws:SourceOrgID', 'o-abc')).toBe('no')
    expect(key('ForAnyValue:StringLike', 'aws:SourceOrgPaths', 'o-abc/r-1/*')).toBe('no')
  })

  it('somebody who is named is inside when only callers of our organisation get in', () => {
    const named = { ...open, Principal: { AWS: '444455556666' } }
    expect(ask([named]).can).toBe('yes')
    expect(ask([{ ...named, ...inOrg('StringEquals') }]).can).toBe('no')
    expect(ask([named, { ...deny('s3:*', inOrg('StringNotEquals')), Principal: '*' }]).can).toBe('no')
    expect(ask([{ ...named, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } } }]).can).toBe(
      'yes',
    )
  })

  it('tells about one action or one resource alone', () => {
    const half = { ...deny('s3:Put*', inOrg('StringNotEquals')), Principal: '*' }
    const both = { ...allow(['s3:GetObject', 's3:PutObject']), Principal: '*' }
    const one = (only: { action?: string; resource?: string }) =>
      anyoneOutside(
        { resourcePolicy: parsed([both, half], 'resource'), rcps: [], account: '111122223333', ...only },
        zone,
      )
    expect(one({ action: 's3:PutObject' }).can).toBe('no')
    expect(one({ action: 's3:GetObject' })).toMatchObject({ can: 'yes', witness: { action: 's3:getobject' } })
    expect(one({ action: 's3:G*', resource: 'arn:aws:s3:::docs/a' })).toMatchObject({
      witness: { resource: { arn: 'arn:aws:s3:::docs/a' } },
    })
    expect(one({ action: 'sqs:*' }).can).toBe('no')
  })

  it('an RCP does not help in a service that has none', () => {
    const sns = { ...allow('sns:Publish'), Principal: '*' }
    const rcp = parsed([{ ...deny(['sns:*', 's3:*'], inOrg('StringNotEquals')), Principal: '*' }], 'rcp')
    expect(ask([sns], [rcp]).can).toBe('yes')
  })
})

/** Keys that follow from who asks are his own, not those of the generated request. */
const withoutPrincipal = (context: Request['context']): Request['context'] =>
  new Map(
    [...context].filter(([key]) => !/^aws:(principal(?!tag)|username|userid|resourceaccount)/.test(key)),
  )

describe('who can', () => {
  it('nobody_is_said_to_be_able_or_unable_whom_a_request_contradicts', () => {
    const seen = { can: 0, perhaps: 0, cannot: 0 }
    fc.assert(
      fc.property(
        fc.array(fc.tuple(request, policySet), { minLength: 2, maxLength: 5 }),
        fc.array(request, { minLength: 4, maxLength: 8 }),
        ([first, ...rest], requests) => {
          if (first === undefined) return
          const [{ action, resource, organization }] = first
          const asked = { action, resource, ...(organization === undefined ? {} : { organization }) }
          const principals = [first, ...rest].map(([{ principal }, policies]) => ({ principal, policies }))
          const answer = whoCan(asked, principals)
          expect(answer.can.length + answer.perhaps.length + answer.cannot.length).toBe(principals.length)
          for (const list of ['can', 'perhaps', 'cannot'] as const)
            for (const { principal } of answer[list]) {
              seen[list]++
              if (list === 'perhaps') continue
              const policies = principals
                .filter((one) => one.principal === principal)
                .map((one) => one.policies)
              const verdicts = requests.flatMap(({ context, unlisted }) =>
                policies.map(
                  (set) =>
                    evaluateNaively(
                      withDerivedKeys({ ...asked, principal, context: withoutPrincipal(context), unlisted }),
                      set,
                    ).verdict,
                ),
              )
              // One principal may stand there twice, with other policies: then some of them must agree.
              const certain = list === 'can' ? 'allowed' : 'denied'
              if (policies.length === 1) expect(verdicts).toEqual(verdicts.map(() => certain))
              else expect(verdicts).toContain(certain)
            }
        },
      ),
      RUNS,
    )
    expect(Math.min(seen.can, seen.perhaps, seen.cannot)).toBeGreaterThan(0)
  })

  it('sorts principals by what their policies and SCPs say', () => {
    const principal = (name: string) => {
      const found = principalOf(`arn:aws:iam::111122223333:user/${name}`)
      if (found === null) throw new Error(name)
      return found
    }
    const region = { Condition: { StringEquals: { 'aws:RequestedRegion': 'ap-northeast-1' } } }
    const scps = [{ target: 'r', policies: [fullAccess('scp'), parsed([deny('s3:DeleteBucket')], 'scp')] }]
    const answer = whoCan(
      { action: 's3:GetObject', resource: { arn: 'arn:aws:s3:::docs/a', account: '111122223333' } },
      [
        {
          principal: principal('admin'),
          policies: { ...NO_POLICIES, scps, identity: [parsed([allow('*')])] },
        },
        {
          principal: principal('local'),
          policies: { ...NO_POLICIES, scps, identity: [parsed([allow('*', region)])] },
        },
        { principal: principal('nobody'), policies: { ...NO_POLICIES, scps } },
      ],
    )
    const names = (list: typeof answer.can) => list.map(({ principal: { arn } }) => arn?.split('/')[1])
    expect([names(answer.can), names(answer.perhaps), names(answer.cannot)]).toEqual([
      ['admin'],
      ['local'],
      ['nobody'],
    ])
    expect(answer.perhaps[0]?.decision.missing).toEqual([{ what: 'context', key: 'aws:requestedregion' }])
  })
})
