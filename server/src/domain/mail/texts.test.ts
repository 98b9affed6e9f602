import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mailText } from './texts.ts'

test('a mail says it in both languages and leads to the page', () => {
  const told = {
    kind: 'application.reminder',
    subject: 'app_1',
    params: { hours: '48', organisation: '鯖江市', system: '住民記録' },
  }
  const { subject, text } = mailText(told, 'https://rankan.example.jp')
  expect(subject).toContain('48 時間以上')
  expect(text).toContain('鯖江市 住民記録')
  expect(text).toContain('more than 48 hours')
  expect(text).toContain('https://rankan.example.jp/applications/app_1')
  expect(mailText(told, null).text).toContain('/applications/app_1')
})

test('the subject is one line, whatever people wrote into names', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.oneof(fc.string(), fc.constantFrom('valueOf', '__proto__')),
      (organisation, kind) => {
        const told = { kind, subject: 'app_1', params: { organisation, ja: organisation } }
        for (const one of [told, { ...told, kind: 'application.ready' }])
          expect(mailText(one, null).subject).not.toMatch(/[\r\n]/)
      },
    ),
  )
})
