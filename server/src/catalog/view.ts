import { z } from 'zod'
import { CONTROL_PARTS } from '../domain/controls/effects.ts'
import { controlCase, controlRecord, RELATIONS, SEVERITIES } from './record.ts'
import { CONTROL_TYPES } from './types.ts'

/**
 * What the API answers about the library of controls, and what the portal reads: one schema for both.
 *
 * | route | reply |
 * |---|---|
 * | `GET /api/controls` | `controlPage` to `controlListQuery` |
 * | `GET /api/controls/{id}` | `controlDetail` |
 * | `GET /api/controls/{id}/in-force` | `controlInForce` |
 * | `GET /api/control-places` (centre) | `controlPlaces`: where each control is on |
 * | `GET /api/frameworks` | `frameworkList` |
 * | `GET /api/frameworks/{id}/coverage` (also `.csv`, `.svg`) | `frameworkCoverage` to `coverageQuery` |
 *
 * Everybody who is signed in may read the library: a tenant must see what binds it and what to do instead.
 */

const bilingual = z.object({ ja: z.string(), en: z.string() })
const count = z.number().int()

export const controlFilter = z.object({
  /** Words that must all be in id, titles, objective, services or resource types; width and case are ignored. */
  text: z.string().max(200).optional(),
  type: z.enum(CONTROL_TYPES).optional(),
  severity: z.enum(SEVERITIES).optional(),
  framework: z.string().max(60).optional(),
  /** An element of `framework`; controls of the elements below it count, too. */
  element: z.string().max(60).optional(),
  /** IAM prefix */
  service: z.string().max(60).optional(),
})
export type ControlFilter = z.infer<typeof controlFilter>

export const controlListQuery = controlFilter.extend({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

export const controlRow = z.object({
  id: z.string(),
  version: count,
  title: bilingual,
  objective: bilingual,
  severity: z.enum(SEVERITIES),
  /** IAM prefixes; `*` for all. */
  services: z.array(z.string()),
  resourceTypes: z.array(z.string()),
  types: z.array(z.enum(CONTROL_TYPES)),
  /** Kinds of its forms: `scp`, `cfn-guard` … */
  kinds: z.array(z.string()),
  elements: z.array(z.object({ framework: z.string(), element: z.string() })),
  cases: count,
})
export type ControlRow = z.infer<typeof controlRow>

export const controlPage = z.object({
  items: z.array(controlRow),
  nextCursor: z.string().nullable(),
  total: count,
})

/** An edge of the record, or one that AWS draws, with the title of what it leads to and what other sources say. */
export const edgeView = z.object({
  framework: z.string(),
  frameworkTitle: bilingual,
  element: z.string(),
  title: bilingual.nullable(),
  relation: z.enum(RELATIONS),
  source: z.string(),
  reviewedBy: z.string(),
  reviewedOn: z.string(),
  /** `relation`: another source gives another relation; `silence`: another that speaks of the framework does not name it. */
  disputed: z.enum(['relation', 'silence']).nullable(),
})
export type EdgeView = z.infer<typeof edgeView>

export const controlDetail = z.object({
  record: controlRecord,
  edges: z.array(edgeView),
  /** Texts of the forms by file name, as kept: `{{name}}` stands for a parameter. */
  documents: z.record(z.string(), z.unknown()),
  /** The same with the parameters filled in: what one hands to AWS. */
  filled: z.record(z.string(), z.unknown()),
  cases: z.array(controlCase),
})
export type ControlDetail = z.infer<typeof controlDetail>

/** What the policies in force at one place make of the cases that a preventive form denies. */
export const formInForce = z.object({
  kind: z.enum(['scp', 'rcp']),
  /** Cases that the form of the control denies. */
  tried: count,
  /** Of those, how many the policies in force deny, whoever put them there. */
  denied: count,
  /** Names of the policies in force whose statements deny them. */
  policies: z.array(z.string()),
})
export type FormInForce = z.infer<typeof formInForce>

export const placeInForce = z.object({
  awsOrganizationId: z.string(),
  /** Its name; null for a tenant, to whom it says nothing. */
  awsOrganizationName: z.string().nullable(),
  /** `r-…`, `ou-…` or twelve digits */
  id: z.string(),
  kind: z.enum(['root', 'ou', 'account']),
  name: z.string(),
  /** When the sweep read the policies. */
  readAt: z.string(),
  forms: z.array(formInForce),
})
export type PlaceInForce = z.infer<typeof placeInForce>

export const controlInForce = z.object({
  /** The centre: root, and OUs and accounts that have a policy of their own. A tenant: its accounts. */
  places: z.array(placeInForce),
  /** AWS organisations, or the tenant's accounts, whose policies no sweep has read yet. */
  unread: z.array(z.string()),
  /** A tenant's accounts beyond the first hundred were not asked. */
  more: z.boolean(),
})
export type ControlInForce = z.infer<typeof controlInForce>

/** A place where a form of a control is on. */
export const onPlace = z.object({
  awsOrganizationId: z.string(),
  awsOrganizationName: z.string(),
  /** `r-…`, `ou-…` or twelve digits */
  id: z.string(),
  /** Its name */
  place: z.string(),
  /** What of AWS carries it. */
  by: z.enum(CONTROL_PARTS),
  /** Policies, the control of Control Tower, the pack, the document. */
  name: z.string(),
  /** False: only a part of what the control denies is denied, or it was changed by hand. */
  whole: z.boolean(),
})
export type OnPlace = z.infer<typeof onPlace>

/** Where each control is on, by type; a control that is on nowhere is not there. */
export const controlPlaces = z.object({
  organizations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** When the last sweep read the policies; null: no sweep has. */
      readAt: z.string().nullable(),
      /** When what Control Tower and AWS Config have was imported last; null: never. */
      inPlaceAt: z.string().nullable(),
    }),
  ),
  controls: z.array(z.object({ control: z.string(), type: z.enum(CONTROL_TYPES), places: z.array(onPlace) })),
})
export type ControlPlaces = z.infer<typeof controlPlaces>

export const frameworkRow = z.object({
  id: z.string(),
  title: bilingual,
  source: z.string(),
  /** `YYYY-MM-DD` */
  asOf: z.string(),
  /** Elements that are to be fulfilled, without headings and what was withdrawn. */
  requirements: count,
  gaps: count,
  withdrawn: count,
})
export type FrameworkRow = z.infer<typeof frameworkRow>

export const frameworkList = z.object({ items: z.array(frameworkRow) })

export const coverageQuery = z.object({
  type: z.enum(CONTROL_TYPES).optional(),
  /** IAM prefix */
  service: z.string().max(60).optional(),
})

const heading = z.object({ id: z.string(), title: bilingual.nullable() })
const byType = <T extends z.ZodType>(value: T) =>
  z.object({ preventive: value, proactive: value, detective: value, responsive: value })

export const requirementView = heading.extend({
  gap: z.boolean(),
  /** Ids of controls */
  controls: byType(z.array(z.string())),
})
export type RequirementView = z.infer<typeof requirementView>

export const groupView = heading.extend({ gaps: count, requirements: z.array(requirementView) })
export type GroupView = z.infer<typeof groupView>

export const sectionView = heading.extend({
  requirements: count,
  gaps: count,
  /** Requirements that have a control of the type. */
  served: byType(count),
  groups: z.array(groupView),
})
export type SectionView = z.infer<typeof sectionView>

export const frameworkCoverage = z.object({
  framework: frameworkRow,
  /** Gaps come first in each group. */
  sections: z.array(sectionView),
  /** The controls that are named in `sections`. */
  controls: z.array(
    z.object({
      id: z.string(),
      title: bilingual,
      severity: z.enum(SEVERITIES),
      services: z.array(z.string()),
      types: z.array(z.enum(CONTROL_TYPES)),
    }),
  ),
})
export type FrameworkCoverage = z.infer<typeof frameworkCoverage>
