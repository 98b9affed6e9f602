import { z } from 'zod'
import { FORM_TYPES } from './kinds.ts'

/**
 * Control sets: named, versioned profiles. A version never changes; saving another body under the name makes the next one.
 *
 * | route | who | body | reply |
 * |---|---|---|---|
 * | `GET /api/control-sets` | centre | | `controlSetList`: the latest version of each, those that come with Rankan included |
 * | `GET /api/control-sets/{name}` (`?version=`) | centre | | `controlSetView` |
 * | `PUT /api/control-sets/{name}` (`Idempotency-Key`) | central operator | `controlSetBody` | `controlSetView`; 422 `bad_control_set` |
 */

const bilingual = z.object({ ja: z.string().trim().min(1).max(300), en: z.string().trim().min(1).max(300) })

export const controlSetName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words with hyphens')
  .max(60)

export const controlChoice = z.strictObject({
  /** Id in the library of controls. */
  control: z.string().min(1).max(100),
  /** Which of its forms; left out: all that it has. */
  forms: z.array(z.enum(FORM_TYPES)).min(1).optional(),
  /** Other values than the defaults of its parameters. */
  values: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
})
export type ControlChoice = z.infer<typeof controlChoice>

export const controlSetBody = z.strictObject({
  title: bilingual,
  description: bilingual,
  controls: z.array(controlChoice).min(1).max(500),
})
export type ControlSetBody = z.infer<typeof controlSetBody>

export const controlSetView = controlSetBody.extend({
  name: z.string(),
  version: z.number().int(),
  /** `rankan`: comes with Rankan and was not changed here. */
  origin: z.enum(['rankan', 'own']),
  /** Of the canonical JSON of the body, hex. */
  sha256: z.string(),
  /** null: comes with Rankan and was never used here. */
  createdAt: z.string().nullable(),
  createdBy: z.string().nullable(),
  versions: z.number().int(),
})
export type ControlSetView = z.infer<typeof controlSetView>

export const controlSetList = z.object({ items: z.array(controlSetView) })
export type ControlSetList = z.infer<typeof controlSetList>

/** A set that a target has or is to have. */
export const setRef = z.object({ name: z.string(), version: z.number().int() })
export type SetRef = z.infer<typeof setRef>
