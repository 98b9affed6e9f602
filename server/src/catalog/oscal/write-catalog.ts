import { groupBy } from '../../kernel/group.ts'
import type { Language } from '../../kernel/text.ts'
import {
  type Control,
  type ControlRecord,
  type FileForm,
  formsOf,
  isFileForm,
  type Parameter,
} from '../record.ts'
import type { Link, OscalCatalog, OscalControl, OscalGroup, Param, Part, Resource } from './model.ts'
import { documentUuid, metadataOf, own, type Stamp, uuidOf } from './stamp.ts'

/**
 * The library as an OSCAL catalog: a control with objective, rationale, guidance and parameters, in the group of the
 * first service it is about; the documents of its forms are resources of the back matter.
 */
export function catalogDocument(controls: readonly Control[], stamp: Stamp): OscalCatalog {
  const resources = controls.flatMap(resourcesOf)
  return {
    catalog: {
      uuid: documentUuid('catalog', 'rankan', stamp),
      metadata: metadataOf({ ja: 'Rankan 統制の一覧', en: 'Rankan controls' }, stamp),
      groups: groupsOf(controls, stamp.language),
      ...(resources.length > 0 ? { 'back-matter': { resources } } : {}),
    },
  }
}

function groupsOf(controls: readonly Control[], language: Language): readonly OscalGroup[] {
  const byService = groupBy(controls, ({ record }) => serviceOf(record))
  return [...byService]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, members]) => ({
      id: `service-${service}`,
      title: service,
      controls: members.map((control) => controlOf(control, language)),
    }))
}

/** IAM's prefix, which is a token; `*` is every service. */
const serviceOf = ({ services: [first] }: ControlRecord): string =>
  first === undefined || first === '*' ? 'all' : first

function controlOf(control: Control, language: Language): OscalControl {
  const { record } = control
  const params = Object.entries(record.parameters).map(([name, one]) =>
    paramOf(record.id, name, one, language),
  )
  const links = filesOf(control).map((form) => linkOf(record.id, form))
  return {
    id: record.id,
    class: 'rankan-control',
    title: record.title[language],
    ...(params.length > 0 ? { params } : {}),
    props: [
      own('version', String(record.version)),
      own('severity', record.severity),
      ...record.services.map((service) => own('service', service)),
      ...record.resourceTypes.map((type) => own('resource-type', type)),
      ...formsOf(record).map((form) => own('form', identifierOf(form))),
    ],
    ...(links.length > 0 ? { links } : {}),
    parts: partsOf(record, language),
  }
}

/** `scp`, `config-managed-rule:S3_BUCKET_VERSIONING_ENABLED`, `security-hub:S3.14`. */
function identifierOf(form: ReturnType<typeof formsOf>[number]): string {
  if (form.kind === 'config-managed-rule') return `${form.kind}:${form.identifier}`
  return form.kind === 'security-hub' ? `${form.kind}:${form.control}` : form.kind
}

/** The id of a parameter must be unique in the catalog, so it begins with its control's. */
export const paramId = (control: string, name: string): string => `${control}_${name}`

const paramOf = (control: string, name: string, one: Parameter, language: Language): Param => {
  const values = valuesOf(one.default)
  return {
    id: paramId(control, name),
    label: one.title[language],
    ...(values.length > 0 ? { values } : {}),
  }
}

/** OSCAL has no empty value. */
export const valuesOf = (value: string | readonly string[]): readonly string[] =>
  (typeof value === 'string' ? [value] : value).filter((one) => one.trim() !== '')

const partsOf = (
  { id, objective, rationale, guidance }: ControlRecord,
  language: Language,
): readonly Part[] => [
  { id: `${id}_smt`, name: 'statement', prose: objective[language] },
  { id: `${id}_ovw`, name: 'overview', prose: rationale[language] },
  { id: `${id}_gdn`, name: 'guidance', prose: guidance[language] },
]

const filesOf = ({ record, documents }: Control): readonly FileForm[] =>
  formsOf(record).filter((form): form is FileForm => isFileForm(form) && documents[form.file] !== undefined)

const resourceUuid = (control: string, file: string): string => uuidOf('document', control, file)

const linkOf = (control: string, { kind, file }: FileForm): Link => ({
  href: `#${resourceUuid(control, file)}`,
  rel: 'implementation',
  text: kind,
})

const resourcesOf = (control: Control): readonly Resource[] =>
  filesOf(control).map(({ file }) => {
    const document = control.documents[file]
    const text = typeof document === 'string' ? document : `${JSON.stringify(document, null, 2)}\n`
    return {
      uuid: resourceUuid(control.record.id, file),
      title: `${control.record.id}/${file}`,
      base64: {
        filename: file,
        'media-type': file.endsWith('.json') ? 'application/json' : 'text/plain',
        value: base64(text),
      },
    }
  })

/** Of the text in UTF-8, as every place that runs JavaScript can make it. */
const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
