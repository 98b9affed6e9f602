import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { type Keys, post } from './core-support.ts'
import { REGION } from './vending-support.ts'

export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: Record<string, unknown>
}

/** A call of Control Tower by its documented wire format: the registry's client knows only four operations. */
export async function controlTower(
  sandbox: Sandbox,
  keys: Keys,
  path: string,
  input: object = {},
): Promise<Reply> {
  const url = new URL(sandbox.url)
  const signer = new SignatureV4({
    service: 'controltower',
    region: REGION,
    credentials: keys,
    sha256: Sha256,
  })
  const body = JSON.stringify(input)
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path: `/${path}`,
    query: {},
    headers: { host: url.host, 'content-type': 'application/json' },
    body,
  }
  const signed = await signer.sign(request)
  const reply = await fetch(`${sandbox.url}/${path}`, { method: 'POST', headers: signed.headers, body })
  const text = await reply.text()
  return {
    status: reply.status,
    type: reply.headers.get('x-amzn-errortype') ?? '',
    body: text === '' ? {} : JSON.parse(text),
  }
}

export const advance = (sandbox: Sandbox, n: number) => post(sandbox, 'time', { advanceMs: n * 60_000 })
