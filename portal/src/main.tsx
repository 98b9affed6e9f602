import { z } from 'zod'

// zod compiles schemas with `new Function` where it may. Our content security policy forbids that, as it should, and the
// browser would report the attempt on every page. It decides when the first schema is made: so before the rest is loaded.
z.config({ jitless: true })

await import('./start.tsx')
