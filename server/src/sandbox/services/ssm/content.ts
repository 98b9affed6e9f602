import { parse } from 'yaml'
import { AwsError, type World } from '../../core/contract.ts'

const invalid = (why: string) => new AwsError('InvalidDocumentContent', why)

/** A document's text as a value. @throws {AwsError} `InvalidDocumentContent` */
export function parsedContent(content: string, format: string): unknown {
  try {
    return format === 'YAML'
      ? parse(content, { logLevel: 'silent', maxAliasCount: 100 })
      : JSON.parse(content)
  } catch {
    throw invalid(format === 'YAML' ? 'YAML not well-formed.' : 'JSON not well-formed.')
  }
}

/** What Systems Manager checks when it takes a document; its steps are checked when it runs. */
export function checkContent(world: World, content: string, format: string, type: string): void {
  const limit = world.limit('ssm.document_bytes')
  if (Buffer.byteLength(content) > limit)
    throw new AwsError('MaxDocumentSizeExceeded', `The size limit of a document is ${limit / 1024} KB.`)
  const value = parsedContent(content, format)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('The document is not an object.')
  if (type !== 'Automation') return
  const { schemaVersion, mainSteps } = value as { schemaVersion?: unknown; mainSteps?: unknown }
  if (schemaVersion !== '0.3')
    throw new AwsError('InvalidDocumentSchemaVersion', 'The version of the document schema is not supported.')
  if (!Array.isArray(mainSteps) || mainSteps.length === 0)
    throw invalid('An automation document needs at least one step in mainSteps.')
}
