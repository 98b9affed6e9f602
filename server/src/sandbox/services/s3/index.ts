import { createHash } from 'node:crypto'
import { AwsError, type Call, type ServiceDefinition, type Table, type World } from '../../core/contract.ts'

interface Bucket {
  readonly name: string
  readonly accountId: string
  readonly region: string
  readonly createdAt: number
}

interface StoredObject {
  /** base64 */
  readonly body: string
  readonly etag: string
  readonly contentType: string | null
  readonly updatedAt: number
}

/** Key: name. Names of buckets are unique in all of AWS. */
const bucketsOf = (world: World): Table<Bucket> => world.table('s3.buckets')
/** Key: bucket/key. */
const objectsOf = (world: World): Table<StoredObject> => world.table('s3.objects')

interface Named {
  readonly Bucket: string
  readonly Key: string
}

function bucketFor(call: Call<{ readonly Bucket: string }>): Bucket {
  const found = bucketsOf(call.world).get(call.input.Bucket)
  if (!found) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', {}, 404)
  // No bucket policies here: only the account that owns a bucket gets in.
  if (found.accountId !== call.caller.accountId) throw new AwsError('AccessDenied', 'Access Denied', {}, 403)
  return found
}

/** A bucket of that account; its name is for the caller to choose so that it is nobody else's. */
export function putBucket(world: World, name: string, accountId: string, region: string): void {
  bucketsOf(world).put(name, { name, accountId, region, createdAt: world.now() })
}

export function ensureBucket(world: World, name: string, accountId: string, region: string): void {
  if (!bucketsOf(world).has(name)) putBucket(world, name, accountId, region)
}

function createBucket(call: Call<{ readonly Bucket: string }>) {
  const { world, input, caller, region } = call
  const known = bucketsOf(world).get(input.Bucket)
  if (known?.accountId === caller.accountId)
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      {},
      409,
    )
  if (known) throw new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.', {}, 409)
  putBucket(world, input.Bucket, caller.accountId, region)
  return { Location: `/${input.Bucket}` }
}

function putObject(call: Call<Named & { readonly Body?: string; readonly ContentType?: string }>) {
  const { world, input } = call
  bucketFor(call)
  const body = input.Body ?? ''
  const etag = `"${createHash('md5').update(Buffer.from(body, 'base64')).digest('hex')}"`
  const contentType = input.ContentType ?? null
  objectsOf(world).put(`${input.Bucket}/${input.Key}`, { body, etag, contentType, updatedAt: world.now() })
  return { ETag: etag }
}

function getObject(call: Call<Named>) {
  bucketFor(call)
  const found = objectsOf(call.world).get(`${call.input.Bucket}/${call.input.Key}`)
  if (!found) throw new AwsError('NoSuchKey', 'The specified key does not exist.', {}, 404)
  return {
    Body: found.body,
    ETag: found.etag,
    ContentType: found.contentType ?? 'binary/octet-stream',
    LastModified: new Date(found.updatedAt).toUTCString(),
  }
}

function deleteObject(call: Call<Named>) {
  bucketFor(call)
  objectsOf(call.world).delete(`${call.input.Bucket}/${call.input.Key}`)
  return {}
}

/** Buckets and whole objects of text: what holds the rules of a Guard hook. */
export const s3: ServiceDefinition = {
  signingName: 's3',
  model: 's3',
  iamPrefix: 's3',
  throttleCode: 'SlowDown',
  deniedCode: 'AccessDenied',
  // As users report it, not in AWS's documents (aws-samples/serverless-patterns #2457; read 2026-11-22).
  deniedWords: { quotedResource: true },
  invalidCode: 'InvalidRequest',
  resources: ({ input }: Call<Partial<Named>>) => [
    `arn:aws:s3:::${input.Bucket ?? ''}${input.Key === undefined ? '' : `/${input.Key}`}`,
  ],
  operations: {
    CreateBucket: createBucket,
    DeleteObject: deleteObject,
    GetObject: getObject,
    PutObject: putObject,
  },
}
