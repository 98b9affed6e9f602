import { describe, expect, it } from 'vitest'
import { oneRuleFile } from '../../catalog/plan/hook-rules.ts'
import { afterEffects, keptOf, setOf, smallWorld } from '../../catalog/plan/testing.ts'
import type { ControlWorld, HookSight } from '../../domain/controls/world.ts'
import { readDocument } from '../../guard/document/document.ts'
import { compileRules } from '../../guard/guard.ts'
import { refusalOf } from '../../kernel/testing.ts'
import { cloudFormationDocument } from '../../templates/cloudformation/template.ts'
import { dosOf, effectsOf, hash, library, planFor } from './testing.ts'

const proactive = (...ids: string[]) =>
  setOf('a', ...ids.map((control) => ({ control, forms: ['proactive' as const] })))
const SET = proactive('s3-bucket-versioning', 'sqs-encrypted')
const sight = (more: Partial<HookSight> = {}): HookSight => ({
  bucket: 'rules',
  trusted: true,
  hooks: [],
  ...more,
})
const ask = (world: Partial<ControlWorld>, more: Parameters<typeof planFor>[0] = {}) =>
  planFor({ world: smallWorld(world), sets: [SET], ...more })

describe('one rule file for a hook', () => {
  it('gives every case of every control the verdict of the control alone', () => {
    const files = library.flatMap(({ record, documents }) =>
      (record.forms.proactive ?? [])
        .filter(({ kind }) => kind === 'cfn-guard')
        .map(({ file }) => ({ control: record.id, text: String(documents[file]) })),
    )
    expect(files.length).toBeGreaterThan(80)
    const text = oneRuleFile(files)
    expect(oneRuleFile([...files].reverse())).toBe(text)
    const together = compileRules(text)
    let cases = 0
    for (const { record, documents, cases: all } of library) {
      const templates = all.flatMap((one) => (one.form === 'cfn-guard' ? [one] : []))
      const own = templates.length === 0 ? null : compileRules(String(documents['cfn.guard']))
      for (const { name, template } of templates) {
        const document = cloudFormationDocument(readDocument(JSON.stringify(template)))
        const whole = new Map(together?.evaluate(document).map(({ rule, verdict }) => [rule, verdict]))
        for (const { rule, verdict } of own?.evaluate(document) ?? [])
          expect([record.id, name, rule, whole.get(rule)]).toEqual([record.id, name, rule, verdict])
        cases++
      }
    }
    expect(cases).toBeGreaterThan(160)
  })
})

describe('a CloudFormation hook in a plan', () => {
  it('begins with warnings, by a stack set for the target, and needs no reason', () => {
    const plan = ask({ hooks: sight() })
    expect(dosOf(plan)).toEqual(['put_hook_rules', 'put_hook', 'deploy_hook'])
    expect(plan.preventive).toBe(false)
    const [rules, put] = effectsOf(plan)
    if (rules?.do !== 'put_hook_rules' || put?.do !== 'put_hook') throw new Error('no hook')
    const { Hook, Role } = JSON.parse(put.template).Resources
    expect(Hook.Properties).toMatchObject({
      Alias: 'Rankan::OuTestAaaaaaaa::Guard',
      FailureMode: 'WARN',
      RuleLocation: { Uri: `s3://rules/${rules.key}` },
    })
    expect(JSON.stringify(Role)).toContain(`arn:aws:s3:::rules/${rules.key}`)
    expect(rules.key).toContain(hash(rules.rules).slice(0, 16))
    expect(plan.mechanisms.filter(({ part }) => part === 'hooks')).toHaveLength(2)
  })

  it('says what is missing, and then leaves the forms to `rankan check`', () => {
    for (const [hooks, words] of [
      [null, 'cannot be read'],
      [sight({ bucket: null }), 'hookBucket'],
      [sight({ trusted: false }), 'Trusted access'],
    ] as const) {
      const plan = ask({ hooks })
      expect(plan.steps).toEqual([])
      const why = plan.mechanisms.filter(({ form }) => form === 'cfn-guard').map((one) => one.why?.en)
      expect(why).toHaveLength(2)
      expect(why.every((one) => one?.includes(words))).toBe(true)
    }
  })

  it('stops what fails only after the same rules have warned, with a reason, and stays so', () => {
    expect(refusalOf(() => ask({ hooks: sight() }, { hookMode: 'FAIL' })).code).toBe('hook_not_tried')
    const first = ask({ hooks: sight() })
    const there = afterEffects(smallWorld({ hooks: sight() }), effectsOf(first))
    const kept = keptOf(first)
    expect(ask(there, { kept }).steps).toEqual([])
    const fail = ask(there, { kept, hookMode: 'FAIL' })
    expect(effectsOf(fail)).toMatchObject([{ do: 'put_hook', failureMode: 'FAIL' }])
    expect(fail.steps[0]?.undo).toMatchObject({ do: 'put_hook', failureMode: 'WARN' })
    expect(fail.preventive).toBe(true)
    const failing = afterEffects(there, effectsOf(fail))
    expect(ask(failing, { kept: keptOf(fail) }).steps).toEqual([])
    const other = { sets: [proactive('sqs-encrypted')], kept: keptOf(fail) }
    expect(refusalOf(() => ask(failing, { ...other, hookMode: 'FAIL' })).code).toBe('hook_not_tried')
    const weaker = ask(failing, other)
    expect(effectsOf(weaker)).toMatchObject([
      { do: 'put_hook_rules' },
      { do: 'put_hook', failureMode: 'WARN' },
    ])
    expect(weaker.notes.some(({ en }) => en.includes('stops what fails today'))).toBe(true)
  })

  it('goes as it came, undone or removed, and leaves what another target has', () => {
    const before = smallWorld({ hooks: sight() })
    const put = ask(before)
    const after = afterEffects(before, effectsOf(put))
    const undone = put.steps.map(({ undo }) => undo).reverse()
    expect(
      afterEffects(
        after,
        undone.flatMap((one) => one ?? []),
      ),
    ).toEqual(before)
    const removal = ask(after, { kept: keptOf(put), sets: [] })
    expect(dosOf(removal)).toEqual(['withdraw_hook', 'delete_hook'])
    expect(afterEffects(after, effectsOf(removal))).toEqual(before)
    expect(ask(smallWorld({ hooks: sight({ bucket: null }) }), { kept: keptOf(put) }).carriers).toHaveLength(
      1,
    )
  })

  it('finds what was changed, taken off and deleted by hand, and puts it right', () => {
    const put = ask({ hooks: sight() })
    const kept = keptOf(put)
    const [hook] = afterEffects(smallWorld({ hooks: sight() }), effectsOf(put)).hooks?.hooks ?? []
    if (hook === undefined) throw new Error('no hook')
    const look = (...hooks: HookSight['hooks']) => {
      const plan = ask({ hooks: sight({ hooks }) }, { kept })
      return [plan.drift.map(({ what }) => what), dosOf(plan)]
    }
    expect(look(hook)).toEqual([[], []])
    const off = hook.template.replace('"HookStatus":"ENABLED"', '"HookStatus":"DISABLED"')
    expect(look({ ...hook, template: off })).toEqual([['changed'], ['put_hook']])
    expect(look({ ...hook, targets: [] })).toEqual([['detached'], ['deploy_hook']])
    const drift = { checkedAt: '2026-11-22T00:00:00.000Z', stacks: 9, drifted: 2, failed: 0 }
    expect(look({ ...hook, drift })).toEqual([['drifted'], []])
    const [rules] = effectsOf(put)
    if (rules?.do !== 'put_hook_rules') throw new Error('no rules')
    expect(look({ ...hook, rules: rules.rules })).toEqual([[], []])
    for (const other of ['', `${rules.rules}\n`])
      expect(look({ ...hook, rules: other })).toEqual([['changed'], ['put_hook_rules']])
    expect(look()).toEqual([['deleted'], ['put_hook_rules', 'put_hook', 'deploy_hook']])
  })
})
