// Compiles a module of server/wasm (AssemblyScript, Apache-2.0) to WebAssembly, as TypeScript that holds it in base64: it is
// then where the code is that uses it, from source and compiled, and a reader sees when it changed.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const FOLDER = fileURLToPath(new URL('../../server/wasm/', import.meta.url))
const OPTIONS = [
  '--optimizeLevel',
  '3',
  '--shrinkLevel',
  '0',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--noAssert',
  '--use',
  'abort=',
]

/** For a module whose memory JavaScript makes: shared, so that views of it stay valid when it grows. */
export const SHARED_MEMORY = [
  '--importMemory',
  '--sharedMemory',
  '--enable',
  'threads',
  '--maximumMemory',
  '65536',
]

/** Text of a module that exports the WebAssembly of `source` (below server/wasm) under `name`. */
export async function wasmText(source, name, options = []) {
  let binary
  const { error, stderr } = await asc.main([source, '--outFile', 'out.wasm', ...OPTIONS, ...options], {
    readFile: (file) => {
      try {
        return readFileSync(path.join(FOLDER, file), 'utf8')
      } catch {
        return null
      }
    },
    writeFile: (_, contents) => {
      binary = contents
    },
    listFiles: () => [],
  })
  if (error !== null) throw new Error(`server/wasm/${source}: ${error.message}\n${stderr.toString()}`)
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,100}/g)
  return `/** Written by tools/generate.mjs out of server/wasm/${source}. WebAssembly, in base64. */\nexport const ${name} =\n  '${lines.join("' +\n  '")}'\n`
}
