import type { SandboxStateView, SandboxTimeRequest } from '@rankan/server/domain/sandbox/view.ts'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Card, Section } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { DateText, Facts } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { setTime, useChange } from '../api.ts'
import { texts } from '../i18n/texts.ts'

const SCALES: readonly number[] = [0, 1, 10, 60, 600, 3600]
const HOUR_MS = 3_600_000
const STEPS = [
  { key: 'hour', ms: HOUR_MS },
  { key: 'day', ms: 24 * HOUR_MS },
  { key: 'month', ms: 30 * 24 * HOUR_MS },
  { key: 'window', ms: 90 * 24 * HOUR_MS },
] as const

export function Clock({
  state,
  mayChange,
}: {
  readonly state: SandboxStateView
  readonly mayChange: boolean
}) {
  const t = useTexts(texts)
  const change = useChange((body: SandboxTimeRequest) => setTime(body), t.changed)
  const scales = [...new Set([...SCALES, state.timeScale])].sort((a, b) => a - b)
  const nameOf = (scale: number) => (scale === 0 ? t.standstill : t.times(scale))
  return (
    <Section title={t.clock}>
      <Card>
        <div className="flex flex-col gap-5">
          <Facts
            items={[
              { name: t.virtualTime, value: <DateText at={state.virtualTime} /> },
              { name: t.nextTimer, value: <DateText at={state.nextTimerAt} /> },
              ...(mayChange ? [] : [{ name: t.scale, value: nameOf(state.timeScale) }]),
            ]}
          />
          {change.error === null ? null : <ErrorView error={change.error} />}
          {mayChange ? (
            <div className="flex flex-wrap items-end gap-x-8 gap-y-4">
              <Select
                label={t.scale}
                hint={t.scaleHint}
                className="w-96 max-w-full"
                value={String(state.timeScale)}
                onChange={(scale) => change.mutate({ scale: Number(scale) })}
                options={scales.map((scale) => ({ value: String(scale), label: nameOf(scale) }))}
              />
              <fieldset className="flex flex-wrap gap-2">
                <legend className="mb-1 text-std-16B-170">{t.advance}</legend>
                {STEPS.map(({ key, ms }) => (
                  <Button key={key} look="secondary" onPress={() => change.mutate({ advanceMs: ms })}>
                    +{t.advanceBy[key]}
                  </Button>
                ))}
              </fieldset>
            </div>
          ) : null}
        </div>
      </Card>
    </Section>
  )
}
