import { isOn, type Switched, servingOn } from '@rankan/server/src/catalog/live-coverage.ts'
import { CONTROL_TYPES } from '@rankan/server/src/catalog/types.ts'
import type {
  FrameworkCoverage,
  GroupView,
  RequirementView,
  SectionView,
} from '@rankan/server/src/catalog/view.ts'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { classes } from '../../../components/classes.ts'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { StatusBadge } from '../../../components/StatusBadge.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { TYPE_LOOKS } from '../words.ts'
import { TypeColour } from './TypeMarks.tsx'

/** Section by section: every element with the controls that serve it, gaps first. */
export function ElementMap({
  coverage,
  onlyGaps,
  switched,
}: {
  readonly coverage: FrameworkCoverage
  readonly onlyGaps: boolean
  /** Where controls are on; null: not known. */
  readonly switched: Switched | null
}) {
  const t = useTexts(texts)
  const { framework, controls } = coverage
  const sections = onlyGaps ? coverage.sections.filter(({ gaps }) => gaps > 0) : coverage.sections
  const services = new Map(controls.map((control) => [control.id, control.services]))
  if (sections.length === 0) return <EmptyState title={t.noGaps} />
  return (
    <div className="flex flex-col gap-3">
      {sections.map((section) => (
        <SectionMap
          key={`${framework.id} ${section.id}`}
          section={section}
          framework={framework.id}
          onlyGaps={onlyGaps}
          services={services}
          switched={switched}
        />
      ))}
    </div>
  )
}

interface SectionProps {
  readonly section: SectionView
  readonly framework: string
  readonly onlyGaps: boolean
  /** Of each control. */
  readonly services: ReadonlyMap<string, readonly string[]>
  readonly switched: Switched | null
}

function SectionMap(props: SectionProps) {
  const t = useTexts(texts)
  const pick = usePick()
  const { id, title, requirements, gaps, groups } = props.section
  const [open, setOpen] = useState(false)
  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="rounded-12 border border-solid-gray-420 bg-white"
    >
      <summary className="cursor-pointer p-4">
        <span className="text-std-17B-170">{title === null ? id : `${id} ${pick(title)}`}</span>{' '}
        <span className="text-solid-gray-700">
          {t.servedOf(requirements - gaps, requirements)} · {t.gapsText(gaps)}
        </span>
        <Tiles groups={groups} onlyGaps={props.onlyGaps} />
      </summary>
      {open ? <SectionRows {...props} /> : null}
    </details>
  )
}

/** The section at a glance: a tile for each element with a stripe for each type that serves it. */
function Tiles({ groups, onlyGaps }: { readonly groups: readonly GroupView[]; readonly onlyGaps: boolean }) {
  return (
    <span aria-hidden="true" className="mt-3 flex flex-wrap gap-x-5 gap-y-2">
      {groups.map(({ id, requirements }) => (
        <span key={id} className="flex flex-wrap items-center gap-1">
          <span className="mr-1 text-solid-gray-700">{id}</span>
          {requirements
            .filter(({ gap }) => gap || !onlyGaps)
            .map((one) => (
              <span
                key={one.id}
                title={one.id}
                className={classes(
                  'grid h-6 w-7 grid-cols-4 overflow-hidden rounded-4 border',
                  one.gap ? 'border-dashed border-solid-gray-536' : 'border-solid-gray-536 bg-solid-gray-50',
                )}
              >
                {CONTROL_TYPES.map((type) => (
                  <span key={type} className={one.controls[type].length > 0 ? TYPE_LOOKS[type] : ''} />
                ))}
              </span>
            ))}
        </span>
      ))}
    </span>
  )
}

function SectionRows({ section, ...props }: SectionProps) {
  const t = useTexts(texts)
  return (
    <section
      aria-label={section.id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      className="overflow-x-auto border-t border-solid-gray-420"
    >
      <table aria-label={section.id} className="w-full min-w-[52rem] table-fixed border-collapse text-left">
        <colgroup>
          <col />
          {CONTROL_TYPES.map((type) => (
            <col key={type} className="w-28" />
          ))}
          <col className="w-48" />
        </colgroup>
        <thead className="bg-solid-gray-50">
          <tr>
            <th scope="col" className="px-4 py-2 font-700">
              {t.element}
            </th>
            {CONTROL_TYPES.map((type) => (
              <th key={type} scope="col" className="px-2 py-2 font-700">
                {t.typeOf[type]}
              </th>
            ))}
            <th scope="col" className="px-2 py-2 font-700">
              {t.services}
            </th>
          </tr>
        </thead>
        {section.groups.map((group) => (
          <GroupRows key={group.id} group={group} isSection={group.id === section.id} {...props} />
        ))}
      </table>
    </section>
  )
}

interface GroupProps extends Omit<SectionProps, 'section'> {
  readonly group: GroupView
  /** The section has no groups of its own. */
  readonly isSection: boolean
}

function GroupRows({ group, isSection, onlyGaps, ...props }: GroupProps) {
  const t = useTexts(texts)
  const pick = usePick()
  const rows = onlyGaps ? group.requirements.filter(({ gap }) => gap) : group.requirements
  if (rows.length === 0) return null
  return (
    <tbody>
      {isSection ? null : (
        <tr className="border-t border-solid-gray-420 bg-blue-50">
          <th scope="rowgroup" colSpan={6} className="px-4 py-2 text-left font-700">
            {group.title === null ? group.id : `${group.id} ${pick(group.title)}`}
            <span className="ml-3 font-400 text-solid-gray-700">{t.gapsText(group.gaps)}</span>
          </th>
        </tr>
      )}
      {rows.map((requirement) => (
        <RequirementRow key={requirement.id} requirement={requirement} {...props} />
      ))}
    </tbody>
  )
}

interface RequirementProps extends Pick<SectionProps, 'framework' | 'services' | 'switched'> {
  readonly requirement: RequirementView
}

function RequirementRow({ requirement, framework, services, switched }: RequirementProps) {
  const t = useTexts(texts)
  const pick = usePick()
  const { id, title, gap, controls } = requirement
  const on = switched === null ? null : servingOn(controls, switched)
  const found = new Set(
    Object.values(controls).flatMap((ids) => ids.flatMap((one) => services.get(one) ?? [])),
  )
  return (
    <tr className="border-t border-solid-gray-200 align-top">
      <th scope="row" className="px-4 py-2 text-left font-400">
        <span className="font-700">{id}</span>{' '}
        {gap ? <StatusBadge tone="warning">{t.gap}</StatusBadge> : null}
        {gap || switched === null || isOn(controls, switched) ? null : (
          <StatusBadge tone="neutral">{t.onNowhere}</StatusBadge>
        )}
        {title === null ? null : <span className="block">{pick(title)}</span>}
      </th>
      {CONTROL_TYPES.map((type) => (
        <td key={type} className="px-2 py-2">
          {controls[type].length === 0 ? (
            '—'
          ) : (
            <Link
              to="/controls"
              search={{ framework, element: id, type }}
              aria-label={t.controlsOf(controls[type].length, t.typeOf[type], id)}
              className="inline-flex items-center gap-1.5"
            >
              <TypeColour type={type} />
              {controls[type].length}
            </Link>
          )}
          {on === null || controls[type].length === 0 ? null : (
            <span className="block text-solid-gray-700">{t.onCount(on[type].length)}</span>
          )}
        </td>
      ))}
      <td className="px-2 py-2 break-words">
        {[...found]
          .sort()
          .map((one) => (one === '*' ? t.allServices : one))
          .join(', ') || '—'}
      </td>
    </tr>
  )
}
