/** The readable page of the API: plain HTML out of the OpenAPI document, without a script. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema?: unknown }[]
  readonly requestBody?: { content?: Readonly<Record<string, { schema?: unknown }>> }
  readonly responses?: Readonly<
    Record<string, { description?: string; content?: Readonly<Record<string, { schema?: unknown }>> }>
  >
}

interface Entry {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

export function referencePage(document: OpenApi): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]): Entry => ({ method: method.toUpperCase(), path, operation }),
    ),
  )
  const tags = [...new Set(entries.map((entry) => entry.operation.tags?.[0] ?? 'Other'))].sort()
  const sections = tags.map((tag) =>
    section(
      tag,
      entries.filter((entry) => (entry.operation.tags?.[0] ?? 'Other') === tag),
    ),
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(document.info.title)} API</title><style>${STYLE}</style></head><body>
<header><h1>${html(document.info.title)} API ${html(document.info.version)}</h1>
<p>${html(document.info.description ?? '')}</p><p><a href="/openapi.json">OpenAPI 3.1 document</a> · <a href="/">Portal</a></p>
<nav aria-label="Sections"><ul>${tags.map((tag) => `<li><a href="#${anchor(tag)}">${html(tag)}</a></li>`).join('')}</ul></nav></header>
<main>${sections.join('\n')}</main></body></html>`
}

const section = (tag: string, entries: readonly Entry[]) =>
  `<section id="${anchor(tag)}"><h2>${html(tag)}</h2>${entries.map(operationHtml).join('\n')}</section>`

function operationHtml({ method, path, operation }: Entry): string {
  const parameters = (operation.parameters ?? []).map(
    (p) =>
      `<tr><td><code>${html(p.name)}</code></td><td>${html(p.in)}${p.required ? ', required' : ''}</td><td><code>${html(JSON.stringify(p.schema ?? {}))}</code></td></tr>`,
  )
  return `<article><h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${html(path)}</code></h3>
<p>${html(operation.summary ?? '')}</p>${(operation.description ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => `<p class="note">${html(line)}</p>`)
    .join('')}
${parameters.length > 0 ? `<table><thead><tr><th>Parameter</th><th>Where</th><th>Shape</th></tr></thead><tbody>${parameters.join('')}</tbody></table>` : ''}
${bodies('Request', operation.requestBody?.content)}${Object.entries(operation.responses ?? {})
  .filter(([status]) => status !== 'default')
  .map(([status, response]) => bodies(`Answer ${status}`, response.content))
  .join('')}</article>`
}

const bodies = (label: string, content: Readonly<Record<string, { schema?: unknown }>> | undefined): string =>
  Object.entries(content ?? {})
    .map(
      ([type, { schema }]) =>
        `<details><summary>${html(label)}: ${html(type)}</summary><pre>${html(JSON.stringify(schema ?? {}, null, 2))}</pre></details>`,
    )
    .join('')

const anchor = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const STYLE = `body{font:1rem/1.7 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1a1a1c}
h1{font-size:1.75rem}h2{border-bottom:2px solid #0017c1;margin-top:2.5rem}h3{font-size:1.05rem;overflow-wrap:anywhere}
.method{display:inline-block;min-width:4rem;text-align:center;border-radius:.25rem;background:#0017c1;color:#fff;padding:0 .4rem}
.note{color:#626264}table{border-collapse:collapse;width:100%}td,th{border:1px solid #d8d8db;padding:.25rem .5rem;text-align:left;overflow-wrap:anywhere}
pre{background:#f8f8fb;padding:1rem;overflow:auto}nav ul{display:flex;flex-wrap:wrap;gap:1rem;list-style:none;padding:0}a{color:#0017c1}`
