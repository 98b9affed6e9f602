import fc from 'fast-check'

/** Names that forms have, and names that no form should have. */
const KEYS = [
  'from to day code nameJa nameEn email phone purpose role personId operatorId systemIds tenants useMode separation',
  'form version decision comment reason limit effectiveFrom items action field value fromStep kind policies targets',
  'title name columns decisions verdict awsOrganizationId toPersonId firstDay lastDay expiresOn reachability userName',
  '__proto__ constructor toString',
].flatMap((line) => line.split(' '))

/** What databases, dates, numbers and terminals stumble over. */
const NASTY = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e',
  "'; drop table person; --",
  '%',
  '../../etc/passwd',
  '2026-02-30',
  '+275760-09-13',
  '0000-00-00',
  '9'.repeat(400),
  'x'.repeat(20_000),
]
const value = fc.oneof(
  fc.constantFrom<unknown>(...NASTY),
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, 2 ** 53, [], {}, '', '2026-04-01'),
  fc.jsonValue({ maxDepth: 2 }),
)
const object = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 12 })
const nested = fc.constantFrom(
  '['.repeat(5_000) + ']'.repeat(5_000),
  `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
)

/** Bodies as text: JSON of the wrong shape, half JSON, none at all. */
const body = fc.oneof(
  { weight: 6, arbitrary: object.map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: value.map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: object.map((one) => JSON.stringify(one).slice(0, -1)) },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: nested },
)

/** The same ones in every run: what fails can be looked at. */
const SEED = 20261122
export const hostileBodies = (count: number): readonly string[] =>
  fc.sample(body, { numRuns: count, seed: SEED })

/** For the places of a path. */
export const HOSTILE_IDS = [
  '%00',
  'a%00b',
  '%F0%9F%92%A5',
  '..%2F..',
  "x'--",
  'x'.repeat(2_000),
  '%E0%A4',
] as const
