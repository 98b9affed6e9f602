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

/** Policy types of Organizations that are merged down the tree, in kebab case without `_POLICY`. */
export const MANAGEMENT_KINDS = [
  'declarative-ec2',
  's3',
  'backup',
  'securityhub',
  'tag',
  'aiservices-opt-out',
  'chatbot',
] as const

/** A preventive form: the document is a policy in which `{{name}}` stands for a parameter. */
export const preventiveForm = z.strictObject({
  kind: z.enum(['scp', 'rcp', ...MANAGEMENT_KINDS]),
  file: fileName,
})
export type PreventiveForm = z.infer<typeof preventiveForm>

/** A proactive form: a rule file of AWS CloudFormation Guard for CloudFormation templates or for Terraform plans. */
export const proactiveForm = z.strictObject({
  kind: z.enum(['cfn-guard', 'terraform-guard']),
  file: fileName,
})
export type ProactiveForm = z.infer<typeof proactiveForm>

/** A detective form: AWS Config's rule (managed by AWS, or our Guard rules as a custom policy rule), or Security Hub's control. */
export const detectiveForm = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('config-managed-rule'),
    /** As AWS Config knows it: `S3_BUCKET_VERSIONING_ENABLED`. */
    identifier: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    inputParameters: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({
    kind: z.literal('config-guard-rule'),
    file: fileName,
    /** Resource types of AWS Config, when they are not the `resourceTypes` of the control. */
    scope: z.array(text).min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('security-hub'), control: z.string().regex(/^[A-Za-z0-9]+\.\d+$/) }),
])
export type DetectiveForm = z.infer<typeof detectiveForm>

/** A responsive form: an SSM Automation document (schema 0.3) that repairs what the detective form found. */
export const responsiveForm = z.strictObject({
  kind: z.literal('ssm-automation'),
  file: fileName,
  /** Whether it may run without a person; if not, `approval` says what the person has to weigh. */
  automatic: z.boolean(),
  approval: bilingual.optional(),
  /** The parameter that takes the id of the resource that failed. */
  resource: text,
  /** IAM actions that the role of the automation needs: no more and no fewer than its steps call. */
  permissions: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/)).min(1),
})
export type ResponsiveForm = z.infer<typeof responsiveForm>

export type Form = PreventiveForm | ProactiveForm | DetectiveForm | ResponsiveForm
/** A form whose text is a file beside the record. */
export type FileForm = Extract<Form, { readonly file: string }>

/** A form that was looked for and cannot be written: what was found where, and when. */
const noForm = z.strictObject({ why: bilingual, source: text, asOf: z.iso.date() })

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
      detective: z.array(detectiveForm).min(1).optional(),
      responsive: z.array(responsiveForm).min(1).optional(),
    })
    .refine((forms) => Object.keys(forms).length > 0, 'a control has at least one form'),
  /** Why one of the two proactive forms is not there although the other is. */
  absent: z.strictObject({ 'cfn-guard': noForm.optional(), 'terraform-guard': noForm.optional() }).optional(),
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

const json = z.record(z.string(), z.unknown())

const managementCase = z.strictObject({
  name: text,
  form: z.enum(MANAGEMENT_KINDS),
  /** A policy of a unit below that tries to weaken the form. */
  child: json.optional(),
  /** The effective policy of an account below. */
  effective: json,
})
export type ManagementCase = z.infer<typeof managementCase>

/** Of the whole rule file. `UNKNOWN`: it hangs on a value that nobody can know yet. */
const ruleVerdict = z.enum(['PASS', 'FAIL', 'SKIP', 'UNKNOWN'])

const templateCase = z.strictObject({
  name: text,
  form: z.literal('cfn-guard'),
  template: z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: text })) }),
  expect: ruleVerdict,
})
export type TemplateCase = z.infer<typeof templateCase>

const planCase = z.strictObject({
  name: text,
  form: z.literal('terraform-guard'),
  /** As `terraform show -json` prints it; only `resource_changes` and `configuration` are read. */
  plan: z.looseObject({ resource_changes: z.array(z.looseObject({ address: text, type: text })) }),
  expect: ruleVerdict,
})
export type PlanCase = z.infer<typeof planCase>

const itemCase = z.strictObject({
  name: text,
  form: z.literal('config-guard-rule'),
  /** A configuration item of AWS Config. */
  item: z.looseObject({ resourceType: text, configuration: z.unknown() }),
  expect: z.enum(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE']),
})
export type ItemCase = z.infer<typeof itemCase>

const automationCase = z.strictObject({
  name: text,
  form: z.literal('ssm-automation'),
  parameters: z.record(z.string(), z.unknown()),
  /** Answers of AWS: a call takes the first one left with its name (`s3:GetBucketVersioning`); without one it gets `{}`. */
  replies: z
    .array(
      z.strictObject({
        call: text,
        reply: json.optional(),
        /** The call fails with this error code. */
        error: text.optional(),
      }),
    )
    .optional(),
  /** The API calls wanted, in this order and no others. */
  calls: z.array(z.strictObject({ call: text, input: json.optional() })),
  expect: z.enum(['Success', 'Failed']),
})
export type AutomationCase = z.infer<typeof automationCase>

/** One case of `cases.json`. */
export const controlCase = z.discriminatedUnion('form', [
  policyCase,
  managementCase,
  templateCase,
  planCase,
  itemCase,
  automationCase,
])
export type ControlCase = z.infer<typeof controlCase>
export type FormKind = ControlCase['form']

export const formsOf = ({ forms }: ControlRecord): readonly Form[] => [
  ...(forms.preventive ?? []),
  ...(forms.proactive ?? []),
  ...(forms.detective ?? []),
  ...(forms.responsive ?? []),
]

export const isFileForm = (form: Form): form is FileForm => 'file' in form

/** The form that the cases of a kind are about; a control has at most one form of a kind with a file. */
export const formOfKind = (record: ControlRecord, kind: FormKind): FileForm | undefined =>
  formsOf(record)
    .filter(isFileForm)
    .find((form) => form.kind === kind)

export interface Control {
  readonly record: ControlRecord
  /** Policy and automation documents with parameters unfilled, and the text of rule files, by file name. */
  readonly documents: Readonly<Record<string, unknown>>
  readonly cases: readonly ControlCase[]
}
