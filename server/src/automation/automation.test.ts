import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAutomation } from './check.ts'
import type { AutomationDocument } from './document.ts'
import { actionsOf } from './permissions.ts'
import { type Answer, automationRun, type Effect, playAutomation, secondsOf } from './run.ts'
import { parseSelector, select } from './selector.ts'
import { fillReferences, referencesIn } from './template.ts'

const RAW = {
  schemaVersion: '0.3',
  description: 'Turns on versioning of a bucket that has none.',
  assumeRole: '{{ AutomationAssumeRole }}',
  parameters: {
    AutomationAssumeRole: { type: 'String', allowedPattern: 'arn:aws:iam::\\d{12}:role/.+' },
    BucketName: { type: 'String', allowedPattern: '[a-z0-9.-]{3,63}' },
  },
  mainSteps: [
    {
      name: 'Look',
      action: 'aws:executeAwsApi',
      inputs: { Service: 's3', Api: 'GetBucketVersioning', Bucket: '{{ BucketName }}' },
      outputs: [{ Name: 'Status', Selector: '$.Status', Type: 'String' }],
      onFailure: 'step:TurnOn',
    },
    {
      name: 'Decide',
      action: 'aws:branch',
      inputs: {
        Choices: [{ NextStep: 'Done', Variable: '{{ Look.Status }}', StringEquals: 'Enabled' }],
        Default: 'TurnOn',
      },
    },
    {
      name: 'TurnOn',
      action: 'aws:executeAwsApi',
      inputs: {
        Service: 's3',
        Api: 'put_bucket_versioning',
        Bucket: '{{ BucketName }}',
        VersioningConfiguration: { Status: 'Enabled' },
      },
      maxAttempts: 2,
    },
    { name: 'Pause', action: 'aws:sleep', inputs: { Duration: 'PT1M5S' } },
    {
      name: 'Done',
      action: 'aws:assertAwsResourceProperty',
      inputs: {
        Service: 's3',
        Api: 'GetBucketVersioning',
        Bucket: '{{ BucketName }}',
        PropertySelector: '$.Status',
        DesiredValues: ['Enabled'],
      },
      isEnd: true,
    },
  ],
  outputs: ['Look.Status'],
}
const GIVEN = { AutomationAssumeRole: 'arn:aws:iam::111122223333:role/Repair', BucketName: 'a-bucket' }

function documentOf(raw: unknown): AutomationDocument {
  const { document, issues } = parseAutomation(raw)
  if (document === null) throw new Error(JSON.stringify(issues))
  return document
}

/** Plays with the answers in the order of the calls. */
function play(answers: readonly Answer[], given: Readonly<Record<string, unknown>> = GIVEN) {
  const calls: string[] = []
  const run = playAutomation(documentOf(RAW), given, (service, api, input) => {
    calls.push(`${service}:${api} ${input.Bucket}`)
    return answers[calls.length - 1] ?? { error: 'NoAnswerLeft' }
  })
  return { ...run, calls }
}

describe('an automation document', () => {
  it('repairs what is wrong, and looks whether it worked', () => {
    const { status, calls, outputs } = play([
      { reply: { Status: 'Suspended' } },
      { reply: {} },
      { reply: { Status: 'Enabled' } },
    ])
    expect(calls).toEqual([
      's3:GetBucketVersioning a-bucket',
      's3:PutBucketVersioning a-bucket',
      's3:GetBucketVersioning a-bucket',
    ])
    expect(status).toBe('Success')
    expect(outputs).toEqual({ 'Look.Status': 'Suspended' })
  })

  it('takes the branch that leaves alone what is right', () => {
    const { status, calls } = play([{ reply: { Status: 'Enabled' } }, { reply: { Status: 'Enabled' } }])
    expect([status, calls.length]).toEqual(['Success', 2])
  })

  it('tries again as often as the step says, and stops at a failure', () => {
    const { status, calls, steps } = play([
      { reply: { Status: 'Suspended' } },
      { error: 'SlowDown' },
      { error: 'AccessDenied' },
    ])
    expect([status, calls.length]).toEqual(['Failed', 3])
    expect(steps.at(-1)).toEqual({
      step: 'TurnOn',
      status: 'Failed',
      reason: 's3 PutBucketVersioning answered `AccessDenied`.',
    })
  })

  it('goes to the step of `onFailure`, and ends as failed since the step is critical', () => {
    // A bucket that never had versioning answers without a status.
    const { status, calls } = play([{ reply: {} }, { reply: {} }, { reply: { Status: 'Enabled' } }])
    expect([status, calls.length]).toEqual(['Failed', 3])
  })

  it('does not call with a value that a failed step never gave', () => {
    const tag = {
      name: 'Tag',
      action: 'aws:executeAwsApi',
      inputs: {
        Service: 's3',
        Api: 'PutBucketTagging',
        Bucket: '{{ BucketName }}',
        Was: '{{ Look.Status }}',
      },
    }
    const mainSteps = [{ ...RAW.mainSteps[0], onFailure: 'Continue' }, tag]
    const calls: string[] = []
    const run = playAutomation(documentOf({ ...RAW, mainSteps }), GIVEN, (_, api) => {
      calls.push(api)
      return { error: 'NoSuchBucket' }
    })
    expect(calls).toEqual(['GetBucketVersioning'])
    expect(run.steps.at(-1)?.reason).toBe('`Look.Status` has no value, since its step failed or did not run.')
  })

  it('fails when the repair did not take', () => {
    const { status, steps } = play([{ reply: { Status: 'Suspended' } }, { reply: {} }, { reply: {} }])
    expect(status).toBe('Failed')
    expect(steps.at(-1)?.reason).toBe('`$.Status` is `absent`, wanted `Enabled`.')
  })

  it('takes a truth for the text that AWS makes of it', () => {
    const { mainSteps } = RAW
    const only = (wanted: string) => ({
      ...RAW,
      outputs: undefined,
      mainSteps: [{ ...mainSteps[4], inputs: { ...mainSteps[4]?.inputs, DesiredValues: [wanted] } }],
    })
    const ends = (wanted: string) =>
      playAutomation(documentOf(only(wanted)), GIVEN, () => ({ reply: { Status: true } })).status
    expect(['True', 'true', 'False'].map(ends)).toEqual(['Success', 'Success', 'Failed'])
  })

  it('calls nothing when a parameter is not as the document wants it', () => {
    const { status, calls, issues } = play([], { BucketName: 'NOT A BUCKET', Other: 1 })
    expect([status, calls]).toEqual(['Failed', []])
    expect(issues.map(({ code, path }) => [code, path.join('/')])).toEqual([
      ['unknown_parameter', 'parameters/Other'],
      ['parameter_missing', 'parameters/AutomationAssumeRole'],
      ['pattern_not_met', 'parameters/BucketName'],
    ])
  })

  it('needs exactly the actions of its calls, by their IAM names', () => {
    expect(actionsOf(documentOf(RAW))).toEqual(['s3:GetBucketVersioning', 's3:PutBucketVersioning'])
  })

  it('says where a document is wrong', () => {
    const broken = {
      ...RAW,
      assumeRole: '{{ Role }}',
      mainSteps: [
        { ...RAW.mainSteps[0], outputs: [{ Name: 'Status', Selector: '$..Status' }], nextStep: 'Nowhere' },
        RAW.mainSteps[3],
        RAW.mainSteps[3],
      ],
    }
    const { issues } = parseAutomation(broken)
    expect(new Set(issues.map(({ code }) => code))).toEqual(
      new Set(['step_twice', 'unknown_step', 'bad_selector', 'unreachable_step', 'unknown_reference']),
    )
    expect(
      parseAutomation({ ...RAW, mainSteps: [{ name: 'Run', action: 'aws:executeScript' }] }).document,
    ).toBeNull()
  })

  it('ends a document that goes round for ever', () => {
    const loop = { ...RAW, outputs: undefined, mainSteps: [{ ...RAW.mainSteps[3], nextStep: 'Pause' }] }
    expect(playAutomation(documentOf(loop), GIVEN, () => ({ reply: {} })).status).toBe('Failed')
  })

  it('waits until a property is as wanted', () => {
    const wait = {
      ...RAW,
      outputs: undefined,
      mainSteps: [{ ...RAW.mainSteps[4], action: 'aws:waitForAwsResourceProperty' }],
    }
    const run = automationRun(documentOf(wait), GIVEN)
    const effects: Effect['kind'][] = []
    let next = run.next()
    while (next.done !== true) {
      effects.push(next.value.kind)
      const enough = effects.length > 4
      next = run.next({ reply: enough ? { Status: 'Enabled' } : {} })
    }
    expect(effects).toEqual(['call', 'sleep', 'call', 'sleep', 'call'])
    expect(next.value.status).toBe('Success')
  })

  it('reads durations', () => {
    expect(['PT10S', 'PT2M', 'PT1H1M1S'].map(secondsOf)).toEqual([10, 120, 3661])
  })
})

describe('selectors and references', () => {
  it('finds members, places and every item', () => {
    const value = { Rules: [{ Id: 'a' }, { Id: 'b' }, {}] }
    const at = (selector: string) => select(value, parseSelector(selector) ?? [])
    expect([at('$.Rules[1].Id'), at('$.Rules[*].Id'), at("$['Rules'][0]['Id']")]).toEqual([
      'b',
      ['a', 'b'],
      'a',
    ])
    expect([at('$.Rules[7].Id'), at('$.constructor'), at('$.Rules.length')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(parseSelector('$.Rules[?(@.Id)]')).toBeNull()
  })

  it('replaces every reference, and keeps the type of one that stands alone', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.string({ unit: 'grapheme-ascii' })), (number, list) => {
        const known: Readonly<Record<string, unknown>> = { Number: number, List: list }
        const filled = fillReferences(
          { a: '{{ Number }}', b: ['{{List}}'], c: 'n={{ Number }}' },
          (reference) => known[reference],
        )
        expect(filled).toEqual({ a: number, b: [list], c: `n=${number === 0 ? 0 : number}` })
      }),
    )
    expect(referencesIn({ a: ['{{ X }} and {{ s.Y }}'] })).toEqual([
      { reference: 'X', path: ['a', 0] },
      { reference: 's.Y', path: ['a', 0] },
    ])
  })
})
