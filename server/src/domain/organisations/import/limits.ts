/** Limits of an import. Japan has 1,741 municipalities, 175 wards and 47 prefectures (2026); an enterprise may have more. */
export const IMPORT_LIMITS = {
  /** Bytes of a file. The real list is 0.4 MB. */
  fileBytes: 20_000_000,
  rows: 50_000,
  columns: 200,
  /** Bytes of one record: a line without end is refused before it fills the memory. */
  recordBytes: 100_000,
  nameLength: 100,
  /** Problems that are listed before reading stops. */
  issues: 100,
  source: 'Chosen by Rankan: ten times the largest list known',
  asOf: '2026-11-21',
} as const
