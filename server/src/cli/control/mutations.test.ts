import { describe, expect, it } from 'vitest'
import { controlMutations, EXEMPTIONS } from '../../catalog/mutation/control.ts'
import { readLibrary } from './library.ts'

const library = readLibrary()

describe('every Guard rule of the library', () => {
  const proactive = library.filter(({ record }) => record.forms.proactive !== undefined)
  const reports = new Map(proactive.map((control) => [control.record.id, controlMutations(control)]))

  it.each([...reports])(
    '%s notices when a compliant case is broken in the way that it describes',
    (_, forms) => {
      for (const { form, demands, mutants, survivors } of forms) {
        expect({ form, survivors }).toEqual({ form, survivors: [] })
        expect(demands).toBeGreaterThan(0)
        expect(mutants).toBeGreaterThan(0)
      }
    },
  )

  it('has no exemption that is not needed, and a reason for each', () => {
    for (const { control, clause, reason } of EXEMPTIONS) {
      const exempt = (reports.get(control) ?? []).flatMap((form) => form.exempt)
      expect({ control, clause, used: exempt.some((one) => one.clause === clause) }).toMatchObject({
        used: true,
      })
      expect(reason).toMatch(/\w{3}/)
    }
  })
})
