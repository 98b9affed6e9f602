import { type GuardDocument, readDocument } from '../../guard/document/document.ts'
import { GuardSyntaxError } from '../../guard/document/problem.ts'
import { type GuardMap, type GuardValue, isMap, memberOf } from '../../guard/document/value.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { GivenValues } from '../cloudformation/parameters.ts'
import { cloudFormationDocument } from '../cloudformation/template.ts'
import { notTemplate, type TemplateDocument } from '../document.ts'

/** Reads a file of the assembly by its path, with `/` between folders; null when there is none. */
export type ReadFile = (path: string) => string | null

/** A template of a cloud assembly. */
export interface AssemblyTemplate {
  /** Path of the file inside the assembly. */
  readonly file: string
  /** The stack as `cdk` names it; of a nested one, the stacks around it and its logical id: `Prod/Nested`. */
  readonly stack: string
  /** Account and region that the stack is for, when the assembly says so: `aws://123456789012/ap-northeast-1`. */
  readonly environment: string | null
  readonly document: TemplateDocument
}

/** Nested stacks and assemblies may be deep, but a circle of them is a mistake. */
const MAX_DEPTH = 20

/**
 * The templates of a CDK cloud assembly (`cdk.out`): its stacks, those of nested assemblies (stages) and nested stacks
 * with the parameters that their parents give them. Source: aws-cdk `cloud-assembly-schema` (asOf 2026-11-22).
 *
 * @throws {RankanError} when there is no `manifest.json`, or a file that it names is missing
 */
export function assemblyTemplates(read: ReadFile, given: GivenValues = {}): readonly AssemblyTemplate[] {
  return stacksIn({ read, given, folder: '', depth: 0 })
}

interface Walk {
  readonly read: ReadFile
  readonly given: GivenValues
  readonly folder: string
  readonly depth: number
}

const mapAt = (value: GuardValue | undefined): GuardMap => (value !== undefined && isMap(value) ? value : {})
const textAt = (value: GuardValue | undefined): string | null => (typeof value === 'string' ? value : null)

function fileOf(walk: Walk, name: string): { readonly path: string; readonly document: GuardDocument } {
  const path = `${walk.folder}${name}`
  if (name.startsWith('/') || name.split('/').includes('..'))
    throw notTemplate(`The assembly names \`${path}\`, which is outside of it.`)
  const text = walk.read(path)
  if (text === null) throw notTemplate(`The assembly names \`${path}\`, but there is no such file.`)
  return { path, document: inFile(path, () => readDocument(text)) }
}

/** Errors name the file of the assembly. */
function inFile<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof GuardSyntaxError) {
      const { line, column, message } = error.problem
      throw notTemplate(`\`${path}\`, line ${line}, column ${column}: ${message}`)
    }
    throw error instanceof RankanError ? notTemplate(`\`${path}\`: ${error.message}`) : error
  }
}

/** A stack may have no resources at all; CDK then writes its parameters and rules only. */
function withResources(document: GuardDocument): GuardDocument {
  const { value } = document
  if (!isMap(value) || memberOf(value, 'Resources') !== undefined) return document
  return { ...document, value: { ...value, Resources: {} } }
}

function stacksIn(walk: Walk): readonly AssemblyTemplate[] {
  if (walk.depth > MAX_DEPTH) throw notTemplate(`Assemblies are nested deeper than ${MAX_DEPTH} levels.`)
  const { document } = fileOf(walk, 'manifest.json')
  const artifacts = mapAt(memberOf(mapAt(document.value), 'artifacts'))
  return Object.entries(artifacts).flatMap(([id, value]) => {
    const artifact = mapAt(value)
    const properties = mapAt(memberOf(artifact, 'properties'))
    const type = memberOf(artifact, 'type')
    const folder = textAt(memberOf(properties, 'directoryName'))
    if (type === 'cdk:cloud-assembly' && folder !== null)
      return stacksIn({ ...walk, folder: `${walk.folder}${folder}/`, depth: walk.depth + 1 })
    const file = textAt(memberOf(properties, 'templateFile'))
    if (type !== 'aws:cloudformation:stack' || file === null) return []
    const stack = textAt(memberOf(artifact, 'displayName')) ?? id
    const environment = textAt(memberOf(artifact, 'environment'))
    const values = {
      ...walk.given,
      ...environmentValues(environment),
      ...mapAt(memberOf(properties, 'parameters')),
    }
    return withNested({ ...walk, given: values }, file, stack, environment)
  })
}

/** The pseudo parameters that an environment such as `aws://123456789012/ap-northeast-1` fixes. */
function environmentValues(environment: string | null): GivenValues {
  const [, account, region] = /^aws:\/\/(\d{12}|unknown-account)\/([\w-]+)$/.exec(environment ?? '') ?? []
  return {
    ...(account !== undefined && account !== 'unknown-account' && { 'AWS::AccountId': account }),
    ...(region !== undefined && region !== 'unknown-region' && { 'AWS::Region': region }),
  }
}

function withNested(
  walk: Walk,
  file: string,
  stack: string,
  environment: string | null,
): readonly AssemblyTemplate[] {
  if (walk.depth > MAX_DEPTH) throw notTemplate(`Stacks are nested deeper than ${MAX_DEPTH} levels.`)
  const { path, document } = fileOf(walk, file)
  const own = inFile(path, () => cloudFormationDocument(withResources(document), walk.given))
  const resources = mapAt(memberOf(mapAt(own.value), 'Resources'))
  const nested = Object.entries(resources).flatMap(([id, resource]) => {
    const asset = nestedTemplate(mapAt(resource))
    if (asset === null) return []
    const parameters = mapAt(memberOf(mapAt(memberOf(mapAt(resource), 'Properties')), 'Parameters'))
    const pseudo = Object.fromEntries(Object.entries(walk.given).filter(([name]) => name.startsWith('AWS::')))
    const inner = { ...walk, given: { ...pseudo, ...parameters }, depth: walk.depth + 1 }
    return withNested(inner, asset, `${stack}/${id}`, environment)
  })
  return [{ file: path, stack, environment, document: own }, ...nested]
}

/** CDK writes into the resource's metadata which file of the assembly the nested stack is. */
function nestedTemplate(resource: GuardMap): string | null {
  if (memberOf(resource, 'Type') !== 'AWS::CloudFormation::Stack') return null
  return textAt(memberOf(mapAt(memberOf(resource, 'Metadata')), 'aws:asset:path'))
}

/** The construct that a resource came from, `Prod/Bucket/Resource`, when the template says so. */
export function constructPath(resource: GuardValue): string | null {
  return textAt(memberOf(mapAt(memberOf(mapAt(resource), 'Metadata')), 'aws:cdk:path'))
}
