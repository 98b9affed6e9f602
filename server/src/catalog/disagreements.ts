import requirements from './frameworks/aws-requirements.json' with { type: 'json' }
import type { ControlRecord, FrameworkEdge } from './record.ts'

/** What AWS names as related requirements of a control of Security Hub: framework → elements. */
type Requirements = Readonly<Record<string, readonly string[] | undefined>>
const BY_CONTROL: ReadonlyMap<string, Requirements> = new Map(Object.entries(requirements.controls))

const EARLIER: ReadonlySet<string> = new Set(requirements.earlier.controls)

/** The edition of AWS's guide in which the requirements of a control of Security Hub were read. */
const editionOf = (control: string, framework: string): string =>
  framework === requirements.earlier.framework && EARLIER.has(control)
    ? requirements.earlier.name
    : requirements.name

/**
 * The edges that AWS draws for a control, through the controls of Security Hub that it leads to. AWS says that they are
 * related and no more, which is `intersects`. The source is AWS's guide, whichever its edition; `reviewedBy` names the edition.
 */
export function awsEdges({ frameworks }: ControlRecord): readonly FrameworkEdge[] {
  const named = frameworks
    .filter(({ framework }) => framework === 'aws-security-hub')
    .flatMap(({ element: control }) =>
      Object.entries(BY_CONTROL.get(control) ?? {}).flatMap(([framework, elements = []]) =>
        elements.map((element) => ({ framework, element, edition: editionOf(control, framework) })),
      ),
    )
  // Today's edition goes last, so that it is the one that stays where both name an element.
  const ordered = [false, true].flatMap((today) =>
    named.filter(({ edition }) => (edition === requirements.name) === today),
  )
  const once = new Map(ordered.map((one) => [`${one.framework} ${one.element}`, one]))
  return [...once.values()].map(({ framework, element, edition }) => ({
    framework,
    element,
    relation: 'intersects',
    source: requirements.name,
    reviewedBy: edition,
    reviewedOn: requirements.asOf,
  }))
}

export interface Statement {
  readonly source: string
  /** Null: the source speaks of this framework for this control, but not of this element. */
  readonly relation: FrameworkEdge['relation'] | null
}

export interface Disagreement {
  readonly framework: string
  readonly element: string
  /** `relation`: they name different relations; `silence`: one of them does not name the element at all. */
  readonly kind: 'relation' | 'silence'
  readonly statements: readonly Statement[]
}

/** Where sources disagree on what a control is to an element of a framework that they both speak of. */
export function disagreements(
  record: ControlRecord,
  others: readonly FrameworkEdge[] = awsEdges(record),
): readonly Disagreement[] {
  const edges = [...record.frameworks, ...others]
  return distinct(edges.map(({ framework }) => framework)).flatMap((framework) => {
    const here = edges.filter((edge) => edge.framework === framework)
    const sources = distinct(here.map(({ source }) => source))
    if (sources.length < 2) return []
    return distinct(here.map(({ element }) => element)).flatMap((element) => {
      const statements = sources.map((source) => ({
        source,
        relation: here.find((edge) => edge.element === element && edge.source === source)?.relation ?? null,
      }))
      const kind = kindOf(statements)
      return kind === null ? [] : [{ framework, element, kind, statements }]
    })
  })
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]

function kindOf(statements: readonly Statement[]): Disagreement['kind'] | null {
  const said = distinct(statements.flatMap(({ relation }) => (relation === null ? [] : [relation])))
  if (said.length > 1) return 'relation'
  return statements.some(({ relation }) => relation === null) ? 'silence' : null
}
