import {
  type Control,
  type DetectiveForm,
  type FileForm,
  type Form,
  isFileForm,
  type ResponsiveForm,
} from '@rankan/server/src/catalog/record.ts'
import { CONTROL_TYPES, type ControlType } from '@rankan/server/src/catalog/types.ts'
import { parsePolicy } from '@rankan/server/src/policy/parse/policy.ts'
import { useMemo } from 'react'
import { useMay } from '../../../app/session.tsx'
import { CopyButton } from '../../../components/CopyButton.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { InWords } from '../../policies/components/InWords.tsx'
import { texts } from '../i18n/texts.ts'
import { documentText } from '../parameters.ts'
import { formsOfType } from '../words.ts'
import { CodeView } from './CodeView.tsx'
import { TypeColour } from './TypeMarks.tsx'
import { WhereOn } from './WhereOn.tsx'

/** The four types side by side; on a narrow screen one below the other. */
export function Forms({ control }: { readonly control: Control }) {
  const mayRead = useMay('control_plan.read')
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {CONTROL_TYPES.map((type) => (
        <TypeCard key={type} type={type} control={control} live={mayRead} />
      ))}
    </div>
  )
}

interface TypeProps {
  readonly type: ControlType
  readonly control: Control
  /** Whether the reader may know where it is on. */
  readonly live: boolean
}

function TypeCard({ type, control, live }: TypeProps) {
  const t = useTexts(texts)
  const forms = formsOfType(control.record, type)
  return (
    <section
      aria-label={t.typeOf[type]}
      className="flex min-w-0 flex-col gap-3 rounded-12 border border-solid-gray-420 bg-white p-4"
    >
      <h3 className="flex items-center gap-2 text-std-18B-160">
        <TypeColour type={type} />
        {t.typeOf[type]}
      </h3>
      <p className="text-solid-gray-700">{t.typeMeans[type]}</p>
      {forms.length === 0 ? <p>{t.noForm}</p> : null}
      {live && forms.length > 0 ? <WhereOn controlId={control.record.id} type={type} /> : null}
      {type === 'proactive' ? <Absent record={control.record} /> : null}
      {forms.map((form) => (
        <div key={keyOf(form)} className="flex min-w-0 flex-col gap-2">
          <h4 className="font-700">{t.kindOf[form.kind]}</h4>
          {isFileForm(form) ? <FileView form={form} control={control} /> : <NamedView form={form} />}
        </div>
      ))}
    </section>
  )
}

/** Why there are rules for Terraform and none for CloudFormation, or the other way round. */
function Absent({ record: { absent = {} } }: { readonly record: Control['record'] }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (['cfn-guard', 'terraform-guard'] as const).map((kind) => {
    const found = absent[kind]
    return found === undefined ? null : (
      <p key={kind}>
        {t.absent(t.kindOf[kind])} {pick(found.why)}
      </p>
    )
  })
}

const keyOf = (form: Form): string =>
  isFileForm(form) ? form.file : form.kind === 'security-hub' ? form.control : form.identifier

function FileView({ form, control }: { readonly form: FileForm; readonly control: Control }) {
  const t = useTexts(texts)
  const text = useMemo(() => documentText(control, form), [control, form])
  return (
    <>
      {form.kind === 'ssm-automation' ? <Automation form={form} /> : null}
      <CodeView label={t.documentOf(form.file)} text={text} />
      <div>
        <CopyButton text={() => text} of={form.file} />
      </div>
      {form.kind === 'scp' || form.kind === 'rcp' ? <Words kind={form.kind} text={text} /> : null}
    </>
  )
}

function Words({ kind, text }: { readonly kind: 'scp' | 'rcp'; readonly text: string }) {
  const t = useTexts(texts)
  const { policy } = useMemo(() => parsePolicy(text, kind, { name: kind }), [text, kind])
  return (
    <details>
      <summary className="cursor-pointer text-blue-900 underline">{t.inWords}</summary>
      <div className="mt-3">
        <InWords policy={policy} onJump={null} />
      </div>
    </details>
  )
}

function Automation({ form }: { readonly form: ResponsiveForm }) {
  const t = useTexts(texts)
  const pick = usePick()
  return (
    <>
      <p>{form.automatic ? t.automatic : t.approval}</p>
      {form.approval === undefined ? null : <p>{pick(form.approval)}</p>}
      <p>
        {t.permissions}: <code className="font-mono break-all">{form.permissions.join(', ')}</code>
      </p>
    </>
  )
}

/** A rule that AWS keeps and that has a name only. */
function NamedView({ form }: { readonly form: Exclude<DetectiveForm, FileForm> }) {
  const t = useTexts(texts)
  if (form.kind === 'security-hub')
    return (
      <p>
        <code className="font-mono">{form.control}</code>
      </p>
    )
  const inputs = Object.entries(form.inputParameters ?? {})
  return (
    <>
      <p>
        <code className="font-mono break-all">{form.identifier}</code>
      </p>
      {inputs.length === 0 ? null : (
        <p>
          {t.inputs}:{' '}
          <code className="font-mono break-all">
            {inputs.map(([name, value]) => `${name}=${value}`).join(', ')}
          </code>
        </p>
      )}
    </>
  )
}
