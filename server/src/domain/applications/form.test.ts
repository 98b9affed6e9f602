import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDraft } from './draft.ts'
import { issueText, readForm } from './issues.ts'
import { APPLICATION_LIMITS as L } from './limits.ts'
import { sampleVendForm } from './sample.ts'

const at = (form: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<string | number, unknown>)?.[part], form)

/** Every path to a leaf of the sample. */
function leaves(value: unknown, path: readonly (string | number)[] = []): readonly (string | number)[][] {
  if (value === null || typeof value !== 'object') return [[...path]]
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

const changed = (path: readonly (string | number)[], value: unknown) => {
  const form = structuredClone(sampleVendForm()) as unknown as Record<string, unknown>
  const parent = at(form, path.slice(0, -1)) as Record<string | number, unknown>
  const last = path.at(-1)
  if (last !== undefined) parent[last] = value
  return form
}

const PATHS = leaves(sampleVendForm()).filter((path) => path[0] !== 'kind')
const starts = (path: readonly unknown[], prefix: readonly unknown[]) =>
  prefix.every((part, i) => path[i] === part)

describe('the form', () => {
  it('accepts the sample, and what it accepted once it accepts unchanged again', () => {
    const first = readForm(sampleVendForm())
    expect(first.ok).toBe(true)
    if (first.ok) expect(readForm(JSON.parse(JSON.stringify(first.value)))).toEqual(first)
  })

  it('says for every field where a value of the wrong type is', () => {
    for (const path of PATHS) {
      const read = readForm(changed(path, { hostile: true }))
      expect(read.ok).toBe(false)
      if (!read.ok) expect(read.error.some((issue) => starts(issue.path, path))).toBe(true)
    }
  })

  it('refuses control characters, bidirectional overrides and lone surrogates in every text', () => {
    const texts = PATHS.filter((path) => typeof at(sampleVendForm(), path) === 'string')
    for (const path of texts) {
      for (const bad of ['a\u0000b', 'a\u202eb', 'a\ud800b', 'a\u200bb', 'a\u0007b']) {
        const read = readForm(changed(path, bad))
        expect([path, bad, read.ok]).toEqual([path, bad, false])
      }
    }
  })

  it('refuses what is huge without carrying it back', () => {
    for (const path of PATHS.filter((p) => typeof at(sampleVendForm(), p) === 'string')) {
      const read = readForm(changed(path, 'x'.repeat(100_000)))
      expect(read.ok).toBe(false)
      if (!read.ok) expect(JSON.stringify(read.error).length).toBeLessThan(5_000)
    }
  })

  it('never throws and never accepts an unknown field, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...PATHS), (value, path) => {
        readForm(value)
        readDraft(value)
        const extra = { ...sampleVendForm(), extra: value }
        const read = readForm(extra)
        if (read.ok) return false
        readForm(changed(path, value))
        return read.error.some((issue) => issue.code === 'unknown_field' && issue.path[0] === 'extra')
      }),
    )
  })

  it('refuses keys that would reach into prototypes', () => {
    for (const text of [
      '{"kind":"vend","__proto__":{"polluted":1}}',
      '{"kind":"vend","constructor":{"prototype":{"polluted":1}}}',
    ]) {
      expect(readForm(JSON.parse(text)).ok).toBe(false)
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    }
  })

  it('refuses the same environment, person or tenant twice', () => {
    const form = sampleVendForm()
    const environments = [...form.environments, ...form.environments]
    const admins = [...form.admins, { ...form.admins[0], userName: form.admins[0]?.userName.toUpperCase() }]
    for (const patch of [
      { environments },
      { admins },
      { use: { ...form.use, tenants: ['131024', '131024'] } },
    ]) {
      const read = readForm({ ...form, ...patch })
      expect(read.ok ? [] : read.error.map((i) => i.code)).toContain('duplicate')
    }
  })

  it('has both languages for every issue that it gives', () => {
    const given = new Set<string>()
    for (const path of PATHS)
      for (const bad of [undefined, {}, '', 'x'.repeat(3000), '\u0000', -1, 1e20, [], ['a', 'a']]) {
        const read = readForm(changed(path, bad))
        if (read.ok) continue
        for (const issue of read.error) {
          given.add(issue.code)
          const text = issueText(issue)
          expect([issue.code, /\{\w+\}/.test(text.ja + text.en), text.ja === text.en]).toEqual([
            issue.code,
            false,
            false,
          ])
        }
      }
    expect(given.size).toBeGreaterThan(5)
  })
})

describe('a draft', () => {
  it('may lack anything, but is bounded in size and depth', () => {
    expect(readDraft({ kind: 'vend' }).ok).toBe(true)
    expect(readDraft({ kind: 'other' }).ok).toBe(false)
    expect(readDraft({ kind: 'vend', note: 'x'.repeat(L.draftBytes) })).toMatchObject({
      error: [{ code: 'too_large' }],
    })
    const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`)
    expect(readDraft({ kind: 'vend', deep })).toMatchObject({ error: [{ code: 'too_deep' }] })
    expect(readDraft({ kind: 'vend', system: { nameJa: 'a\u0000' } })).toMatchObject({
      error: [{ code: 'forbidden_character', path: ['system', 'nameJa'] }],
    })
  })
})
