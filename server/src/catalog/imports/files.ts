import { invalid } from '../../kernel/errors.ts'

/** A file as it was handed in: by a browser or from a disk. */
export interface ImportFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A text in UTF-8, or in Shift_JIS as spreadsheets of Japanese Windows are saved. */
export function textIn({ name, bytes }: ImportFile): string {
  for (const encoding of ['utf-8', 'shift_jis'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // the next encoding
    }
  throw invalid('encoding_unknown', `\`${name}\` is neither UTF-8 nor Shift_JIS. Save it as "CSV UTF-8".`)
}

/** `imports/pack.yaml` → `pack` */
export const baseName = (place: string): string => place.replace(/^.*[/\\]|\.[^.]*$/g, '')
