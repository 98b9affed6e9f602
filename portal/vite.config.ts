import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Every browser we serve reads WOFF2; leaving the WOFF copies out halves the size of `dist`. */
const woff2Only = (): Plugin => ({
  name: 'rankan-woff2-only',
  enforce: 'pre',
  transform(code, id) {
    if (!/@fontsource\/.*\.css/.test(id)) return null
    return { code: code.replace(/,\s*url\([^)]+\.woff\)\s*format\('woff'\)/g, ''), map: null }
  },
})

/** `RANKAN_API` names a running server for `npm run dev -w portal`; the built portal is on the API's own origin. */
const api = process.env.RANKAN_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [woff2Only(), react(), tailwindcss()],
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 900, target: 'es2022' },
  server: { host: '127.0.0.1', proxy: { '/api': api, '/openapi.json': api } },
})
