// `npm start`: installs, builds, and becomes `rankan start`.
import { buildIfStale } from './lib/build.mjs'
import { install } from './lib/install.mjs'

install()
buildIfStale()
process.argv = [process.argv[0], 'rankan', 'start', ...process.argv.slice(2)]
await import('../server/bin/rankan.js')
