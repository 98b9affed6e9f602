import { z } from 'zod'

// zod compiles schemas with `new Function` where it may. Our content security policy forbids that, as it should, and the
// browser would report an attempt on every page.
z.config({ jitless: true })
