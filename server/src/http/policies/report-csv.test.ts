import { expect, test } from 'vitest'
import { csvFile } from '../csv.ts'
import { titled } from './report-csv.ts'

test('the first line of an export is in the language of its reader, and nothing else changes', () => {
  const csv = csvFile(['principal,calls,new_column', '"a,""b""",1,x', "'=cmd,2,"])
  expect(titled(csv, 'ja')).toBe(csv.replace('principal,calls', '利用者・ロール,回数'))
  expect(titled(csv, 'en')).toBe(csv.replace('principal,calls', 'User or role,Calls'))
})
