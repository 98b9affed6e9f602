import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { REPLAY_NEEDS } from '../actions.ts'
import { readS3Url } from './place.ts'
import { type S3Trail, s3Trail } from './trail.ts'

/** As much of S3 as the adapter asks: ListObjectsV2 with delimiter, pages and StartAfter; GetObject with If-Match. */
const objects = new Map<string, Buffer>()
const asked: string[] = []
let throttles = 0
let breaks = 0
let server: Server
const PAGE = 3

const etag = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://s3')
    asked.push(`${url.pathname}?${url.searchParams}`)
    if (throttles-- > 0) {
      response.writeHead(503).end('<Error><Code>SlowDown</Code><Message>Please reduce</Message></Error>')
      return
    }
    if (url.searchParams.has('list-type')) response.end(listing(url.searchParams))
    else {
      const bytes = objects.get(decodeURIComponent(url.pathname.slice('/bucket/'.length)))
      if (bytes === undefined) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
      else if (![undefined, etag(bytes)].includes(request.headers['if-match']))
        response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>')
      else if (breaks-- > 0) {
        response.writeHead(200, { 'content-length': String(bytes.length) })
        response.write(bytes.subarray(0, 1), () => response.destroy())
      } else response.writeHead(200, { 'content-length': String(bytes.length) }).end(bytes)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  objects.clear()
  asked.length = 0
  throttles = 0
  breaks = 0
})

function listing(query: URLSearchParams): string {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter')]
  const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
  const lines = new Map<string, string>()
  for (const [key, bytes] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!key.startsWith(prefix)) continue
    const cut = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length)
    const name = cut < 0 ? key : key.slice(0, cut + 1)
    if (name <= after) continue
    lines.set(
      name,
      cut < 0
        ? `<Contents><Key>${name}</Key><Size>${bytes.length}</Size><ETag>${etag(bytes)}</ETag></Contents>`
        : `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`,
    )
  }
  const page = [...lines].slice(0, PAGE)
  const more = lines.size > PAGE
  return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${page.map(([, xml]) => xml).join('')}${
    more ? `<NextContinuationToken>${page.at(-1)?.[0]}</NextContinuationToken>` : ''
  }</ListBucketResult>`
}

const used = new Set<string>()
function trail(text: string, days = { since: null as string | null, until: null as string | null }): S3Trail {
  return s3Trail({
    place: readS3Url(text),
    days,
    maxBytes: 1000,
    pathStyle: true,
    onCall: ({ iamAction }) => used.add(iamAction),
    client: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    },
  })
}
async function names(source: S3Trail): Promise<string[]> {
  const found: string[] = []
  for await (const file of source.list()) found.push(file.name.slice('s3://bucket/'.length))
  source.destroy()
  return found
}

const ROOT = 'AWSLogs/o-1'
const fileOf = (account: string, region: string, day: string, n: number) =>
  `${ROOT}/${account}/CloudTrail/${region}/${day}/${n}.json.gz`

function organization(): string[] {
  const keys = ['111122223333', '444455556666'].flatMap((account) =>
    ['ap-northeast-1', 'us-east-1'].flatMap((region) =>
      ['2026/10/01', '2026/10/02', '2026/10/03', '2026/10/04'].flatMap((day) =>
        [1, 2].map((n) => fileOf(account, region, day, n)),
      ),
    ),
  )
  for (const key of keys) objects.set(key, Buffer.from(key))
  return keys
}

describe('a trail in S3', () => {
  it('lists every file once over pages and folders, and leaves digests and insights alone', async () => {
    const keys = organization()
    objects.set(`${ROOT}/111122223333/CloudTrail-Digest/us-east-1/2026/10/01/d.json.gz`, Buffer.from('d'))
    objects.set(`${ROOT}/111122223333/CloudTrail-Insight/us-east-1/2026/10/01/i.json.gz`, Buffer.from('i'))
    objects.set('AWSLogs-old/x.json.gz', Buffer.from('other'))
    objects.set('AWSLogs/readme.txt', Buffer.from('no trail file'))
    expect((await names(trail('s3://bucket/AWSLogs'))).sort()).toEqual(keys.sort())
    expect(asked.filter((one) => one.includes('Digest%2F'))).toEqual([])
  })

  it('asks only for the days wanted, and the day after for what was delivered late', async () => {
    organization()
    const found = await names(trail('s3://bucket/AWSLogs/', { since: '2026-10-02', until: '2026-10-02' }))
    expect([...new Set(found.map((name) => name.split('/').slice(5, 8).join('-')))]).toEqual([
      '2026-10-02',
      '2026-10-03',
    ])
    expect(found).toHaveLength(16)
  })

  it('reads a folder in any layout, and a single file', async () => {
    for (const key of ['exports/a.csv', 'exports/deep/b.jsonl.gz']) objects.set(key, Buffer.from(key))
    expect(await names(trail('s3://bucket/exports'))).toEqual(['exports/a.csv', 'exports/deep/b.jsonl.gz'])
    expect(await names(trail('s3://bucket/exports/a.csv'))).toEqual(['exports/a.csv'])
  })

  it('waits and tries again when S3 says SlowDown', async () => {
    objects.set('t/a.json', Buffer.from('{}'))
    throttles = 2
    expect(await names(trail('s3://bucket/t'))).toEqual(['t/a.json'])
    expect(asked).toHaveLength(3)
  })

  it('reads content whose beginning broke off', async () => {
    objects.set('t/a.json', Buffer.from('content'))
    const source = trail('s3://bucket/t')
    breaks = 1
    for await (const file of source.list())
      expect(Buffer.from(await source.read(file)).toString()).toBe('content')
    source.destroy()
  })

  it('never gives content other than what was listed, and does not fetch what is too large', async () => {
    objects.set('t/a.json', Buffer.from('one'))
    const source = trail('s3://bucket/t')
    const files = []
    for await (const file of source.list()) files.push(file)
    const [file] = files
    if (file === undefined) throw new Error('nothing was listed')
    objects.set('t/a.json', Buffer.from('two'))
    await expect(source.read(file)).rejects.toThrow(/GetObject/)
    const before = asked.length
    expect(await source.read({ ...file, size: 1001 })).toHaveLength(0)
    expect(asked).toHaveLength(before)
    source.destroy()
  })

  it('finds digests, opens objects by key, and says null of what is not there', async () => {
    organization()
    const digest = `${ROOT}/1/CloudTrail-Digest/us-east-1/2026/10/01/1_CloudTrail-Digest_us-east-1_t_us-east-1_20261001T000000Z.json.gz`
    objects.set(digest, Buffer.from('d'))
    const source = trail('s3://bucket/AWSLogs')
    const found = []
    for await (const key of source.digests()) found.push(key)
    expect(found).toEqual([digest])
    expect(await source.open('nothing')).toBeNull()
    expect(Buffer.from((await source.open(digest))?.bytes ?? []).toString()).toBe('d')
    expect(asked.some((one) => one.includes('%2FCloudTrail%2F'))).toBe(false)
    source.destroy()
  })

  it('needs exactly the declared actions; S3 itself asks KMS', () => {
    expect([...used].sort()).toEqual(
      REPLAY_NEEDS.s3
        ?.map(({ action }) => action)
        .filter((action) => action !== 'kms:Decrypt')
        .sort(),
    )
  })
})

describe('an address', () => {
  it('is a folder, a bucket, or a file', () => {
    expect(readS3Url('s3://bucket')).toEqual({ bucket: 'bucket', prefix: '' })
    expect(readS3Url('s3://bucket/a/b')).toEqual({ bucket: 'bucket', prefix: 'a/b/' })
    expect(readS3Url('s3://bucket/a/b.json.gz')).toEqual({ bucket: 'bucket', prefix: 'a/b.json.gz' })
    expect(() => readS3Url('s3://')).toThrow(/s3:\/\/bucket\/prefix/)
  })
})
