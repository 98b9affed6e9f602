import { z } from 'zod'

/** The types that a parameter or an output of an SSM Automation document may have. */
export const VALUE_TYPES = ['String', 'StringList', 'Boolean', 'Integer', 'StringMap', 'MapList'] as const

const name = z.string().regex(/^[A-Za-z0-9_]{3,128}$/, 'a name of 3 to 128 letters, digits or `_`')
const text = z.string().min(1)

export const automationParameter = z.strictObject({
  // AWS has further types such as `AWS::EC2::Instance::Id` that are texts with a picker in the console.
  type: z.union([z.enum(VALUE_TYPES), z.string().regex(/^(List<)?AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+>?$/)]),
  description: z.string().optional(),
  default: z.json().optional(),
  allowedValues: z.array(z.json()).min(1).optional(),
  allowedPattern: z.string().optional(),
  displayType: z.enum(['textfield', 'textarea']).optional(),
  minItems: z.number().int().optional(),
  maxItems: z.number().int().optional(),
  minChars: z.number().int().optional(),
  maxChars: z.number().int().optional(),
})
export type AutomationParameter = z.infer<typeof automationParameter>

const output = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9_]{1,128}$/),
  Selector: text,
  Type: z.enum(VALUE_TYPES).optional(),
})
export type StepOutput = z.infer<typeof output>

const common = {
  name,
  description: z.string().optional(),
  /** Attempts, the first included. */
  maxAttempts: z.number().int().min(1).max(10).optional(),
  timeoutSeconds: z.number().int().min(1).optional(),
  onFailure: z
    .string()
    .regex(/^(Abort|Continue|step:[A-Za-z0-9_]{3,128})$/)
    .optional(),
  onCancel: z.string().optional(),
  isCritical: z.boolean().optional(),
  isEnd: z.boolean().optional(),
  nextStep: name.optional(),
}

const call = z.looseObject({
  Service: z.string().regex(/^[a-z0-9-]+$/),
  Api: z.string().regex(/^[A-Za-z0-9_]+$/),
})
const property = call.extend({ PropertySelector: text, DesiredValues: z.array(z.json()).min(1) })

const comparison = {
  Variable: z.json().optional(),
  StringEquals: z.string().optional(),
  EqualsIgnoreCase: z.string().optional(),
  StartsWith: z.string().optional(),
  EndsWith: z.string().optional(),
  Contains: z.string().optional(),
  NumericEquals: z.number().optional(),
  NumericGreater: z.number().optional(),
  NumericLesser: z.number().optional(),
  NumericGreaterOrEquals: z.number().optional(),
  NumericLesserOrEquals: z.number().optional(),
  BooleanEquals: z.boolean().optional(),
}

export interface Condition {
  readonly Variable?: unknown
  readonly StringEquals?: string | undefined
  readonly EqualsIgnoreCase?: string | undefined
  readonly StartsWith?: string | undefined
  readonly EndsWith?: string | undefined
  readonly Contains?: string | undefined
  readonly NumericEquals?: number | undefined
  readonly NumericGreater?: number | undefined
  readonly NumericLesser?: number | undefined
  readonly NumericGreaterOrEquals?: number | undefined
  readonly NumericLesserOrEquals?: number | undefined
  readonly BooleanEquals?: boolean | undefined
  readonly And?: readonly Condition[] | undefined
  readonly Or?: readonly Condition[] | undefined
  readonly Not?: Condition | undefined
}

const conditionFields = {
  ...comparison,
  get And() {
    return z.array(condition).min(1).optional()
  },
  get Or() {
    return z.array(condition).min(1).optional()
  },
  get Not() {
    return condition.optional()
  },
}
const condition: z.ZodType<Condition> = z.lazy(() => z.strictObject(conditionFields))
const choice = z.strictObject({ NextStep: name, ...conditionFields })
export type Choice = Condition & { readonly NextStep: string }

export const step = z.discriminatedUnion('action', [
  z.strictObject({
    ...common,
    action: z.literal('aws:executeAwsApi'),
    inputs: call,
    outputs: z.array(output).optional(),
  }),
  z.strictObject({ ...common, action: z.literal('aws:assertAwsResourceProperty'), inputs: property }),
  z.strictObject({ ...common, action: z.literal('aws:waitForAwsResourceProperty'), inputs: property }),
  z.strictObject({
    ...common,
    action: z.literal('aws:branch'),
    inputs: z.strictObject({ Choices: z.array(choice).min(1), Default: name.optional() }),
  }),
  z.strictObject({
    ...common,
    action: z.literal('aws:sleep'),
    inputs: z.strictObject({ Duration: z.string().regex(/^PT(?=.)(\d+H)?(\d+M)?(\d+S)?$/) }),
  }),
])
export type Step = z.infer<typeof step>
export type CallStep = Extract<Step, { readonly inputs: { readonly Service: string } }>

/**
 * An SSM Automation document (schema 0.3) of the actions that call AWS, compare, branch and wait; scripts are not among
 * them, so that every document can be run and proved without an interpreter of another language.
 * Source: Systems Manager User Guide, "Data elements and parameters", "Systems Manager Automation actions reference".
 */
export const automationDocument = z.strictObject({
  schemaVersion: z.literal('0.3'),
  description: z.string().optional(),
  assumeRole: text,
  parameters: z.record(name, automationParameter),
  mainSteps: z.array(step).min(1).max(100),
  outputs: z.array(text).optional(),
  files: z.never().optional(),
})
export type AutomationDocument = z.infer<typeof automationDocument>

export const isCallStep = (one: Step): one is CallStep => 'Service' in one.inputs
