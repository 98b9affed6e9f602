import { describe, expect, it } from 'vitest'
import { readDocument } from '../../guard/document/document.ts'
import { Unknown } from '../../guard/document/value.ts'
import { terraformDocument } from './plan.ts'

type Change = {
  address: string
  after?: unknown
  unknown?: unknown
  actions?: string[]
  mode?: string
  sensitive?: unknown
}

const change = ({
  address,
  after = {},
  unknown = {},
  actions = ['create'],
  mode = 'managed',
  sensitive = {},
}: Change) => ({
  address,
  mode,
  type: /(?:^|\.)(aws_\w+)\.[^.]*$/.exec(address.replace(/\[[^\]]*\]/g, ''))?.[1] ?? 'x',
  change: { actions, after, after_unknown: unknown, after_sensitive: sensitive },
})

const planned = (changes: readonly Change[], root: object = {}) =>
  terraformDocument(
    readDocument(
      JSON.stringify(
        {
          format_version: '1.2',
          resource_changes: changes.map(change),
          configuration: { root_module: root },
        },
        null,
        1,
      ),
    ),
  )

type Resources = Record<
  string,
  { Type: string; Properties: Record<string, unknown>; ReferencedBy: { Address: string }[] }
>
const resourcesOf = (document: ReturnType<typeof planned>): Resources =>
  (document.value as unknown as { Resources: Resources }).Resources

describe('a plan', () => {
  it('shows what will be there: not what goes away, nor what is only read', () => {
    const made = planned([
      { address: 'aws_s3_bucket.a' },
      { address: 'aws_s3_bucket.b', actions: ['delete'], after: null },
      { address: 'data.aws_x.c', mode: 'data', actions: ['read'] },
      { address: 'aws_s3_bucket.d', actions: ['delete', 'create'] },
      { address: 'aws_s3_bucket.e', actions: ['no-op'] },
    ])
    expect(Object.keys(resourcesOf(made))).toEqual(['aws_s3_bucket.a', 'aws_s3_bucket.d', 'aws_s3_bucket.e'])
  })
  it('puts unknown values where `after_unknown` marks them, in blocks, too', () => {
    const made = planned([
      {
        address: 'aws_x.a',
        after: { name: 'n', rule: [{ days: 1 }], tags: null },
        unknown: { arn: true, rule: [{ id: true }], tags: {}, empty: [] },
      },
    ])
    const { Properties } = resourcesOf(made)['aws_x.a'] as Resources[string]
    expect(Properties).toMatchObject({ name: 'n', tags: null, rule: [{ days: 1 }] })
    expect(Properties.arn).toBeInstanceOf(Unknown)
    expect((Properties.rule as [{ id: unknown }])[0].id).toBeInstanceOf(Unknown)
    expect(Properties).not.toHaveProperty('empty')
  })
  it('finds places in the plan, and what is sensitive', () => {
    const made = planned([{ address: 'aws_x.a', after: { p: { q: 1 }, r: 2 }, sensitive: { p: true } }])
    const at = made.locate(['Resources', 'aws_x.a', 'Properties', 'p', 'q'])
    expect(at.line).toBeGreaterThan(5)
    expect(made.sensitive(['Resources', 'aws_x.a', 'Properties', 'p', 'q'])).toBe(true)
    expect(made.sensitive(['Resources', 'aws_x.a', 'Properties', 'r'])).toBe(false)
  })
})

describe('references', () => {
  const refer = (...references: string[]) => ({ references })
  const resource = (address: string, expressions: object = {}, more: object = {}) => ({
    address,
    expressions,
    ...more,
  })
  const by = (made: ReturnType<typeof planned>, address: string): readonly string[] =>
    (resourcesOf(made)[address]?.ReferencedBy ?? []).map(({ Address }) => Address)

  it('name the resources that refer to one', () => {
    const made = planned([{ address: 'aws_b.x' }, { address: 'aws_p.y' }, { address: 'aws_p.z' }], {
      resources: [
        resource('aws_b.x'),
        resource('aws_p.y', { rule: [{ bucket: refer('aws_b.x.id', 'aws_b.x') }] }),
        resource('aws_p.z', { bucket: { constant_value: 'x' } }),
      ],
    })
    expect(by(made, 'aws_b.x')).toEqual(['aws_p.y'])
    expect(by(made, 'aws_p.y')).toEqual([])
  })
  it('go with the instance: an index, `each.key`, `count.index`, a chained `for_each`', () => {
    const instances = [
      'aws_b.x["a"]',
      'aws_b.x["b"]',
      'aws_p.y["a"]',
      'aws_p.y["b"]',
      'aws_q.z["a"]',
      'aws_q.z["b"]',
      'aws_one.o',
    ]
    const made = planned(
      instances.map((address) => ({ address })),
      {
        resources: [
          resource('aws_b.x'),
          resource('aws_p.y', { bucket: refer('aws_b.x', 'each.key') }),
          resource(
            'aws_q.z',
            { bucket: refer('each.value.id', 'each.value') },
            { for_each_expression: refer('aws_b.x') },
          ),
          resource('aws_one.o', { bucket: refer('aws_b.x["b"].id', 'aws_b.x["b"]', 'aws_b.x') }),
        ],
      },
    )
    expect(by(made, 'aws_b.x["a"]')).toEqual(['aws_p.y["a"]', 'aws_q.z["a"]'])
    expect(by(made, 'aws_b.x["b"]')).toEqual(['aws_p.y["b"]', 'aws_q.z["b"]', 'aws_one.o'])
  })
  it('go through variables and outputs of modules, within one instance of a module', () => {
    const made = planned(
      [
        { address: 'module.s["1"].aws_b.x' },
        { address: 'module.s["2"].aws_b.x' },
        { address: 'module.s["1"].aws_p.y' },
        { address: 'aws_b.root' },
        { address: 'module.v.aws_p.w' },
        { address: 'aws_q.out' },
      ],
      {
        resources: [
          resource('aws_b.root'),
          resource('aws_q.out', { bucket: refer('module.v.made', 'module.v') }),
        ],
        module_calls: {
          s: {
            module: {
              resources: [
                resource('aws_b.x'),
                resource('aws_p.y', { bucket: refer('aws_b.x.id', 'aws_b.x') }),
              ],
            },
          },
          v: {
            expressions: { name: refer('aws_b.root.id', 'aws_b.root') },
            module: {
              outputs: { made: { expression: refer('aws_p.w.id', 'aws_p.w') } },
              resources: [resource('aws_p.w', { bucket: refer('var.name') })],
            },
          },
        },
      },
    )
    expect(by(made, 'module.s["1"].aws_b.x')).toEqual(['module.s["1"].aws_p.y'])
    expect(by(made, 'module.s["2"].aws_b.x')).toEqual([])
    expect(by(made, 'aws_b.root')).toEqual(['module.v.aws_p.w'])
    expect(by(made, 'module.v.aws_p.w')).toEqual(['aws_q.out'])
  })
  it('to one attribute of one resource make a text that will be there', () => {
    const made = planned([{ address: 'aws_b.x', unknown: { key: true, other: true } }], {
      resources: [
        resource('aws_b.x', {
          key: refer('aws_kms_key.k.arn', 'aws_kms_key.k'),
          other: refer('aws_kms_key.k.arn', 'aws_kms_key.k', 'var.on'),
        }),
      ],
    })
    expect(resourcesOf(made)['aws_b.x']?.Properties).toMatchObject({
      key: { text: true },
      other: { exists: false },
    })
  })
})

describe('a plan that cannot be read', () => {
  it.each([
    [{ address: 5, type: 'aws_s3_bucket', change: {} }],
    [{ address: 'aws_s3_bucket.a', change: {} }],
    [{ address: 'aws_s3_bucket.a', type: 'aws_s3_bucket', change: null }],
    ['aws_s3_bucket.a'],
  ])('is refused with the place, and nothing in it passes unseen: %j', (change) => {
    const sound = { address: 'aws_s3_bucket.b', type: 'aws_s3_bucket', change: { after: {} } }
    const text = JSON.stringify({ format_version: '1.2', resource_changes: [sound, change] })
    expect(() => terraformDocument(readDocument(text))).toThrow(/`resource_changes\[1\]` is not as/)
  })
})
