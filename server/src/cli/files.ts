import { writeFileSync } from 'node:fs'
import { invalid } from '../kernel/errors.ts'

const REASONS: Readonly<Record<string, (wanted: 'file' | 'folder') => string>> = {
  ENOENT: (wanted) => `there is no such ${wanted}`,
  EISDIR: () => 'it is a folder, and a file is wanted here',
  ENOTDIR: (wanted) =>
    wanted === 'folder' ? 'it is a file, and a folder is wanted here' : 'a part of the path is a file',
  EEXIST: () => 'it is a file, and a folder is wanted here',
  EACCES: () => 'this user has no permission',
  EPERM: () => 'this user has no permission',
  EROFS: () => 'the file system is read-only',
  ENOSPC: () => 'the disk is full',
}

/** Why the system does not give a file or a folder, in words. */
export function whyOf(error: unknown, wanted: 'file' | 'folder'): string {
  const { code } = error as { readonly code?: string }
  const told = code === undefined ? undefined : REASONS[code]
  return told?.(wanted) ?? (error instanceof Error ? error.message : String(error))
}

/** Writes a file that the command line names. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw invalid('file_not_writable', `\`${file}\` cannot be written: ${whyOf(error, 'folder')}.`)
  }
}
