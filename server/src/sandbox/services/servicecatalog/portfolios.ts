import type { Call, World } from '../../core/contract.ts'
import { mapFromTags, tagsFromMap } from '../shared/world.ts'
import { type PageInput, page } from './products.ts'
import {
  invalidParameters,
  newId,
  type Portfolio,
  portfolioArn,
  portfolioOf,
  portfoliosHere,
  portfoliosOf,
  productOf,
} from './state.ts'

const view = (p: Portfolio) => ({
  Id: p.id,
  ARN: portfolioArn(p),
  DisplayName: p.name,
  Description: p.description,
  CreatedTime: p.createdAt,
  ProviderName: p.provider,
})

interface CreateInput {
  readonly DisplayName: string
  readonly Description?: string
  readonly ProviderName: string
  readonly Tags?: readonly { Key: string; Value: string }[]
}

export function createPortfolio({ world, caller, region, input }: Call<CreateInput>) {
  const portfolio: Portfolio = {
    id: newId(world, 'port'),
    accountId: caller.accountId,
    region,
    name: input.DisplayName,
    description: input.Description ?? '',
    provider: input.ProviderName,
    createdAt: world.now(),
    principals: [],
    productIds: [],
    tags: mapFromTags(input.Tags),
  }
  portfoliosOf(world).put(portfolio.id, portfolio)
  return { PortfolioDetail: view(portfolio), Tags: tagsFromMap(portfolio.tags) }
}

type OnPortfolio = Call<{ PortfolioId: string }>
const put = (world: World, portfolio: Portfolio) => portfoliosOf(world).put(portfolio.id, portfolio)

export function deletePortfolio(call: Call<{ Id: string }>) {
  const portfolio = portfolioOf(call, call.input.Id)
  if (portfolio.productIds.length > 0 || portfolio.principals.length > 0)
    throw invalidParameters('The portfolio still has products or principals.')
  portfoliosOf(call.world).delete(portfolio.id)
  return {}
}

export function describePortfolio(call: Call<{ Id: string }>) {
  const portfolio = portfolioOf(call, call.input.Id)
  return { PortfolioDetail: view(portfolio), Tags: tagsFromMap(portfolio.tags), TagOptions: [], Budgets: [] }
}

export function listPortfolios(call: Call<PageInput>) {
  const { items, next } = page(portfoliosHere(call), call.input)
  return { PortfolioDetails: items.map(view), NextPageToken: next }
}

export function listPortfoliosForProduct(call: Call<PageInput & { ProductId: string }>) {
  const { id } = productOf(call, call.input)
  const { items, next } = page(
    portfoliosHere(call).filter((p) => p.productIds.includes(id)),
    call.input,
  )
  return { PortfolioDetails: items.map(view), NextPageToken: next }
}

export function associateProductWithPortfolio(call: Call<{ PortfolioId: string; ProductId: string }>) {
  const portfolio = portfolioOf(call, call.input.PortfolioId)
  const { id } = productOf(call, call.input)
  if (!portfolio.productIds.includes(id))
    put(call.world, { ...portfolio, productIds: [...portfolio.productIds, id] })
  return {}
}

interface PrincipalInput {
  readonly PortfolioId: string
  readonly PrincipalARN: string
  readonly PrincipalType?: string
}

export function associatePrincipalWithPortfolio(call: Call<PrincipalInput>) {
  const { PortfolioId, PrincipalARN, PrincipalType = 'IAM' } = call.input
  const portfolio = portfolioOf(call, PortfolioId)
  const wildcard = /[*?]/.test(PrincipalARN)
  if (PrincipalType === 'IAM' ? wildcard : !/^arn:[^:]+:iam:::(user|group|role)\//.test(PrincipalARN))
    throw invalidParameters(
      `Principal ARN \`${PrincipalARN}\` is not valid for the principal type ${PrincipalType}.`,
    )
  const others = portfolio.principals.filter((p) => p.PrincipalARN !== PrincipalARN)
  put(call.world, { ...portfolio, principals: [...others, { PrincipalARN, PrincipalType }] })
  return {}
}

export function disassociatePrincipalFromPortfolio(call: Call<PrincipalInput>) {
  const portfolio = portfolioOf(call, call.input.PortfolioId)
  const principals = portfolio.principals.filter((p) => p.PrincipalARN !== call.input.PrincipalARN)
  put(call.world, { ...portfolio, principals })
  return {}
}

export function listPrincipalsForPortfolio(call: OnPortfolio & Call<PageInput & { PortfolioId: string }>) {
  const { items, next } = page(portfolioOf(call, call.input.PortfolioId).principals, call.input)
  return { Principals: items, NextPageToken: next }
}
