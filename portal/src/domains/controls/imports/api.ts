import {
  type ImportRequestInput,
  importDetail,
  importList,
  importPreview,
  sheetHead,
  type TakeRequestInput,
  takenView,
  type UploadedFile,
} from '@rankan/server/src/catalog/imports/view.ts'
import { queryOptions } from '@tanstack/react-query'
import { get, post } from '../../../api/client.ts'

const id = encodeURIComponent

export const importsQuery = () =>
  queryOptions({
    queryKey: ['control_imports'],
    queryFn: async ({ signal }) => (await get('/api/control-imports', importList, {}, signal)).items,
  })

export const importQuery = (name: string, version: number | undefined) =>
  queryOptions({
    queryKey: ['control_imports', name, version ?? null],
    queryFn: ({ signal }) => get(`/api/control-imports/${id(name)}`, importDetail, { version }, signal),
  })

export const readHeadings = async (file: File) =>
  post('/api/control-imports/headings', { files: [await uploadOf(file)] }, { schema: sheetHead })

export const previewImport = (request: ImportRequestInput) =>
  post('/api/control-imports/preview', request, { schema: importPreview })

export const takeImport = (request: TakeRequestInput) =>
  post('/api/control-imports', request, { schema: takenView })

/** A file in Base64, as JSON carries it. Of a chosen folder the name tells the place within it. */
export async function uploadOf(file: File): Promise<UploadedFile> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  // `String.fromCharCode` takes its characters as arguments, of which there may not be too many.
  const STEP = 32_768
  let text = ''
  for (let at = 0; at < bytes.length; at += STEP)
    text += String.fromCharCode(...bytes.subarray(at, at + STEP))
  return { name: file.webkitRelativePath || file.name, content: btoa(text) }
}
