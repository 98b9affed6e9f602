import type { OrganisationKind } from './kinds.ts'

const SYLLABLES: Readonly<Record<string, string>> = {
  あ: 'a',
  い: 'i',
  う: 'u',
  え: 'e',
  お: 'o',
  か: 'ka',
  き: 'ki',
  く: 'ku',
  け: 'ke',
  こ: 'ko',
  が: 'ga',
  ぎ: 'gi',
  ぐ: 'gu',
  げ: 'ge',
  ご: 'go',
  さ: 'sa',
  し: 'shi',
  す: 'su',
  せ: 'se',
  そ: 'so',
  ざ: 'za',
  じ: 'ji',
  ず: 'zu',
  ぜ: 'ze',
  ぞ: 'zo',
  た: 'ta',
  ち: 'chi',
  つ: 'tsu',
  て: 'te',
  と: 'to',
  だ: 'da',
  ぢ: 'ji',
  づ: 'zu',
  で: 'de',
  ど: 'do',
  な: 'na',
  に: 'ni',
  ぬ: 'nu',
  ね: 'ne',
  の: 'no',
  は: 'ha',
  ひ: 'hi',
  ふ: 'fu',
  へ: 'he',
  ほ: 'ho',
  ば: 'ba',
  び: 'bi',
  ぶ: 'bu',
  べ: 'be',
  ぼ: 'bo',
  ぱ: 'pa',
  ぴ: 'pi',
  ぷ: 'pu',
  ぺ: 'pe',
  ぽ: 'po',
  ま: 'ma',
  み: 'mi',
  む: 'mu',
  め: 'me',
  も: 'mo',
  や: 'ya',
  ゆ: 'yu',
  よ: 'yo',
  ら: 'ra',
  り: 'ri',
  る: 'ru',
  れ: 're',
  ろ: 'ro',
  わ: 'wa',
  ゐ: 'i',
  ゑ: 'e',
  を: 'o',
  ゔ: 'vu',
  ぁ: 'a',
  ぃ: 'i',
  ぅ: 'u',
  ぇ: 'e',
  ぉ: 'o',
}
const SMALL_Y: Readonly<Record<string, string>> = { ゃ: 'a', ゅ: 'u', ょ: 'o' }

/** Hepburn without long marks, as road signs write it (とうきょう → tokyo). A reading aid, not an official name. */
export function romanise(kana: string): string {
  const chars = [...kana]
  let text = ''
  for (let i = 0; i < chars.length; i++) text += syllable(chars[i] ?? '', chars[i + 1] ?? '', text)
  return assimilate(text).replace(/ou|oo/g, 'o').replace(/uu/g, 'u')
}

function syllable(char: string, next: string, before: string): string {
  if (char in SMALL_Y) return ''
  if (char === 'ー') return ''
  if (char === 'っ') return '^'
  if (char === 'ん') return 'n'
  if (char === ' ') return before === '' ? '' : ' '
  const base = SYLLABLES[char]
  if (base === undefined) return char
  const vowel = SMALL_Y[next]
  return vowel === undefined ? base : withGlide(base, vowel)
}

function withGlide(base: string, vowel: string): string {
  const consonant = base.slice(0, -1)
  return /(sh|ch|j)$/.test(consonant) ? consonant + vowel : `${consonant}y${vowel}`
}

const assimilate = (text: string): string =>
  text
    .replace(/\^(?=ch)/g, 't')
    .replace(/\^([a-z])/g, '$1$1')
    .replace(/\^/g, '')
    .replace(/n(?=[bmp])/g, 'm')

const SUFFIXES: Readonly<Partial<Record<OrganisationKind, readonly string[]>>> = {
  city: ['し'],
  town: ['ちょう', 'まち'],
  village: ['そん', 'むら'],
  special_ward: ['く'],
  ward: ['く'],
}

/** A reading in Latin letters for people who cannot read kana: さっぽろし ちゅうおうく → `Chuo-ku, Sapporo-shi`. */
export function latinName(kana: string | null, kind: OrganisationKind): string | null {
  if (kana === null || kana === '') return null
  if (kind !== 'ward') return withSuffix(kana.replaceAll(' ', ''), SUFFIXES[kind] ?? [])
  const [city, ...ward] = kana.split(' ')
  if (ward.length === 0) return withSuffix(kana, ['く'])
  return `${withSuffix(ward.join(''), ['く'])}, ${withSuffix(city ?? '', ['し'])}`
}

function withSuffix(kana: string, suffixes: readonly string[]): string {
  const suffix = suffixes.find((s) => kana.endsWith(s) && kana.length > s.length)
  if (suffix === undefined) return capital(romanise(kana))
  return `${capital(romanise(kana.slice(0, -suffix.length)))}-${romanise(suffix)}`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
