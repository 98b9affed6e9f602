import { invalid } from '../../kernel/errors.ts'

/** A folder of a bucket; `prefix` is empty or ends with a slash, unless it names one file. */
export interface S3Place {
  readonly bucket: string
  readonly prefix: string
}

export const isS3Url = (text: string): boolean => /^s3:\/\//i.test(text)

/** Names of files that may hold records; the same endings as in a folder. */
export const isTrailFile = (key: string): boolean => /\.(json|jsonl|ndjson|csv)(\.gz)?$/.test(key)

/** `s3://bucket/prefix`; a prefix is a folder, so that `logs` never takes `logs-old`. */
export function readS3Url(text: string): S3Place {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/i.exec(text)
  if (match?.[1] === undefined)
    throw invalid(
      'bad_s3_url',
      `\`${text}\` is no place in S3; write it as \`s3://bucket/prefix\`, for an organisation trail usually \`s3://bucket/AWSLogs/o-…\`.`,
    )
  const prefix = match[2] ?? ''
  const whole = prefix === '' || prefix.endsWith('/') || isTrailFile(prefix)
  return { bucket: match[1], prefix: whole ? prefix : `${prefix}/` }
}

/** The name of an object is its whole address: the same file has one name, by whichever prefix it was found. */
export const nameOf = (bucket: string, key: string): string => `s3://${bucket}/${key}`
export const keyOf = (bucket: string, name: string): string => name.slice(`s3://${bucket}/`.length)
