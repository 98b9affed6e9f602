/** Integers of a record: begin and end of each field, then the numbers of its slices, one for each table. */
export const FIELDS: i32 = 20
export const RECORD: usize = <usize>((FIELDS * 2 + 8) * 4)
export const NUMBERS: usize = <usize>(FIELDS * 2 * 4)
