import { z } from 'zod'
import { notFound } from '../../kernel/errors.ts'
import { type Control, frameworkEdge } from '../record.ts'

const bilingual = z.object({ ja: z.string(), en: z.string() })

/** A framework of the operator's own with edges to it, as `control import` writes it and `control coverage --with` reads it. */
export const ownFramework = z.object({
  framework: z.object({
    id: z.string(),
    title: bilingual,
    source: z.string(),
    asOf: z.string(),
    elements: z.array(
      z.object({
        id: z.string(),
        parent: z.string().nullable(),
        title: bilingual.optional(),
        withdrawn: z.boolean().optional(),
      }),
    ),
  }),
  edges: z.array(z.object({ control: z.string(), edge: frameworkEdge })),
})
export type OwnFramework = z.infer<typeof ownFramework>

type Edges = { readonly edges: readonly OwnFramework['edges'][number][] }

/** The library with the edges of an own framework added to its controls; `not_found` for a control that is gone. */
export function withEdges(library: readonly Control[], { edges }: Edges): readonly Control[] {
  const ids = new Set(library.map(({ record }) => record.id))
  for (const { control } of edges) if (!ids.has(control)) throw notFound('control', control)
  return library.map(({ record, ...control }) => {
    const added = edges.filter((one) => one.control === record.id).map(({ edge }) => edge)
    return { ...control, record: { ...record, frameworks: [...record.frameworks, ...added] } }
  })
}
