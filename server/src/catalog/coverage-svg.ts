import type { Bilingual, Language } from '../kernel/text.ts'
import type { CoverageMap, CoverageSection, Requirement, RequirementGroup } from './coverage-map.ts'
import { CONTROL_TYPES, type ControlType } from './types.ts'

const WIDTH = 1120
const MARGIN = 24
const LABEL = 300
const TILE = { width: 76, height: 40, gap: 8 }
const PER_ROW = Math.floor((WIDTH - 2 * MARGIN - LABEL) / (TILE.width + TILE.gap))

/** Dark enough on white for people (3:1, WCAG 1.4.11), and told apart without colour by their place in the tile. */
export const TYPE_COLOURS: Readonly<Record<ControlType, string>> = {
  preventive: '#0017c1',
  proactive: '#8b2f97',
  detective: '#0c7a53',
  responsive: '#b14c00',
}

export const TYPE_WORDS: Readonly<Record<ControlType, Bilingual>> = {
  preventive: { ja: '予防的', en: 'Preventive' },
  proactive: { ja: '事前', en: 'Proactive' },
  detective: { ja: '発見的', en: 'Detective' },
  responsive: { ja: '是正', en: 'Responsive' },
}

const WORDS = {
  summary: (served: number, all: number): Bilingual => ({
    ja: `${all} 項目中 ${served} 項目に統制があり、${all - served} 項目は空白`,
    en: `${served} of ${all} elements have a control, ${all - served} are gaps`,
  }),
  served: (served: number, all: number): Bilingual => ({
    ja: `${served} / ${all}`,
    en: `${served} / ${all}`,
  }),
  gap: { ja: '空白', en: 'gap' },
  none: { ja: '統制なし', en: 'no control' },
}

/** The map of a framework's coverage as an SVG document: a tile for each requirement, gaps first and dashed. */
export function coverageSvg(map: CoverageMap, language: Language): string {
  const pick = (text: Bilingual) => text[language]
  const title = pick(map.framework.title)
  const summary = pick(WORDS.summary(map.requirements - map.gaps, map.requirements))
  let y = MARGIN + 92
  const body = map.sections.map((section) => {
    const drawn = drawSection(section, y, language)
    y = drawn.bottom
    return drawn.svg
  })
  const height = Math.ceil(y + MARGIN)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" lang="${language}" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="'Noto Sans JP', sans-serif" fill="#1a1a1a">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(summary)}</desc>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    text(MARGIN, MARGIN + 20, title, 'font-size="22" font-weight="700"'),
    text(MARGIN, MARGIN + 46, summary, 'font-size="15"'),
    legend(MARGIN + 70, language),
    ...body,
    '</svg>',
    '',
  ].join('\n')
}

function legend(y: number, language: Language): string {
  const marks = CONTROL_TYPES.map((type, at) => {
    const x = MARGIN + at * 150
    return `<rect x="${x}" y="${y - 11}" width="13" height="13" fill="${TYPE_COLOURS[type]}"/>${text(x + 20, y, TYPE_WORDS[type][language], 'font-size="14"')}`
  })
  const x = MARGIN + CONTROL_TYPES.length * 150
  return `${marks.join('')}<rect x="${x}" y="${y - 13}" width="26" height="16" fill="none" stroke="#767676" stroke-dasharray="4 3"/>${text(x + 34, y, WORDS.gap[language], 'font-size="14"')}`
}

interface Drawn {
  readonly svg: string
  readonly bottom: number
}

function drawSection(section: CoverageSection, top: number, language: Language): Drawn {
  const { element, requirements, gaps, groups } = section
  const served = WORDS.served(requirements - gaps, requirements)[language]
  const head = `${element.id}  ${element.title?.[language] ?? ''}`
  const parts = [
    `<line x1="${MARGIN}" y1="${top + 4}" x2="${WIDTH - MARGIN}" y2="${top + 4}" stroke="#b3b3b3"/>`,
    text(MARGIN, top + 30, head, 'font-size="17" font-weight="700"'),
    text(WIDTH - MARGIN, top + 30, served, 'font-size="15" text-anchor="end"'),
  ]
  let y = top + 44
  for (const group of groups) {
    const drawn = drawGroup(group, group.element.id === element.id, y, language)
    parts.push(drawn.svg)
    y = drawn.bottom
  }
  return { svg: parts.join('\n'), bottom: y + 8 }
}

function drawGroup(group: RequirementGroup, isSection: boolean, top: number, language: Language): Drawn {
  const rows = Math.ceil(group.requirements.length / PER_ROW)
  const label = isSection ? '' : cut(`${group.element.id}  ${group.element.title?.[language] ?? ''}`)
  const tiles = group.requirements.map((one, at) => {
    const x = MARGIN + LABEL + (at % PER_ROW) * (TILE.width + TILE.gap)
    return drawTile(one, x, top + Math.floor(at / PER_ROW) * (TILE.height + TILE.gap), language)
  })
  const svg = [text(MARGIN, top + 24, label, 'font-size="14"'), ...tiles].join('\n')
  return { svg, bottom: top + rows * (TILE.height + TILE.gap) + 4 }
}

function drawTile({ element, controls, gap }: Requirement, x: number, y: number, language: Language): string {
  const served = CONTROL_TYPES.filter((type) => controls[type].length > 0)
  const words = served.map((type) => `${TYPE_WORDS[type][language]} ${controls[type].length}`).join(', ')
  const name = [element.id, element.title?.[language], gap ? WORDS.none[language] : words]
  const marks = served.map((type) => {
    const at = x + 8 + CONTROL_TYPES.indexOf(type) * 16
    return `<rect x="${at}" y="${y + 24}" width="12" height="9" fill="${TYPE_COLOURS[type]}"/>`
  })
  return `<g><title>${escaped(name.filter((part) => part !== undefined).join(' — '))}</title><rect x="${x}" y="${y}" width="${TILE.width}" height="${TILE.height}" rx="4" fill="${gap ? '#fff' : '#f2f5fb'}" stroke="#767676"${gap ? ' stroke-dasharray="4 3"' : ''}/>${text(x + 8, y + 17, element.id, 'font-size="12"')}${marks.join('')}</g>`
}

/** Half-width characters that fit beside the tiles; Japanese ones take two. */
const LABEL_UNITS = 40

function cut(label: string): string {
  let units = 0
  for (const [at, char] of [...label].entries()) {
    units += char.charCodeAt(0) > 0xff ? 2 : 1
    if (units > LABEL_UNITS) return `${[...label].slice(0, at).join('')}…`
  }
  return label
}

const text = (x: number, y: number, words: string, look: string): string =>
  words === '' ? '' : `<text x="${x}" y="${y}" ${look} xml:space="preserve">${escaped(words)}</text>`

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (words: string): string => words.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char)
