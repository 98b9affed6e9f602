import { describe, expect, it } from 'vitest'
import { loadTables } from '../trail/tables.ts'
import { atomRow } from './atoms.ts'
import { estateOf } from './estate.ts'
import { parsedOf } from './folder.ts'
import { judgeOf } from './scan.ts'

const { iam } = loadTables()

/** A denial by region, and one for which each address of the network is a class of its own. */
const document = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
    },
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      Condition: { StringEquals: { 'aws:SourceIp': '${aws:PrincipalTag/ip}' } },
    },
  ],
}

describe('a judge', () => {
  it('tells_apart_more_networks_than_fit_into_sixteen_bits', () => {
    const estate = estateOf(parsedOf([{ name: 'p', kind: 'scp', file: 'p.json', document }]), null)
    const judge = judgeOf({ estate, row: atomRow(estate.policies), iam })
    const { classOf } = judge.classes
    const arn = 'arn:aws:iam::111122223333:role/r'
    const context = classOf('context', {})
    const principal = classOf('principal', {
      principal: { type: 'role', arn, account: '111122223333' },
      keys: { 'aws:principaltag/ip': ['192.0.2.1'] },
      via: null,
      viaService: 'no',
    } as never)
    const resource = classOf('resource', { arn: '*', account: null, assumed: null })
    const action = classOf('action', 'ec2:DescribeInstances')
    const [tokyo, virginia] = ['ap-northeast-1', 'us-east-1'].map((region) => classOf('region', region))
    const networks = Array.from({ length: 65_537 }, (_, i) =>
      classOf('network', { 'aws:sourceip': [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`] }),
    )
    const verdictOf = (region: number | undefined, network: number | undefined) => {
      const tuple = Int32Array.of(context, principal, network ?? -1, resource, region ?? -1, action)
      const outcome = judge.find(tuple, 0)
      expect(judge.askedFor(outcome)).toEqual({ classes: [...tuple], seen: 0 })
      return judge.outcomes[outcome]?.verdict
    }
    const [first, last] = [networks[0], networks.at(-1)]
    expect(new Set(networks).size).toBe(networks.length)
    expect([verdictOf(virginia, first), verdictOf(tokyo, last)]).toEqual([2, 0])
    expect([verdictOf(virginia, last), verdictOf(tokyo, first)]).toEqual([2, 0])
  })
})
