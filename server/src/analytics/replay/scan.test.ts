import { describe, expect, it } from 'vitest'
import { loadTables } from '../trail/tables.ts'
import { atomRow } from './atoms.ts'
import { ALLOWED, DENIED } from './decide.ts'
import { estateOf } from './estate.ts'
import { parsedOf } from './folder.ts'
import { newKernel } from './kernel.ts'
import { judgeOf, scanWith } from './scan.ts'
import type { PartValues } from './values.ts'

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
    expect(new Set(networks).size).toBe(networks.length)
    // Four runs of one check: the first and the last network, each in Virginia and in Tokyo.
    const [zeros, ones] = [new Uint32Array(4), new Uint32Array(4).fill(1)]
    const runs = { action: zeros, principal: zeros, account: zeros, seen: zeros }
    const checks = { context: zeros, resource: zeros, when: zeros, call: zeros, calls: ones }
    const rows = {
      run: {
        ...runs,
        region: Uint32Array.of(0, 1, 1, 0),
        network: Uint32Array.of(0, 1, 0, 1),
        first: Uint32Array.of(0, 1, 2, 3),
      },
      row: { ...checks, first: zeros, last: zeros },
    }
    const classes = {
      context: Int32Array.of(context),
      principal: Int32Array.of(principal),
      network: Int32Array.of(networks[0] as number, networks.at(-1) as number),
      resource: Int32Array.of(resource),
      region: Int32Array.from([virginia, tokyo] as number[]),
      action: Int32Array.of(action),
    }
    const scan = scanWith(newKernel(), [judge])
    const kept = scan(rows, { since: null, until: null }, { classOf: [classes] } as unknown as PartValues)
    expect([...kept.rows], 'denied: those of Virginia').toEqual([0, 3])
    expect(judge.outcomes.map(({ verdict }) => verdict)).toEqual([DENIED, ALLOWED, ALLOWED, DENIED])
    expect(judge.outcomes.map(({ parts }) => parts.network['aws:sourceip']?.[0])).toEqual([
      '10.0.0.0',
      '10.1.0.0',
      '10.0.0.0',
      '10.1.0.0',
    ])
    // Asked once more, nothing is decided anew.
    scan(rows, { since: null, until: null }, { classOf: [classes] } as unknown as PartValues)
    expect(judge.outcomes).toHaveLength(4)
  })
})
