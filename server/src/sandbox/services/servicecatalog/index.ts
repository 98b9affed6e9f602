import type { ServiceDefinition } from '../../core/contract.ts'
import * as factory from './account-factory.ts'
import * as portfolios from './portfolios.ts'
import * as products from './products.ts'
import * as provision from './provision.ts'
import * as records from './records.ts'
import * as search from './search.ts'
import { onFastAccount } from './seed.ts'
import { settings } from './settings.ts'

export const servicecatalog: ServiceDefinition = {
  signingName: 'servicecatalog',
  model: 'servicecatalog',
  iamPrefix: 'servicecatalog',
  invalidCode: 'InvalidParametersException',
  settings,
  onFastAccount,
  timers: {
    begin: factory.begin,
    create: factory.create,
    poll: factory.poll,
    finish: factory.finish,
    unmanage: factory.unmanage,
    fail_as_asked: factory.failAsAsked,
    failed: factory.failed,
    timed_out: factory.timedOut,
  },
  operations: {
    AssociatePrincipalWithPortfolio: portfolios.associatePrincipalWithPortfolio,
    AssociateProductWithPortfolio: portfolios.associateProductWithPortfolio,
    CreatePortfolio: portfolios.createPortfolio,
    DeletePortfolio: portfolios.deletePortfolio,
    DescribePortfolio: portfolios.describePortfolio,
    DisassociatePrincipalFromPortfolio: portfolios.disassociatePrincipalFromPortfolio,
    ListPortfolios: portfolios.listPortfolios,
    ListPortfoliosForProduct: portfolios.listPortfoliosForProduct,
    ListPrincipalsForPortfolio: portfolios.listPrincipalsForPortfolio,
    DescribeProduct: products.describeProduct,
    DescribeProductAsAdmin: products.describeProductAsAdmin,
    DescribeProvisioningArtifact: products.describeProvisioningArtifact,
    DescribeProvisioningParameters: products.describeProvisioningParameters,
    ListLaunchPaths: products.listLaunchPaths,
    ListProvisioningArtifacts: products.listProvisioningArtifacts,
    SearchProducts: products.searchProducts,
    SearchProductsAsAdmin: products.searchProductsAsAdmin,
    ProvisionProduct: provision.provisionProduct,
    TerminateProvisionedProduct: provision.terminateProvisionedProduct,
    UpdateProvisionedProduct: provision.updateProvisionedProduct,
    DescribeProvisionedProduct: records.describeProvisionedProduct,
    DescribeRecord: records.describeRecord,
    GetProvisionedProductOutputs: records.getProvisionedProductOutputs,
    ListRecordHistory: records.listRecordHistory,
    ScanProvisionedProducts: records.scanProvisionedProducts,
    SearchProvisionedProducts: search.searchProvisionedProducts,
  },
}
