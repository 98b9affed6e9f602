import type { ReadCatalog, ReadControl, ReadGroup } from './read.ts'

/** A control of a catalog with the group or control that it stands in. */
export interface Placed {
  readonly control: ReadControl
  readonly parent: string | null
}

export interface PlacedGroup {
  readonly id: string
  readonly title: string
  readonly parent: string | null
}

/** Groups and controls of a catalog in the order of the document. A group without an id lends its members its parent. */
export function treeOf(catalog: ReadCatalog): {
  readonly groups: readonly PlacedGroup[]
  readonly controls: readonly Placed[]
} {
  const groups: PlacedGroup[] = []
  const controls: Placed[] = []
  const addControls = (members: readonly ReadControl[], parent: string | null): void => {
    for (const control of members) {
      controls.push({ control, parent })
      addControls(control.controls ?? [], control.id)
    }
  }
  const addGroups = (members: readonly ReadGroup[], parent: string | null): void => {
    for (const { id, title, controls: own, groups: below } of members) {
      if (id !== undefined) groups.push({ id, title, parent })
      addControls(own ?? [], id ?? parent)
      addGroups(below ?? [], id ?? parent)
    }
  }
  addGroups(catalog.groups ?? [], null)
  addControls(catalog.controls ?? [], null)
  return { groups, controls }
}
