#!/usr/bin/env node
// The SDK's notice about future Node versions is for maintainers (docs/decisions/0001-parts.md), not for who starts the product.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
await import('../dist/main/cli.js')
