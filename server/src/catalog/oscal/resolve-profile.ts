import { invalid } from '../../kernel/errors.ts'
import { treeOf } from './catalog-tree.ts'
import type { OscalDocument, ReadControl, ReadProfile, Selection } from './read.ts'

/** What a profile chooses, wherever it was imported from. */
export interface Resolved {
  readonly controls: readonly ReadControl[]
  /** By parameter id: the nearest profile's word counts. */
  readonly parameters: Readonly<Record<string, readonly string[]>>
}

/** Gives the document at an `href` of a profile; throws when there is none. */
export type Load = (href: string) => OscalDocument

/**
 * Profile resolution as far as the choice of controls and the values of parameters go
 * (https://pages.nist.gov/OSCAL/learn/concepts/processing/profile-resolution/). `invalid` for a circle of imports and
 * for a chosen id that the imported document does not have.
 */
export const resolveProfile = (profile: ReadProfile, load: Load): Resolved => resolve(profile, load, [])

function resolve(profile: ReadProfile, load: Load, above: readonly string[]): Resolved {
  if (above.includes(profile.uuid))
    throw invalid('import_circle', `The profile \`${profile.metadata.title}\` imports itself.`)
  const imported = profile.imports.map((one) => {
    const from = resolveDocument(load(target(profile, one.href)), load, [...above, profile.uuid])
    return { controls: choose(from.controls, one), parameters: from.parameters }
  })
  const set = (profile.modify?.['set-parameters'] ?? []).map(
    ({ 'param-id': id, values }) => [id, values ?? []] as const,
  )
  return {
    controls: unique(imported.flatMap(({ controls }) => controls)),
    parameters: Object.assign({}, ...imported.map(({ parameters }) => parameters), Object.fromEntries(set)),
  }
}

function resolveDocument(document: OscalDocument, load: Load, above: readonly string[]): Resolved {
  if (document.kind === 'profile') return resolve(document.body, load, above)
  if (document.kind === 'catalog')
    return { controls: treeOf(document.body).controls.map(({ control }) => control), parameters: {} }
  throw invalid('not_importable', 'A profile imports a catalog or a profile, not a component definition.')
}

/** `#uuid` means a resource of the profile's own back matter, which says where the document is. */
function target(profile: ReadProfile, href: string): string {
  if (!href.startsWith('#')) return href
  const resource = profile['back-matter']?.resources?.find(({ uuid }) => `#${uuid}` === href)
  const link = resource?.rlinks?.[0]?.href
  if (link === undefined)
    throw invalid('import_unknown', `The profile imports \`${href}\`, which its back matter does not have.`)
  return link
}

function choose(
  controls: readonly ReadControl[],
  one: ReadProfile['imports'][number],
): readonly ReadControl[] {
  const includes = one['include-controls']
  const included = includes === undefined ? controls : pick(controls, includes, one.href)
  const excluded = new Set(pick(controls, one['exclude-controls'] ?? [], one.href))
  return included.filter((control) => !excluded.has(control))
}

function pick(
  controls: readonly ReadControl[],
  selections: readonly Selection[],
  href: string,
): readonly ReadControl[] {
  const picked = new Set<ReadControl>()
  const byId = new Map(controls.map((control) => [control.id, control]))
  for (const selection of selections) {
    for (const id of selection['with-ids'] ?? []) {
      const control = byId.get(id)
      if (control === undefined) throw invalid('control_unknown', `\`${href}\` has no control \`${id}\`.`)
      add(picked, control, selection)
    }
    for (const { pattern } of selection.matching ?? [])
      for (const control of controls) if (matches(pattern, control.id)) add(picked, control, selection)
  }
  return controls.filter((control) => picked.has(control))
}

function add(picked: Set<ReadControl>, control: ReadControl, selection: Selection): void {
  picked.add(control)
  if (selection['with-child-controls'] !== 'yes') return
  for (const child of control.controls ?? []) add(picked, child, selection)
}

/** A glob of `*` and `?`. Walks back only to the last star, so that a hostile pattern costs no more than length × length. */
function matches(pattern: string, text: string): boolean {
  let p = 0
  let star = -1
  let from = 0
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === '*') {
      star = p++
      from = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++from
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

function unique(controls: readonly ReadControl[]): readonly ReadControl[] {
  return [...new Map(controls.map((control) => [control.id, control])).values()]
}
