/** The built server (server/dist), typed by its sources: benchmarks measure what is shipped. */
const root = new URL('../../../../', import.meta.url) // from bench/dist/bench/src

export const serverFile = (path: string): URL => new URL(`server/${path}`, root)

const load = <T>(path: string): Promise<T> => import(serverFile(`dist/${path}`).href) as Promise<T>

export async function loadServer() {
  const [
    postgres,
    migrate,
    database,
    transact,
    demo,
    personas,
    queue,
    drafts,
    decide,
    setup,
    sample,
    clock,
    ids,
    random,
  ] = await Promise.all([
    load<typeof import('../../server/src/main/postgres.ts')>('main/postgres.js'),
    load<typeof import('../../server/src/main/commands/migrate.ts')>('main/commands/migrate.js'),
    load<typeof import('../../server/src/storage/database.ts')>('storage/database.js'),
    load<typeof import('../../server/src/storage/transact.ts')>('storage/transact.js'),
    load<typeof import('../../server/src/main/demo.ts')>('main/demo.js'),
    load<typeof import('../../server/src/domain/people/roles.ts')>('domain/people/roles.js'),
    load<typeof import('../../server/src/storage/queue/store.ts')>('storage/queue/store.js'),
    load<typeof import('../../server/src/storage/applications/drafts.ts')>('storage/applications/drafts.js'),
    load<typeof import('../../server/src/storage/applications/decide.ts')>('storage/applications/decide.js'),
    load<typeof import('../../server/src/storage/applications/setup.ts')>('storage/applications/setup.js'),
    load<typeof import('../../server/src/domain/applications/sample.ts')>('domain/applications/sample.js'),
    load<typeof import('../../server/src/kernel/clock.ts')>('kernel/clock.js'),
    load<typeof import('../../server/src/kernel/ids.ts')>('kernel/ids.js'),
    load<typeof import('../../server/src/kernel/random.ts')>('kernel/random.js'),
  ])
  const days = await load<typeof import('../../server/src/kernel/days.ts')>('kernel/days.js')
  return {
    ...postgres,
    ...migrate,
    ...database,
    ...transact,
    ...demo,
    ...personas,
    ...queue,
    ...drafts,
    ...decide,
    ...setup,
    ...sample,
    ...clock,
    ...ids,
    ...random,
    ...days,
  }
}

export type Server = Awaited<ReturnType<typeof loadServer>>

/** One module of the built server, typed by the type parameter: `analytics/trail/ingest.js`. */
export const loadServerFile = load
