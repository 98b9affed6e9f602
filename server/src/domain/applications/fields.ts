import { z } from 'zod'
import { isDay } from '../../kernel/days.ts'
import { APPLICATION_LIMITS as L } from './limits.ts'

/**
 * Control characters, bidirectional overrides and lone surrogates: they hide what a reader sees, break CSV and logs,
 * and PostgreSQL refuses NUL. Line breaks and tabs are allowed in long texts only.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd-\uffff]/u
const LONE_SURROGATE = /\p{Surrogate}/u

export const isCleanText = (text: string): boolean => !FORBIDDEN.test(text) && !LONE_SURROGATE.test(text)
const isCleanLines = (text: string) => isCleanText(text.replace(/\r\n|\n|\t/g, ' '))

/** One line. */
export const line = (max: number = L.name) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .max(max)
    .refine(isCleanText, { params: { code: 'forbidden_character' } })

/** One line that may stay empty. */
export const maybeLine = (max: number = L.name) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .max(max)
    .refine(isCleanText, { params: { code: 'forbidden_character' } })
    .default('')

/** Several lines, e.g. a reason. */
export const lines = (max: number = L.longText) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .max(max)
    .refine(isCleanLines, { params: { code: 'forbidden_character' } })
export const maybeLines = (max: number = L.longText) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .max(max)
    .refine(isCleanLines, { params: { code: 'forbidden_character' } })
    .default('')

/** ASCII only, as AWS's account e-mail field demands; 64 characters. */
export const email = () =>
  z
    .string()
    .trim()
    .max(L.email)
    .regex(
      /^[A-Za-z0-9._%+-]{1,60}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/,
    )

export const phone = () =>
  z
    .string()
    .trim()
    .max(L.phone)
    .regex(/^\+?[0-9][0-9 ()-]{5,23}$/)

export const day = () =>
  z
    .string()
    .trim()
    .max(10)
    .refine(isDay, { params: { code: 'not_a_day' } })

/** 6-digit local-government code with check digit, or another body's stable ASCII code. */
export const organisationCode = () =>
  z
    .string()
    .trim()
    .max(L.organisationCode)
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/)
export const systemCode = () =>
  z
    .string()
    .trim()
    .max(L.systemCode)
    .regex(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/)
export const accountId = () =>
  z
    .string()
    .trim()
    .regex(/^\d{12}$/)
