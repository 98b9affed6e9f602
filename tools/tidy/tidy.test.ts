import path from 'node:path'
import { describe, expect, it } from 'vitest'
import rules from './layers.json' with { type: 'json' }
import { readSources, type Source } from './sources.ts'

const levels: Readonly<Record<string, number>> = rules.server
const server = readSources('server/src')
const portal = readSources('portal/src')
const everything = [...server, ...portal, ...readSources('bench/src'), ...readSources('tools')]
const isTest = (source: Source) => /\.test\.tsx?$/.test(source.file)

/** `server/src/storage/ledger/append.ts` → `storage` */
const layerOf = (file: string) => /^server\/src\/([^/]+)\//.exec(file)?.[1] ?? ''

const relativeImports = (source: Source) =>
  source.imports
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.normalize(path.posix.join(path.posix.dirname(source.file), name)))

describe('the house', () => {
  it('has a level for every folder of the server', () => {
    const folders = new Set(server.map((source) => layerOf(source.file)))
    expect([...folders].filter((folder) => !(folder in levels))).toEqual([])
  })

  it('imports only downhill', () => {
    const uphill = server
      .filter((source) => !isTest(source))
      .flatMap((source) =>
        relativeImports(source)
          .filter((target) => target.startsWith('server/src/'))
          .filter((target) => {
            const [from, to] = [layerOf(source.file), layerOf(target)]
            const forbidden = (rules.forbidden as Record<string, readonly string[]>)[from] ?? []
            return from !== to && ((levels[to] ?? 99) >= (levels[from] ?? -1) || forbidden.includes(to))
          })
          .map((target) => `${source.file} imports ${target}`),
      )
    expect(uphill).toEqual([])
  })

  it('has no import cycles', () => {
    expect(cycles(everything)).toEqual([])
  })

  it('keeps each package in its home', () => {
    const homes = Object.entries(rules.homes)
    const astray = server
      .filter((source) => !isTest(source))
      .flatMap((source) =>
        source.imports.flatMap((name) => {
          const home = homes.find(
            ([pkg]) => name === pkg || name.startsWith(pkg.endsWith('/') ? pkg : `${pkg}/`),
          )
          const within = source.file.replace('server/src/', '')
          return home === undefined || home[1].some((folder) => within.startsWith(`${folder}/`))
            ? []
            : [`${source.file} imports ${name}`]
        }),
      )
    expect(astray).toEqual([])
  })

  it('lets the portal import only what runs in a browser', () => {
    const astray = portal.flatMap((source) =>
      [
        ...relativeImports(source).filter(
          (target) => target.startsWith('server/') && !rules.portalMayImport.includes(layerOf(target)),
        ),
        ...source.imports.filter((name) => {
          const layer = /^@rankan\/server\/(?:src\/)?([^/]+)/.exec(name)?.[1]
          return layer !== undefined && !rules.portalMayImport.includes(layer)
        }),
      ].map((target) => `${source.file} imports ${target}`),
    )
    expect(astray).toEqual([])
  })

  it('keeps Node out of what runs in a browser', () => {
    const astray = server
      .filter((source) => rules.browserSafe.includes(layerOf(source.file)) && !isTest(source))
      .flatMap((source) =>
        source.imports
          .filter((name) => name.startsWith('node:'))
          .map((name) => `${source.file} imports ${name}`),
      )
    expect(astray).toEqual([])
  })

  it('has no file that became a drawer', () => {
    const long = everything.filter((source) => source.text.split('\n').length > rules.limits.fileLines)
    expect(long.map((source) => `${source.file}: ${source.text.split('\n').length} lines`)).toEqual([])
  })

  it('has short functions', () => {
    const functions = [...server, ...portal]
      .filter((s) => !isTest(s))
      .flatMap((s) => s.functions.map((f) => ({ ...f, file: s.file })))
    const lengths = functions.map((f) => f.lines).sort((a, b) => a - b)
    const at = (share: number) => lengths[Math.floor(lengths.length * share)] ?? 0
    const tooLong = functions.filter(
      (f) => f.lines > rules.limits.longestFunction && !f.file.endsWith('.tsx'),
    )
    expect(tooLong.map((f) => `${f.file}:${f.line} ${f.name}: ${f.lines} lines`)).toEqual([])
    expect(at(0.5)).toBeLessThanOrEqual(rules.limits.functionLinesMedian)
    expect(at(0.9)).toBeLessThanOrEqual(rules.limits.functionLinesP90)
  })
})

function cycles(sources: readonly Source[]): readonly string[] {
  const graph = new Map(sources.map((source) => [source.file, relativeImports(source)]))
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done' || !graph.has(file)) return
    if (state.get(file) === 'open') {
      found.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const target of graph.get(file) ?? []) visit(target, [...trail, file])
    state.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file, [])
  return found
}
