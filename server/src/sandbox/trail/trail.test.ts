import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { loadModel } from '../core/load-model.ts'
import { elementsOf } from './elements.ts'
import { openTrailFiles } from './files.ts'

const folders: string[] = []
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-trail-'))
  folders.push(dir)
  return dir
}
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true })
})

const filesIn = (dir: string) =>
  (readdirSync(dir, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.json.gz') && !name.includes('CloudTrail-Digest'))
    .sort()
const delivery = (accountId: string, n: number) => ({
  organizationId: 'o-abcdefghij',
  accountId,
  region: 'us-east-1',
  record: { eventID: String(n), eventTime: `2026-11-22T03:0${n}:05Z` },
})
const recordsIn = (dir: string) =>
  filesIn(dir).flatMap(
    (name) => JSON.parse(gunzipSync(readFileSync(join(dir, name))).toString('utf8')).Records as object[],
  )

describe('files', () => {
  test('have CloudTrail’s layout and names, one for each account and region', () => {
    const dir = folder()
    const files = openTrailFiles(dir)
    for (const n of [1, 2]) files.append(delivery('111122223333', n))
    files.append(delivery('444455556666', 3))
    expect(filesIn(dir)).toEqual([])
    expect(files.flush()).toBe(2)
    files.close()
    const [first] = filesIn(dir)
    expect(first).toMatch(
      /^AWSLogs\/o-abcdefghij\/111122223333\/CloudTrail\/us-east-1\/2026\/11\/22\/111122223333_CloudTrail_us-east-1_20261122T0302Z_[A-Za-z0-9]{16}\.json\.gz$/,
    )
    expect(recordsIn(dir)).toHaveLength(3)
    expect(execFileSync('ls', [dir]).toString()).not.toContain('.partial')
  })

  test('a kill loses nothing: what waited is written at the next start, a torn line is left out', () => {
    const dir = folder()
    const killed = openTrailFiles(dir)
    killed.append(delivery('111122223333', 1))
    appendFileSync(join(dir, 'pending.log'), 'o-abcdefghij 111122223333 us-east-1\t{"eventID":"to')
    openTrailFiles(dir).close()
    expect(recordsIn(dir)).toEqual([delivery('111122223333', 1).record])
  })

  test('a kill between the files and the end of the log writes the same files again', () => {
    const dir = folder()
    const files = openTrailFiles(dir)
    files.append(delivery('111122223333', 1))
    const pending = readFileSync(join(dir, 'pending.log'))
    files.close()
    const before = filesIn(dir)
    writeFileSync(join(dir, 'pending.log'), pending)
    openTrailFiles(dir).close()
    expect(filesIn(dir)).toEqual(before)
    expect(recordsIn(dir)).toHaveLength(1)
  })
})

describe('elements', () => {
  test('names begin small, secrets are left out or hidden', () => {
    const iam = loadModel('iam')
    const output = {
      AccessKey: { UserName: 'u', AccessKeyId: 'AKIA', SecretAccessKey: 'geheim', CreateDate: 0 },
    }
    expect(elementsOf(iam, iam.operations.CreateAccessKey?.output, output)).toEqual({
      accessKey: { userName: 'u', accessKeyId: 'AKIA', createDate: 'Jan 1, 1970, 12:00:00 AM' },
    })
    const organizations = loadModel('organizations')
    const input = { Email: 'a@example.jp', AccountName: 'A' }
    expect(elementsOf(organizations, organizations.operations.CreateAccount?.input, input)).toEqual({
      email: '****',
      accountName: '****',
    })
    const sqs = loadModel('sqs')
    const sent = { QueueUrl: 'http://h/1/q', MessageBody: 'geheim' }
    expect(elementsOf(sqs, sqs.operations.SendMessage?.input, sent)).toEqual({
      queueUrl: 'http://h/1/q',
      messageBody: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    })
  })

  test('keys of maps stay as they are, and nothing is null', () => {
    const sqs = loadModel('sqs')
    const input = { QueueName: 'q', Attributes: { VisibilityTimeout: '1' } }
    expect(elementsOf(sqs, sqs.operations.CreateQueue?.input, input)).toEqual({
      queueName: 'q',
      attributes: { VisibilityTimeout: '1' },
    })
    expect(elementsOf(sqs, sqs.operations.ListQueues?.input, {})).toBeNull()
  })

  test('what is too large is omitted as CloudTrail does', () => {
    const iam = loadModel('iam')
    const input = { PolicyName: 'p', PolicyDocument: 'x'.repeat(110_000) }
    expect(elementsOf(iam, iam.operations.CreatePolicy?.input, input)).toMatchObject({ omitted: true })
  })
})
