import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

export interface WrittenTrail {
  readonly files: number
  readonly events: number
  /** Calls of `iam:ListUsers` among them. */
  readonly listed: number
}

/** Files beyond these repeat their records: packing takes longer than reading. */
const DISTINCT = 30

/** A trail of one account: a role that lists buckets, and lists users at every tenth call. Large enough to be caught reading it. */
export async function writeTrail(
  dir: string,
  account: string,
  files: number,
  each: number,
): Promise<WrittenTrail> {
  const folder = path.join(dir, 'AWSLogs', account, 'CloudTrail', 'ap-northeast-1', '2026', '11', '20')
  await mkdir(folder, { recursive: true })
  let listed = 0
  const made = Array.from({ length: Math.min(files, DISTINCT) }, (_, file) => {
    const records = Array.from({ length: each }, (_, index) => {
      const isList = index % 10 === 0
      return { isList, record: recordOf(account, file * each + index, isList) }
    })
    const text = JSON.stringify({ Records: records.map(({ record }) => record) })
    return {
      listed: records.filter(({ isList }) => isList).length,
      bytes: gzipSync(text, { level: 1 }),
    }
  })
  for (let file = 0; file < files; file++) {
    const one = made[file % made.length]
    if (one === undefined) continue
    listed += one.listed
    const name = `${account}_CloudTrail_ap-northeast-1_20261120T0000Z_${String(file).padStart(6, '0')}.json.gz`
    await writeFile(path.join(folder, name), one.bytes)
  }
  return { files, events: files * each, listed }
}

const recordOf = (account: string, number: number, isList: boolean) => ({
  eventVersion: '1.08',
  userIdentity: {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE:job-${number % 500}`,
    arn: `arn:aws:sts::${account}:assumed-role/Nightly/job-${number % 500}`,
    accountId: account,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        arn: `arn:aws:iam::${account}:role/Nightly`,
        accountId: account,
        userName: 'Nightly',
      },
    },
  },
  eventTime: new Date(Date.UTC(2026, 10, 20) + (number % 86_400) * 1000).toISOString().replace('.000Z', 'Z'),
  eventSource: isList ? 'iam.amazonaws.com' : 's3.amazonaws.com',
  eventName: isList ? 'ListUsers' : 'ListBuckets',
  awsRegion: isList ? 'us-east-1' : 'ap-northeast-1',
  sourceIPAddress: `198.51.100.${number % 250}`,
  userAgent: 'aws-sdk-js/3',
  requestParameters: null,
  responseElements: null,
  requestID: `r-${number}`,
  eventID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  readOnly: true,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: account,
})
