import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { defaultsOf } from '../../catalog/fill.ts'
import { elementOf, FRAMEWORKS, type FrameworkElement } from '../../catalog/frameworks.ts'
import { treeOf } from '../../catalog/oscal/catalog-tree.ts'
import { fromOscalId, toOscalId } from '../../catalog/oscal/framework-ids.ts'
import { frameworkOf } from '../../catalog/oscal/framework-of.ts'
import { type OscalDocument, readOscal } from '../../catalog/oscal/read.ts'
import { implementedBy } from '../../catalog/oscal/requirements.ts'
import { resolveProfile } from '../../catalog/oscal/resolve-profile.ts'
import { catalogDocument } from '../../catalog/oscal/write-catalog.ts'
import { componentsDocument } from '../../catalog/oscal/write-components.ts'
import { mappingDocument } from '../../catalog/oscal/write-mapping.ts'
import { profileDocument } from '../../catalog/oscal/write-profile.ts'
import { typesOf } from '../../catalog/types.ts'
import { readLibrary } from './library.ts'

const library = readLibrary()
const stamp = { lastModified: '2026-11-22T00:00:00Z', version: '1', language: 'ja' } as const
const CATALOG = 'https://example.go.jp/rankan/catalog.json'
const choice = {
  id: 'all',
  title: { ja: 'すべて', en: 'Everything' },
  controls: library.map(({ record }) => ({ id: record.id, values: defaultsOf(record.parameters) })),
}
const written = {
  catalog: catalogDocument(library, stamp),
  components: componentsDocument(library, { ...stamp, language: 'en' }),
  profile: profileDocument(choice, CATALOG, stamp),
  mapping: mappingDocument(library, CATALOG, stamp),
}

function read<K extends OscalDocument['kind']>(value: unknown, kind: K): Extract<OscalDocument, { kind: K }> {
  const document = readOscal(JSON.stringify(value), 'document.json')
  if (!isKind(document, kind)) throw new Error(`read as ${document.kind}`)
  return document
}

const isKind = <K extends OscalDocument['kind']>(
  document: OscalDocument,
  kind: K,
): document is Extract<OscalDocument, { kind: K }> => document.kind === kind

describe('OSCAL written and read again', () => {
  it('is the same library: every control with its title and objective', () => {
    const { controls } = treeOf(read(written.catalog, 'catalog').body)
    const found = controls.map(({ control }) => [control.id, control.title, control.parts?.[0]?.prose])
    expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(
      new Set(
        library.map(({ record: { id, title, objective } }) => JSON.stringify([id, title.ja, objective.ja])),
      ),
    )
    expect(found).toHaveLength(library.length)
  })

  it('keeps every edge with its provenance, once for each type of the control', () => {
    const found = implementedBy(read(written.components, 'component-definition').body)
    const wanted = library.flatMap(({ record }) =>
      typesOf(record).flatMap(() => record.frameworks.map((edge) => JSON.stringify([record.id, edge]))),
    )
    expect(found.map(({ control, edge }) => JSON.stringify([control, edge])).sort()).toEqual(wanted.sort())
  })

  it('resolves the profile to the controls and values that were chosen', () => {
    const catalog = read(written.catalog, 'catalog')
    const { controls, parameters } = resolveProfile(read(written.profile, 'profile').body, (href) => {
      expect(href).toBe(CATALOG)
      return catalog
    })
    expect(new Set(controls.map(({ id }) => id))).toEqual(new Set(library.map(({ record }) => record.id)))
    expect(parameters['allowed-regions_allowedRegions']).toEqual(['ap-northeast-1', 'ap-northeast-3'])
  })

  it('writes the same text for the same library, with no identifier twice', () => {
    expect(catalogDocument(library, stamp)).toEqual(written.catalog)
    const ids = JSON.stringify(Object.values(written)).match(/"uuid":"[^"]+"/g) ?? []
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('takes identifiers of frameworks there and back', () => {
    for (const framework of FRAMEWORKS)
      for (const { id } of framework.elements)
        expect(fromOscalId(framework.id, toOscalId(framework.id, id))).toBe(id)
  })
})

describe('profile resolution', () => {
  const control = (id: string, below: readonly unknown[] = []) => ({ id, title: id, controls: below })
  const catalog = {
    catalog: {
      uuid: 'c',
      metadata: {
        title: 'c',
        'last-modified': '2026-01-01T00:00:00Z',
        version: '1',
        'oscal-version': '1.2.1',
      },
      groups: [
        {
          id: 'g',
          title: 'g',
          controls: [control('a-1', [control('a-1.1')]), control('a-2'), control('b-1')],
        },
      ],
    },
  }
  const profile = (uuid: string, imports: readonly unknown[], modify = {}) => ({
    profile: {
      uuid,
      metadata: {
        title: uuid,
        'last-modified': '2026-01-01T00:00:00Z',
        version: '1',
        'oscal-version': '1.2',
      },
      imports,
      modify,
    },
  })
  const chosen = (imports: readonly unknown[], others: Readonly<Record<string, unknown>> = {}) =>
    resolveProfile(read(profile('p', imports), 'profile').body, (href) =>
      readOscal(JSON.stringify({ c: catalog, ...others }[href]), href),
    ).controls.map(({ id }) => id)

  it.each([
    ['all', [{ href: 'c', 'include-all': {} }], ['a-1', 'a-1.1', 'a-2', 'b-1']],
    ['by id', [{ href: 'c', 'include-controls': [{ 'with-ids': ['b-1', 'a-1'] }] }], ['a-1', 'b-1']],
    [
      'with children',
      [{ href: 'c', 'include-controls': [{ 'with-child-controls': 'yes', 'with-ids': ['a-1'] }] }],
      ['a-1', 'a-1.1'],
    ],
    ['by pattern', [{ href: 'c', 'include-controls': [{ matching: [{ pattern: 'a-?' }] }] }], ['a-1', 'a-2']],
    [
      'all but some',
      [{ href: 'c', 'include-all': {}, 'exclude-controls': [{ matching: [{ pattern: 'a*' }] }] }],
      ['b-1'],
    ],
    [
      'twice, once',
      [
        { href: 'c', 'include-controls': [{ 'with-ids': ['a-2'] }] },
        { href: 'c', 'include-all': {} },
      ],
      ['a-2', 'a-1', 'a-1.1', 'b-1'],
    ],
  ])('chooses %s', (_, imports, ids) => expect(chosen(imports)).toEqual(ids))

  it('goes through profiles, and finds a circle', () => {
    expect(
      chosen([{ href: 'q', 'include-all': {} }], { q: profile('q', [{ href: 'c', 'include-all': {} }]) }),
    ).toHaveLength(4)
    expect(() => chosen([{ href: 'q', 'include-all': {} }], { q: profile('p', [{ href: 'c' }]) })).toThrow(
      /imports itself/,
    )
  })

  it('names an id that the catalog does not have', () => {
    expect(() => chosen([{ href: 'c', 'include-controls': [{ 'with-ids': ['z-9'] }] }])).toThrow(
      /`c` has no control `z-9`/,
    )
  })
})

describe('bad OSCAL', () => {
  it.each([
    ['{', /no JSON/],
    ['[]', /none of the members/],
    ['{"system-security-plan":{}}', /none of the members/],
    ['{"catalog":{"uuid":"a"}}', /catalog\/metadata/],
    [
      '{"catalog":{"uuid":"a","metadata":{"title":"t","last-modified":"x","version":"1","oscal-version":"2.0.0"}}}',
      /oscal-version: Rankan reads OSCAL 1\.x/,
    ],
  ])('%s is refused', (text, message) => expect(() => readOscal(text, 'f.json')).toThrow(message))
})

const isWithdrawn = (element: FrameworkElement | null) =>
  element === null ? 'absent' : (element.withdrawn ?? false)

const SHARED = fileURLToPath(new URL('../../../../../shared/data/oscal/', import.meta.url))

// Public OSCAL files are beside the project in CI only.
describe.skipIf(!existsSync(SHARED))('public OSCAL', () => {
  const shared = (file: string): string => readFileSync(`${SHARED}${file}`, 'utf8')
  let valid: (value: unknown) => readonly string[]

  beforeAll(() => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    const check = ajv.compile(JSON.parse(shared('oscal_complete_schema.json')))
    valid = (value) => (check(value) ? [] : (check.errors ?? []).map((e) => `${e.instancePath} ${e.message}`))
  }, 180_000)

  it.each(Object.keys(written) as (keyof typeof written)[])(
    'our %s is valid by the official schema',
    (kind) => {
      expect(valid(written[kind])).toEqual([])
    },
  )

  it('the schema notices what is wrong', () => {
    const { catalog } = written.catalog
    expect(valid({ catalog: { ...catalog, uuid: 'no' } })).not.toEqual([])
  })

  it("NIST's catalog of SP 800-53 is the framework that Rankan brings", () => {
    const document = readOscal(shared('NIST_SP-800-53_rev5_catalog.json'), 'nist')
    if (document.kind !== 'catalog') throw new Error(document.kind)
    const id = 'nist-sp-800-53-r5'
    const read = frameworkOf(document.body, id, 'https://csrc.nist.gov')
    for (const { id: element, withdrawn } of read.elements.filter(({ parent }) => parent !== null))
      expect([element, withdrawn ?? false]).toEqual([element, isWithdrawn(elementOf(id, element))])
    expect(read.elements.filter(({ withdrawn }) => withdrawn)).toHaveLength(182)
  })

  it("AWS's catalog of Security Hub has its 452 controls", () => {
    const document = readOscal(shared('aws_security-hub.oscal.json'), 'aws')
    if (document.kind !== 'catalog') throw new Error(document.kind)
    const { groups, controls } = treeOf(document.body)
    expect([groups.length, controls.length]).toEqual([77, 452])
  })
})
