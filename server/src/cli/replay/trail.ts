import { constants, existsSync, statSync } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { checkDigests, type DigestCheck, type PublicKeys, readKeys } from '../../analytics/digests/check.ts'
import { folderDigests } from '../../analytics/digests/folder.ts'
import { incompleteIn } from '../../analytics/trail/incomplete.ts'
import { type IngestReport, ingest } from '../../analytics/trail/ingest.ts'
import { lockFacts } from '../../analytics/trail/lock.ts'
import { fileSource, folderSource } from '../../analytics/trail/source.ts'
import { manifestsOf } from '../../analytics/trail/store.ts'
import { conflict, type Issue, invalid, RankanError } from '../../kernel/errors.ts'
import type { Cli } from '../app.ts'
import { whyOf } from '../files.ts'
import { readJson } from '../policy/files.ts'
import { type Days, isS3, type Places, type TrailPlace } from './places.ts'

export interface ReadOptions extends Days {
  /** `undefined`: the facts as they are. */
  readonly trail?: string
  /** Folder of the facts. */
  readonly dir: string
  readonly verify?: boolean
  readonly keys?: string
}

export interface Read {
  readonly ingest: IngestReport | null
  /** `null`: they were not checked, or there are none. */
  readonly digests: DigestCheck | null
}

/** Reads what is new of the trail into facts, and checks the digests. */
export async function readTrail(cli: Cli, places: Places, options: ReadOptions): Promise<Read> {
  const { trail } = options
  if (trail === undefined) return { ingest: null, digests: null }
  const keys = options.keys === undefined ? null : readKeys(readJson(options.keys), options.keys)
  const place = isS3(trail) ? await places.s3(trail, options) : await folderPlace(trail)
  try {
    return await readPlace(cli, place, trail, options, keys)
  } finally {
    place.close()
  }
}

async function readPlace(
  cli: Cli,
  place: TrailPlace,
  trail: string,
  options: ReadOptions,
  keys: PublicKeys | null,
): Promise<Read> {
  const unlock = await lockIn(options.dir)
  try {
    await refuseStream(options.dir)
    const read = await ingestPlace(cli, place, options.dir, isS3(trail) ? null : await countOf(place))
    if (read.files === 0) throw nothingIn(trail)
    const report = { ...read, ...(await incompleteIn(options.dir, read)) }
    if (report.refused.length > 0 && (await isEmpty(options.dir))) throw nothingRead(trail, report)
    // Files in S3 would be fetched a second time.
    const verify = options.verify ?? !isS3(trail)
    const checked = verify ? await checkDigests({ ...options, place, keys }) : null
    return {
      ingest: report,
      digests: checked?.digests === 0 && checked.problems.length === 0 ? null : checked,
    }
  } finally {
    unlock()
  }
}

async function folderPlace(dir: string): Promise<TrailPlace> {
  const found = await stat(dir).catch(() => null)
  if (found?.isFile())
    return {
      source: fileSource(path.resolve(dir)),
      ...folderDigests(path.dirname(dir)),
      async *digests() {
        // Digests speak of whole folders.
      },
      close: () => undefined,
    }
  if (found === null || !found.isDirectory())
    throw new RankanError('not_found', 'no_trail', `There is no folder or file \`${dir}\` of CloudTrail.`)
  return { source: folderSource(dir), ...folderDigests(dir), close: () => undefined }
}

/** Whether no file of these facts could be read; one without records could. */
async function isEmpty(dir: string): Promise<boolean> {
  for await (const { files } of manifestsOf(dir))
    if (files.some(({ refused }) => refused === null)) return false
  return true
}

const MOST_NAMED = 20

/** No file could be read: which, and why. */
const nothingRead = (trail: string, { files, refused }: IngestReport) =>
  invalid(
    'unreadable_trail',
    `None of the ${files} file(s) of \`${trail}\` could be read as CloudTrail records.`,
    refused.slice(0, MOST_NAMED).map(
      ({ name, refused: why }): Issue => ({
        path: [name],
        code: why?.reason ?? 'unreadable',
        message: `${why?.reason}: ${why?.detail}.`,
      }),
    ),
  )

const nothingIn = (trail: string) =>
  new RankanError(
    'not_found',
    'empty_trail',
    `There are no \`.json\`, \`.json.gz\`, \`.jsonl\` or \`.csv\` files in \`${trail}\`.`,
  )

async function countOf({ source }: TrailPlace): Promise<number> {
  let files = 0
  for await (const _ of source.list()) files++
  return files
}

/** Files of a bucket are not counted before: a list of millions takes long. */
const SAY_EVERY = 1_000

async function ingestPlace(
  cli: Cli,
  { source }: TrailPlace,
  dir: string,
  count: number | null,
): Promise<IngestReport> {
  const bar = count === null ? null : cli.progress(count)
  let done = 0
  const onFile = ({ name }: { readonly name: string }) => {
    done++
    if (bar !== null) bar.update(done, path.basename(name))
    else if (done % SAY_EVERY === 0) cli.say(`${done} files / ファイル … ${name}`)
  }
  try {
    return await ingest({ source, dir, threads: 2, onFile })
  } finally {
    bar?.stop()
  }
}

/** The same events come through the queue and in files; facts of both would count them twice. */
async function refuseStream(dir: string): Promise<void> {
  for await (const { files } of manifestsOf(dir)) {
    // No folder has both: the first part tells of all.
    if (files[0]?.name.startsWith('sqs:') !== true) return
    throw conflict(
      'facts_of_a_stream',
      `The facts in \`${dir}\` follow a queue; files of a trail hold the same events, which would count twice. Leave \`--trail\` out, or name another folder with \`--facts\`.`,
    )
  }
}

/** Faults of the system that are the folder's: no permission, a file in its place, a full disk. */
async function lockIn(dir: string): Promise<() => void> {
  try {
    await makeFolder(path.resolve(dir))
    await access(dir, constants.W_OK)
  } catch (error) {
    throw invalid(
      'facts_not_writable',
      `Facts cannot be written into \`${dir}\`: ${whyOf(error, 'folder')}. Name another folder with \`--facts\`, or leave \`--trail\` out to ask the facts as they are.`,
    )
  }
  return lockFacts(dir)
}

/** With all above it, one by one: where nothing can be made, as below `/proc`, Node's own `recursive` never ends. */
async function makeFolder(dir: string): Promise<void> {
  if (!existsSync(path.dirname(dir))) await makeFolder(path.dirname(dir))
  try {
    await mkdir(dir)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(dir).isDirectory()) return
    throw code === 'ENOENT' ? new Error('the system takes no new folder there') : error
  }
}
