import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

/** A folder as a bucket of S3, as far as a reader of a trail asks: ListObjectsV2 in pages, GetObject with If-Match. */
export interface FolderBucket {
  readonly endpoint: string
  /** Objects that were fetched, in order. */
  readonly fetched: readonly string[]
  close(): void
}

const PAGE = 250

export async function folderBucket(dir: string): Promise<FolderBucket> {
  const fetched: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://s3')
    const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/')
    const answer = url.searchParams.has('list-type')
      ? list(dir, url.searchParams, response)
      : object(dir, key, request.headers['if-match'], response).then((found) => {
          if (found) fetched.push(key)
        })
    answer.catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fetched,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const etagOf = (key: string, size: number) => `"${createHash('md5').update(`${key} ${size}`).digest('hex')}"`

async function list(dir: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter')]
  const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
  const names = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
  const lines = new Map<string, string>()
  for (const key of names.sort()) {
    if (!key.startsWith(prefix)) continue
    const cut = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length)
    const name = cut < 0 ? key : key.slice(0, cut + 1)
    if (name <= after || lines.has(name)) continue
    if (cut >= 0) lines.set(name, `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`)
    else {
      const { size } = await stat(path.join(dir, key))
      lines.set(
        name,
        `<Contents><Key>${name}</Key><Size>${size}</Size><ETag>${etagOf(key, size)}</ETag></Contents>`,
      )
    }
  }
  const page = [...lines].slice(0, PAGE)
  const more = lines.size > PAGE
  const token = more ? `<NextContinuationToken>${page.at(-1)?.[0]}</NextContinuationToken>` : ''
  response.end(
    `<ListBucketResult><IsTruncated>${more}</IsTruncated>${page.map(([, xml]) => xml).join('')}${token}</ListBucketResult>`,
  )
}

async function object(
  dir: string,
  key: string,
  wanted: string | undefined,
  response: ServerResponse,
): Promise<boolean> {
  const file = path.join(dir, key)
  const found = await stat(file).catch(() => null)
  if (found?.isFile() !== true) {
    response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
    return false
  }
  if (wanted !== undefined && wanted !== etagOf(key, found.size)) {
    response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>')
    return false
  }
  response.writeHead(200, { 'content-length': String(found.size) }).end(await readFile(file))
  return true
}
