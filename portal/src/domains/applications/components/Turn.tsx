import type { ApplicationView } from '@rankan/server/domain/applications/view.ts'
import { Facts, japanTime } from '../../../components/Values.tsx'
import { common } from '../../../i18n/common.ts'
import { useLanguage } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { useDuration } from './Duration.tsx'

/** Whose turn it is, since when, how long it usually takes, and when the accounts will be ready. */
export function Turn({ application }: { readonly application: ApplicationView }) {
  const t = useTexts(texts)
  const c = useTexts(common)
  const { language } = useLanguage()
  const duration = useDuration()
  const { turn, eta } = application
  if (turn === null) return null
  const roles: Readonly<Record<string, string>> = c.role
  const names = turn.who.map((w) =>
    w.standsInFor === null ? w.name : `${w.name}(${t.standsInFor(w.standsInFor)})`,
  )
  const usual = turn.usualSeconds === null ? '' : ` ${t.usually(duration(turn.usualSeconds))}`
  return (
    <Facts
      items={[
        {
          name: t.turnTitle,
          value: (
            <span data-testid="turn">
              <strong>{t.stageOf[turn.stage]}</strong>
              <span className="block">
                {names.length > 0 ? names.join('、') : (roles[turn.role] ?? turn.role)}
              </span>
              <span className="block text-solid-gray-700">
                {t.waitsSince(japanTime(turn.since, language))}
                {usual}
              </span>
            </span>
          ),
        },
        {
          name: t.etaTitle,
          value:
            eta === null ? (
              t.etaUnknown
            ) : (
              <span data-testid="eta">
                <strong>{japanTime(eta.at, language)}</strong>
                <span className="block text-solid-gray-700">
                  {eta.assumesApprovals ? t.etaAssumes : t.etaP90(japanTime(eta.p90, language))}
                </span>
              </span>
            ),
        },
      ]}
    />
  )
}
