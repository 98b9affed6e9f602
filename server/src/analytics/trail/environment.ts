/**
 * Environment for a process that reads trails, of glibc (mallopt(3)); other C libraries do not read it.
 *
 * - glibc takes arrays below a size from memory that it seldom gives back, and raises that size to the largest array that was freed,
 *   up to 32 MiB: the arrays of one part would stay with the process. A fixed size goes back to the system at once. Files are unpacked
 *   into arrays below it, which are not mapped anew each time.
 * - Each thread would have memory of its own to take them from. Two such places are enough for threads that mostly compute.
 * - What lies free at the end of one goes back when it is this much, not 128 KiB, and is then mapped again for the next file.
 */
export const READING_ENVIRONMENT = {
  MALLOC_MMAP_THRESHOLD_: String(4 * 1024 * 1024),
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: String(32 * 1024 * 1024),
} as const
