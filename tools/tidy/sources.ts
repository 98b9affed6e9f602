import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Source {
  /** Path from the root of the repository, with slashes. */
  readonly file: string
  readonly text: string
  /** Module names of all imports, exports-from and dynamic imports, types included. */
  readonly imports: readonly string[]
  readonly functions: readonly { readonly name: string; readonly line: number; readonly lines: number }[]
}

/** Every TypeScript source below `folder` that is written by hand. */
export function readSources(folder: string): readonly Source[] {
  return filesBelow(path.join(root, folder))
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.generated.') && !file.endsWith('.d.ts'))
    .map((file) => readSource(path.relative(root, file).replaceAll('\\', '/')))
}

function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir).flatMap((name) => {
    if (name === 'node_modules' || name === 'dist' || name === 'generated') return []
    const file = path.join(dir, name)
    return statSync(file).isDirectory() ? filesBelow(file) : [file]
  })
}

function readSource(file: string): Source {
  const text = readFileSync(path.join(root, file), 'utf8')
  const parsed = parseSync(file, text)
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]?.message}`)
  return { file, text, imports: importsOf(parsed.module, text), functions: functionsOf(parsed.program, text) }
}

type Module = ReturnType<typeof parseSync>['module']

function importsOf(module: Module, text: string): readonly string[] {
  const exportsFrom = module.staticExports.flatMap((e) =>
    e.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
  )
  const dynamic = module.dynamicImports.flatMap(
    (d) => /^['"](.*)['"]$/.exec(text.slice(d.moduleRequest.start, d.moduleRequest.end))?.[1] ?? [],
  )
  return [...module.staticImports.map((i) => i.moduleRequest.value), ...exportsFrom, ...dynamic]
}

interface Node {
  readonly type?: string
  readonly start?: number
  readonly end?: number
  readonly [key: string]: unknown
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

function functionsOf(program: unknown, text: string): Source['functions'] {
  const lineAt = lineIndex(text)
  const found: { name: string; line: number; lines: number }[] = []
  const visit = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, name)
    else if (value !== null && typeof value === 'object') {
      const node = value as Node
      const known = nameOf(node) ?? name
      if (FUNCTIONS.has(node.type ?? '') && node.start !== undefined && node.end !== undefined) {
        const line = lineAt(node.start)
        found.push({ name: known, line, lines: lineAt(node.end) - line + 1 })
      }
      for (const [key, child] of Object.entries(node)) if (key !== 'type') visit(child, known)
    }
  }
  visit(program, '(anonymous)')
  return found
}

function nameOf(node: Node): string | null {
  const id = (node.id ?? node.key) as Node | null | undefined
  return typeof id?.name === 'string' ? id.name : null
}

function lineIndex(text: string): (offset: number) => number {
  const starts = [0]
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
