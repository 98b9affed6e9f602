import { z } from 'zod'

/** How severe a failure of the control is, by the words of Security Hub. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const

/** What a control is to the element of a framework, by the words of NIST IR 8477 (set theory relationship mapping). */
export const RELATIONS = ['equal', 'subset', 'superset', 'intersects'] as const

const text = z.string().trim().min(1)
const bilingual = z.strictObject({ ja: text, en: text })
const fileName = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'a file beside the record')

export const frameworkEdge = z.strictObject({
  framework: text,
  element: text,
  relation: z.enum(RELATIONS),
  /** Who says so. Where sources disagree, each has its edge. */
  source: text,
  reviewedBy: text,
  reviewedOn: z.iso.date(),
})
export type FrameworkEdge = z.infer<typeof frameworkEdge>

export const parameter = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), title: bilingual, default: z.string() }),
  z.strictObject({ type: z.literal('list'), title: bilingual, default: z.array(z.string()).min(1) }),
])
export type Parameter = z.infer<typeof parameter>

/** A preventive form: the document is a policy in which `{{name}}` stands for a parameter. */
export const preventiveForm = z.strictObject({ kind: z.enum(['scp', 'rcp']), file: fileName })
export type PreventiveForm = z.infer<typeof preventiveForm>

/** A proactive form: a rule file of AWS CloudFormation Guard for CloudFormation templates. */
export const proactiveForm = z.strictObject({ kind: z.literal('cfn-guard'), file: fileName })
export type ProactiveForm = z.infer<typeof proactiveForm>

/** `control.json`: one control with its purpose, what is behind it, and its forms (D1). */
export const controlRecord = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  version: z.number().int().min(1),
  title: bilingual,
  objective: bilingual,
  rationale: bilingual,
  /** For the tenant: what to do instead. */
  guidance: bilingual,
  severity: z.enum(SEVERITIES),
  /** IAM prefixes; `*` for all. */
  services: z.array(text).min(1),
  /** CloudFormation types. */
  resourceTypes: z.array(z.string().regex(/^AWS::\w+::\w+$/)),
  frameworks: z.array(frameworkEdge).min(1),
  parameters: z.record(z.string(), parameter),
  forms: z
    .strictObject({
      preventive: z.array(preventiveForm).min(1).optional(),
      proactive: z.array(proactiveForm).min(1).optional(),
    })
    .refine((forms) => Object.keys(forms).length > 0, 'a control has at least one form'),
})
export type ControlRecord = z.infer<typeof controlRecord>

const policyCase = z.strictObject({
  name: text,
  form: z.enum(['scp', 'rcp']),
  /** As `rankan policy eval` takes it. */
  request: z.looseObject({ action: text }),
  /** What the form alone makes of it. */
  expect: z.enum(['allowed', 'denied', 'unknown']),
})
export type PolicyCase = z.infer<typeof policyCase>

const templateCase = z.strictObject({
  name: text,
  form: z.literal('cfn-guard'),
  template: z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: text })) }),
  /** Of the whole rule file. */
  expect: z.enum(['PASS', 'FAIL', 'SKIP']),
})
export type TemplateCase = z.infer<typeof templateCase>

/** One case of `cases.json`. */
export const controlCase = z.discriminatedUnion('form', [policyCase, templateCase])
export type ControlCase = z.infer<typeof controlCase>

export const formsOf = ({ forms }: ControlRecord): readonly (PreventiveForm | ProactiveForm)[] => [
  ...(forms.preventive ?? []),
  ...(forms.proactive ?? []),
]

export interface Control {
  readonly record: ControlRecord
  /** Policy documents with parameters unfilled, and the text of rule files, by file name. */
  readonly documents: Readonly<Record<string, unknown>>
  readonly cases: readonly ControlCase[]
}
