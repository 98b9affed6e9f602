import '@fontsource/noto-sans-jp/400.css'
import '@fontsource/noto-sans-jp/700.css'
import './styles.css'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { reloadAfterNewRelease } from './app/new-release.ts'
import { Providers } from './app/providers.tsx'
import { router } from './app/router.tsx'

reloadAfterNewRelease()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element `root`.')

createRoot(root).render(
  <StrictMode>
    <Providers>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
)
