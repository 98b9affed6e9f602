import { common } from '../i18n/common.ts'
import { useTexts } from '../i18n/messages.ts'
import { classes } from './classes.ts'

/** Where one stands in a form of several steps. `onGo` lets the reader go back to a step that was seen already. */
export function Stepper(props: {
  readonly steps: readonly string[]
  /** Index from 0. */
  readonly current: number
  readonly onGo?: (step: number) => void
}) {
  const { steps, current, onGo } = props
  const t = useTexts(common)
  return (
    <nav aria-label={t.step(current + 1, steps.length)}>
      <ol className="flex flex-wrap gap-x-4 gap-y-2">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={index === current ? 'step' : undefined}
            className="flex items-center gap-2"
          >
            <span
              aria-hidden="true"
              className={classes(
                'flex size-8 items-center justify-center rounded-full border-2 text-oln-16B-100',
                index < current && 'border-blue-900 bg-white text-blue-900',
                index === current && 'border-blue-900 bg-blue-900 text-white',
                index > current && 'border-solid-gray-420 bg-white text-solid-gray-700',
              )}
            >
              {index < current ? '✓' : index + 1}
            </span>
            {index < current && onGo !== undefined ? (
              <button
                type="button"
                className="cursor-pointer text-blue-900 underline"
                onClick={() => onGo(index)}
              >
                {step}
              </button>
            ) : (
              <span className={index === current ? 'font-700' : 'text-solid-gray-700'}>{step}</span>
            )}
            <span className="sr-only">
              {index < current ? t.stepDone : index === current ? t.stepCurrent : t.stepWaiting}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  )
}
