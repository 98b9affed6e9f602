import { expect, it } from 'vitest'
import { SPELLINGS } from './case.ts'

/** Member names that the binary of cfn-guard 3.1.1 finds for a name of a rule (asOf 2026-11-22). */
it.each([
  ['BucketName', ['bucketName', 'bucket-name', 'bucket_name', 'Bucket Name', 'Bucket-Name']],
  ['bucket_name', ['bucketName', 'BucketName']],
  ['Policies', ['Policy']],
  ['Statuses', ['Statuse']],
  ['Databases', ['basis']],
  ['Series', ['Sery']],
  ['Addresses', ['Address']],
])('`%s` is also spelled %j', (name, others) => {
  expect(SPELLINGS.map((spelling) => spelling(name))).toEqual(expect.arrayContaining(others))
})

it.each([
  ['Heroes', 'Hero'],
  ['Matrices', 'Matrix'],
  ['Mice', 'Mouse'],
])('`%s` is never spelled `%s`, however right that would be', (name, other) => {
  expect(SPELLINGS.map((spelling) => spelling(name))).not.toContain(other)
})
