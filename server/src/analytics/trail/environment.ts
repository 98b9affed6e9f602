/**
 * Environment for a process that reads trails. glibc takes arrays below a size from memory that it seldom gives back, and
 * raises that size to the largest array that was freed, up to 32 MiB (mallopt(3), M_MMAP_THRESHOLD): the arrays of one
 * part would stay with the process. A fixed size goes back to the system at once. Files are unpacked into arrays below it, which
 * are not mapped anew each time. Other C libraries do not read it.
 */
export const READING_ENVIRONMENT = { MALLOC_MMAP_THRESHOLD_: String(4 * 1024 * 1024) } as const
