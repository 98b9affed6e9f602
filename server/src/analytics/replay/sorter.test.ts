import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../kernel/json.ts'
import { codesOf, matchCodes, patternCodes, withinParts } from '../../policy/compile/glob.ts'
import { ACCOUNTS } from '../../policy/testing/arbitraries.ts'
import { isPlainResource } from '../trail/resource-text.ts'
import { shredder } from '../trail/shreds.ts'
import { loadTables } from '../trail/tables.ts'
import { textsWriter } from '../trail/texts.ts'
import { automatonOf } from './arns.ts'
import { atomRow } from './atoms.ts'
import { type Part, readPart } from './check.ts'
import { classesOf } from './classes.ts'
import { estateOf } from './estate.ts'
import { parsedOf } from './folder.ts'
import { newKernel } from './kernel.ts'
import { resourceSorter, shredSorter } from './sorter.ts'

const { iam } = loadTables()
const kernel = newKernel()

const glob = fc.array(fc.constantFrom('a', 'b', ':', '/', '*', '?', 'arn:', 's3:'), { maxLength: 12 })
const arn = fc
  .array(fc.constantFrom('a', 'b', ':', '/', 'arn:aws:s3:::', '東', '"', '\\'), { maxLength: 12 })
  .map((pieces) => pieces.join(''))

describe('arnAutomaton', () => {
  it('equals the policy engine, pattern by pattern', () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 4 }), fc.array(arn, { maxLength: 6 }), (globs, arns) => {
        const patterns = globs.map((pieces) => withinParts(patternCodes(pieces.join(''))))
        const automaton = automatonOf(patterns, kernel)
        const told = new Map<number, string>()
        for (const text of arns) {
          const codes = codesOf(text)
          if (codes.some((code) => code > 127)) continue
          const state = codes.reduce((at, code) => automaton.step(at, code), automaton.start)
          const matched = patterns.map((pattern) => matchCodes(pattern, codes)).join()
          const before = told.get(automaton.matchesOf(state))
          expect(matched).toBe(before ?? matched)
          if (before === undefined) expect([...told.values()]).not.toContain(matched)
          told.set(automaton.matchesOf(state), matched)
        }
      }),
    )
  })
})

const deny = (Condition: object, Resource: string | readonly string[] = '*') => ({
  Effect: 'Deny',
  Action: '*',
  Resource,
  Condition,
})

/** Conditions over keys that facts tell by name, by pattern and by both, and keys that are read together. */
const statements = [
  deny({ StringLike: { 'sts:RoleSessionName': ['root*', 'admin*'] } }),
  deny({ Null: { 'aws:RequestTag/CostCenter': 'true' } }),
  deny({ StringEquals: { 'aws:RequestTag/System': ['tax', 'school'] } }),
  deny({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['CostCenter', 'System'] } }),
  deny({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
  deny({ StringEquals: { 'aws:ResourceAccount': ACCOUNTS[0] } }),
  deny({ Bool: { 'aws:SecureTransport': 'false' } }, ['arn:aws:s3:::gov-*-backup-*/*', 'arn:aws:s3:::a?b']),
  deny({ Bool: { 'aws:SecureTransport': 'true' } }, 'arn:aws:logs:*:*:log-group:/audit/*'),
]
const together = deny({ StringNotEquals: { 'aws:RequestTag/System': `\${aws:RequestTag/Owner}` } })

function worldOf(given: readonly object[]) {
  const [policy] = parsedOf([
    { name: 'p', kind: 'scp', file: 'p', document: { Version: '2012-10-17', Statement: given } },
  ])
  if (policy === undefined) throw new Error('no policy')
  const estate = estateOf([policy], null)
  return { estate, row: atomRow(estate.policies), iam }
}

const VALUES = [
  null,
  [],
  ['tax'],
  ['root1'],
  ['10.1.1.1'],
  ['true'],
  ['CostCenter', 'x"y'],
  ['東京'],
  ['a\\b]'],
]
const facts = fc.dictionary(
  fc.constantFrom(
    'sts:rolesessionname',
    'aws:requesttag/*',
    'aws:requesttag/costcenter',
    'aws:requesttag/system',
    'aws:requesttag/owner',
    'aws:tagkeys',
    'aws:sourceip',
    'aws:securetransport',
    's3:prefix',
    'kms:encryptioncontext:東',
    'aws:*',
  ),
  fc.constantFrom(...VALUES),
)
const resource = fc.record({
  account: fc.constantFrom(...ACCOUNTS, null),
  arn: fc.oneof(
    fc.constantFrom(
      '*',
      null,
      'arn:aws:s3:::gov-1-backup-2/key',
      'arn:aws:s3:::axb',
      'arn:aws:logs:ap-northeast-1:111122223333:log-group:/audit/x:*',
    ),
    arn,
  ),
  assumed: fc.constantFrom(null, 'iam_path'),
})

/** Sorted as in an index, where neighbours have much in common; and as they come, where they may have nothing. */
const orders = [(texts: readonly string[]) => texts, (texts: readonly string[]) => [...texts].sort()]

function written(texts: readonly string[]) {
  const [list, shreds] = [textsWriter(), shredder()]
  const plain = texts.map((text) => {
    const bytes = Buffer.from(text)
    list.add(bytes, 0, bytes.length)
    shreds.add(bytes, 0, bytes.length)
    return isPlainResource(bytes, 0, bytes.length) ? 1 : 0
  })
  return { texts: list.done(), shreds: shreds.done(), plain: Uint8Array.from(plain) }
}

describe('resourceSorter and shredSorter', () => {
  for (const given of [statements, [...statements, together]])
    it(`give the class of the value, whatever way they take, with ${given.length} statements`, () => {
      const world = worldOf(given)
      const classes = classesOf(world)
      const [ofResources, ofContexts, ofNetworks] = [
        resourceSorter(world, classes, kernel),
        shredSorter(world, classes, 'context', kernel),
        shredSorter(world, classes, 'network', kernel),
      ]
      const check = (part: Part, values: readonly unknown[]) => {
        for (const order of orders) {
          const texts = order(values.map((value) => canonicalJson(value as never)))
          const { texts: list, shreds, plain } = written(texts)
          const found =
            part === 'resource'
              ? ofResources(list, plain)
              : (part === 'context' ? ofContexts : ofNetworks)(shreds)
          expect([...found]).toEqual(texts.map((text) => classes.classOf(part, readPart(part, text))))
        }
      }
      fc.assert(
        fc.property(
          fc.array(facts),
          fc.array(facts),
          fc.array(resource, { maxLength: 80 }),
          (context, network, resources) => {
            check('context', context)
            check('network', network)
            check('resource', resources)
          },
        ),
      )
    })
})
