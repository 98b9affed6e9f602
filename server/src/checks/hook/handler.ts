import { answerHook, type HookOptions } from './answer.ts'
import type { HookResponse } from './contract.ts'

export type HookHandler = (event: unknown) => Promise<HookResponse>

/** The function that Lambda calls. `fetchText` gets the payload from its presigned URL; `now` in seconds since 1970. */
export function hookHandler(
  options: Omit<HookOptions, 'now'>,
  { fetchText, now }: { fetchText(url: string): Promise<string>; now(): number },
): HookHandler {
  return async (event) => {
    const url = payloadUrl(event)
    const payload = url === null ? null : await fetchText(url).catch(() => null)
    return answerHook(event, payload, { ...options, now: now() })
  }
}

function payloadUrl(event: unknown): string | null {
  const data = (event as { requestData?: { payload?: unknown } } | null)?.requestData
  return typeof data?.payload === 'string' ? data.payload : null
}
