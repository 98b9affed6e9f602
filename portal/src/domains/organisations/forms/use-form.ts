import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import { ApiError } from '../../../api/problem.ts'
import { toast } from '../../../components/Toast.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from './i18n/texts.ts'

type Path = readonly (string | number)[]
type Wrong = keyof ReturnType<typeof useWrongTexts>
const useWrongTexts = () => useTexts(texts).wrong

interface Found {
  readonly path: Path
  readonly code: string
  readonly message: string
}

/** What a field of that name asks for, where the schema's own words are English only. */
const ASKED: Readonly<Record<string, Wrong>> = {
  code: 'code',
  from: 'day',
  to: 'day',
  day: 'day',
  expiresOn: 'day',
  reason: 'required',
  email: 'email',
  phone: 'phone',
  firstName: 'latin',
  lastName: 'latin',
  userName: 'userName',
  separation: 'separation',
  operatorId: 'operator',
  contractId: 'contract',
  organisationId: 'required',
  basisPoints: 'percent',
  nameJa: 'required',
  nameEn: 'required',
  number: 'required',
}

export interface FormOf<T> {
  readonly schema: z.ZodType<T>
  readonly draft: unknown
  readonly send: (value: T) => Promise<unknown>
  readonly onDone: () => void
  readonly said?: string
  /** Checks beyond the schema, told with a code. */
  readonly check?: readonly Found[]
  /** Where a refusal without a path belongs, by its code. */
  readonly placeOf?: Readonly<Record<string, string>>
}

/**
 * A form that is checked by the API's own schema before it is sent, and that shows what the API refuses at the field
 * that the problem document names. `rest` is what belongs to no field.
 */
export function useForm<T>({ schema, draft, send, onDone, said, check = [], placeOf = {} }: FormOf<T>) {
  const t = useTexts(texts)
  const wrong = useWrongTexts()
  const client = useQueryClient()
  const [asked, setAsked] = useState(false)
  const checked = schema.safeParse(draft)
  const mutation = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      toast(said ?? t.saved)
      onDone()
      await client.invalidateQueries({ queryKey: ['organisations'] })
    },
  })
  const own: readonly Found[] = asked
    ? [...check, ...(checked.error?.issues ?? []).map((i) => ({ ...i, path: i.path.map(part) }))]
    : []
  const refused = refusalsOf(mutation.error, placeOf)
  const textOf = (issue: Found): string => {
    const key = issue.code in wrong ? issue.code : (ASKED[String(issue.path.at(-1))] ?? '')
    return key in wrong ? wrong[key as Wrong] : issue.message
  }
  return {
    errorAt: (...path: Path): string | null => {
      const found = [...own, ...refused].find((issue) => same(issue.path, path))
      return found === undefined ? null : textOf(found)
    },
    rest: mutation.error !== null && refused.length === 0 ? mutation.error : null,
    pending: mutation.isPending,
    submit: () => {
      setAsked(true)
      if (checked.success && check.length === 0) mutation.mutate(checked.data)
    },
  }
}

const part = (key: PropertyKey): string | number => (typeof key === 'symbol' ? String(key) : key)
const same = (a: Path, b: Path): boolean => a.length === b.length && a.every((key, i) => key === b[i])

function refusalsOf(error: Error | null, placeOf: Readonly<Record<string, string>>): readonly Found[] {
  if (!(error instanceof ApiError)) return []
  const { code, detail, issues } = error.problem
  const place = placeOf[code]
  if (place !== undefined) return [{ path: [place], code, message: detail }]
  return issues.filter((issue) => issue.path.length > 0)
}
