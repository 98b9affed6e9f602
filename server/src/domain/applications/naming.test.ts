import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENVIRONMENTS } from './kinds.ts'
import { accountNames, firstFree } from './naming.ts'
import { namingSchema } from './rules/rulebook.ts'

const rule = namingSchema.parse(
  JSON.parse(readFileSync(new URL('../../../data/rules/naming.json', import.meta.url), 'utf8')),
)
const parts = fc.record({
  organisationCode: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/),
  systemCode: fc.stringMatching(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/),
  environment: fc.constantFrom(...ENVIRONMENTS),
})
const domain = fc.stringMatching(/^[a-z]{1,12}\.[a-z]{2,12}\.jp$/)

describe('account names', () => {
  it('follow the pattern', () => {
    const made = accountNames(
      { organisationCode: '131016', systemCode: 'juki', environment: 'production' },
      1,
      'aws.example.jp',
      rule,
    )
    expect(made).toEqual({
      ok: true,
      value: { name: '131016-juki-prd-01', email: 'aws+131016-juki-prd-01@aws.example.jp' },
    })
  })

  it('names_fit: printable ASCII, 50 and 64 characters, whatever the codes and the domain', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 99 }), domain, (p, sequence, mail) => {
        const made = accountNames(p, sequence, mail, rule)
        if (!made.ok) return false
        const { name, email } = made.value
        return /^[ -~]{1,50}$/.test(name) && /^[ -~]{1,64}$/.test(email) && email.endsWith(`@${mail}`)
      }),
    )
  })

  it('differ when the parts differ, also when they had to be shortened', () => {
    fc.assert(
      fc.property(parts, parts, domain, (a, b, mail) => {
        const key = (p: typeof a) => `${p.organisationCode}-${p.systemCode}`.toLowerCase().replace(/-+$/, '')
        fc.pre(key(a) !== key(b) && a.environment === b.environment)
        fc.pre(
          !/--|-$/.test(`${a.organisationCode}${b.organisationCode}`) &&
            !a.organisationCode.includes('-') &&
            !b.organisationCode.includes('-'),
        )
        const [x, y] = [accountNames(a, 1, mail, rule), accountNames(b, 1, mail, rule)]
        return x.ok && y.ok && x.value.name !== y.value.name && x.value.email !== y.value.email
      }),
    )
  })

  it('firstFree never gives what is taken, and gives the lowest number', () => {
    fc.assert(
      fc.property(parts, domain, fc.uniqueArray(fc.integer({ min: 1, max: 30 })), (p, mail, numbers) => {
        const names = numbers.map((n) => accountNames(p, n, mail, rule))
        const taken = new Set(names.flatMap((n) => (n.ok ? [n.value.name] : [])))
        const free = firstFree(p, mail, rule, taken)
        const lowest = Array.from({ length: 31 }, (_, i) => i + 1).find((n) => !numbers.includes(n)) ?? 0
        return (
          free.ok && !taken.has(free.value.name) && free.value.name.endsWith(String(lowest).padStart(2, '0'))
        )
      }),
    )
  })

  it('says so when all numbers are used or the domain leaves no room', () => {
    const p = { organisationCode: '131016', systemCode: 'juki', environment: 'production' as const }
    const all = new Set(
      Array.from({ length: 99 }, (_, i) => `131016-juki-prd-${String(i + 1).padStart(2, '0')}`),
    )
    expect(firstFree(p, 'a.jp', rule, all)).toEqual({ ok: false, error: 'no_number_left' })
    expect(accountNames(p, 1, `${'x'.repeat(60)}.jp`, rule)).toEqual({ ok: false, error: 'domain_too_long' })
  })
})
