import { strToU8, zipSync } from 'fflate'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

/** For tests: the smallest workbook that holds these cells as text, or these rows of XML. */
export function workbook(cells: readonly (readonly string[])[], xml: string = rowsOf(cells)): Uint8Array {
  const head = '<?xml version="1.0" encoding="UTF-8"?>'
  const sheet = `${OFFICE}/worksheet`
  return zipSync({
    '[Content_Types].xml': strToU8(`${head}<Types xmlns="${PACKAGE}/content-types"/>`),
    'xl/workbook.xml': strToU8(
      `${head}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `${head}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${sheet}" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/worksheets/sheet1.xml': strToU8(
      `${head}<worksheet xmlns="${MAIN}"><sheetData>${xml}</sheetData></worksheet>`,
    ),
  })
}

const rowsOf = (cells: readonly (readonly string[])[]): string =>
  cells
    .map((row, r) => {
      const inside = row.map((text, c) =>
        text === ''
          ? ''
          : `<c r="${String.fromCharCode(65 + c)}${r + 1}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`,
      )
      return `<row r="${r + 1}">${inside.join('')}</row>`
    })
    .join('')

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
