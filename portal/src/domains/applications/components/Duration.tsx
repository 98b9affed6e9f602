import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

const HOUR = 3600
const DAY = 86_400

/** Seconds as people say them: 5 minutes, 3 hours, 2 days. */
export function useDuration(): (seconds: number) => string {
  const t = useTexts(texts)
  return (seconds) => {
    if (seconds < 1.5 * HOUR) return t.duration.minutes(Math.max(1, Math.round(seconds / 60)))
    if (seconds < 1.5 * DAY) return t.duration.hours(Math.round(seconds / HOUR))
    return t.duration.days(Math.round(seconds / DAY))
  }
}
