import { createHash } from 'node:crypto'
import type { ImportFile } from '../../catalog/imports/files.ts'
import { inPlaceLibrary } from '../../catalog/imports/in-place.ts'
import { foreignLibrary, frameworkIn, setIn, spreadsheetIn } from '../../catalog/imports/read.ts'
import type { ImportRequest, UploadedFile } from '../../catalog/imports/view.ts'
import type { Control } from '../../catalog/record.ts'
import type { ControlSetBody } from '../../domain/controls/sets.ts'
import { invalid, RankanError } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { ControlsPort } from '../../ports/controls.ts'
import type { NewImport } from '../../storage/controls/imports.ts'

/** What was read of a request: an import to keep, or a control set. */
export type ReadImport =
  | ({ readonly what: 'import'; readonly title: string } & NewImport)
  | {
      readonly what: 'set'
      readonly name: string
      readonly title: string
      readonly source: string
      readonly sourceVersion: string
      readonly body: ControlSetBody
      readonly sha256: string
    }

interface Where {
  readonly library: readonly Control[]
  readonly controls: (awsOrganizationId: string) => ControlsPort
  readonly now: Date
  /** How long AWS may take; left out: what a request may take. */
  readonly mostMs?: number
}

export function readRequest(request: ImportRequest, where: Where): Promise<ReadImport> {
  if (request.kind === 'in-place') return readInPlace(request.awsOrganizationId, where)
  const files = request.files.map(fileOf)
  const [first] = files
  if (first === undefined) throw invalid('no_file', 'Give a file.')
  return readFiles(request, files, first, where)
}

/** Decodes Base64 and refuses what is none: `Buffer` would leave it out silently. */
export function fileOf({ name, content }: UploadedFile): ImportFile {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(content))
    throw invalid('bad_base64', `The content of \`${name}\` is no Base64.`)
  return { name, bytes: Buffer.from(content, 'base64') }
}

async function readFiles(
  request: Exclude<ImportRequest, { kind: 'in-place' }>,
  files: readonly ImportFile[],
  first: ImportFile,
  { library }: Where,
): Promise<ReadImport> {
  const source = files.length === 1 ? first.name : `${first.name} … (${files.length})`
  switch (request.kind) {
    case 'oscal-profile': {
      const body = setIn(first, files.slice(1), library)
      return {
        what: 'set',
        name: request.name,
        title: body.title.ja,
        source,
        sourceVersion: '',
        body,
        sha256: hashOf(body),
      }
    }
    case 'oscal-catalog':
      return ownOf(request.name, source, frameworkIn(first, request.name))
    case 'spreadsheet': {
      const { mapping } = request
      return ownOf(mapping.framework.id, source, await spreadsheetIn(first, mapping, library))
    }
    default: {
      const body = foreignLibrary(request.kind, files, request.sourceVersion, source)
      const { name, kind } = request
      return {
        what: 'import',
        name,
        kind,
        title: body.name,
        source,
        sourceVersion: body.version,
        awsOrganizationId: null,
        body,
        sha256: hashOf(body),
      }
    }
  }
}

function ownOf(name: string, source: string, body: ReturnType<typeof frameworkIn>): ReadImport {
  const { title, asOf } = body.framework
  return {
    what: 'import',
    name,
    kind: 'framework',
    title: title.ja,
    source,
    sourceVersion: asOf,
    awsOrganizationId: null,
    body,
    sha256: hashOf(body),
  }
}

/** Whoever waits for the page sees an answer before a load balancer ends the request (AWS's: 60 seconds of silence). */
const MOST_MS = 50_000

/** Asks AWS now. Its hash leaves the time out: two readings of the same estate are equal. */
async function readInPlace(id: string, { library, controls, now, mostMs }: Where): Promise<ReadImport> {
  const port = controls(id)
  const [policies, tower = null, packs = null] = await inTime(
    Promise.all([port.policies.read(), port.tower?.read(), port.packs?.read()]),
    mostMs ?? MOST_MS,
  )
  if (policies === null)
    throw new RankanError('unavailable', 'no_policies', 'AWS Organizations did not tell its policies.')
  const body = inPlaceLibrary({ policies, tower, packs }, library, id, now.toISOString())
  return {
    what: 'import',
    name: id,
    kind: 'in-place',
    title: id,
    source: body.source,
    sourceVersion: body.version,
    awsOrganizationId: id,
    body,
    sha256: hashOf({ ...body, version: '' }),
  }
}

/** @throws {RankanError} `unavailable`; nothing was kept yet, so asking again is all that is lost. */
async function inTime<T>(work: Promise<T>, mostMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const message = `AWS did not answer within ${Math.round(mostMs / 1_000)} seconds. Nothing was kept; ask again when AWS is less busy.`
    timer = setTimeout(() => reject(new RankanError('unavailable', 'aws_slow', message)), mostMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex')
