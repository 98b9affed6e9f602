import { Button } from '../../../components/Button.tsx'
import { Field } from '../../../components/Field.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { missingIn, type Parameters, type Typed, typedDefaults } from '../parameters.ts'

/** The parameters of a control, to be tried with other values. */
export function ParameterFields(props: {
  readonly parameters: Parameters
  readonly typed: Typed
  readonly onChange: (typed: Typed) => void
}) {
  const t = useTexts(texts)
  const pick = usePick()
  const { parameters, typed, onChange } = props
  const missing = missingIn(parameters, typed)
  return (
    <>
      <p className="text-solid-gray-700">{t.parametersLead}</p>
      <div className="grid gap-4 lg:grid-cols-2">
        {Object.entries(parameters).map(([name, parameter]) => (
          <Field
            key={name}
            name={name}
            label={`${pick(parameter.title)} (${name})`}
            value={typed[name] ?? ''}
            onChange={(value) => onChange({ ...typed, [name]: value })}
            error={missing.includes(name) ? t.badParameter : null}
            {...(parameter.type === 'list' ? { multiline: true, hint: t.parameterList } : {})}
          />
        ))}
      </div>
      <div>
        <Button look="secondary" onPress={() => onChange(typedDefaults(parameters))}>
          {t.resetParameters}
        </Button>
      </div>
    </>
  )
}
