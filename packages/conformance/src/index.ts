// Conformance of nn backends: golden cases and gradient problems, and how a backend is compared with what is expected of it.
export type { CompareOptions, Comparison, WorstElement } from './golden/compare.ts';
export { compareTensor } from './golden/compare.ts';
export type {
  GoldenCase,
  GoldenConfig,
  GoldenFile,
  GoldenStep,
  GoldenTensor,
  GoldenTensors,
  GoldenTolerance,
  GoldenTolerances,
  NonFiniteName,
} from './golden/format.ts';
export { parseGolden } from './golden/format.ts';
export type { CaseResult, CaseStatus } from './golden/run.ts';
export { runCase } from './golden/run.ts';
export type { Agreement, AgreementOptions } from './gradients/agreement.ts';
export { compareWithReference } from './gradients/agreement.ts';
export type { DifferenceOptions, GradientError } from './gradients/differences.ts';
export { compareWithDifferences } from './gradients/differences.ts';
export type { GradientProblem } from './gradients/problem.ts';
export { byEach, opProblems, secondOrder } from './gradients/problem.ts';
export { layerProblem } from './gradients/layerProblem.ts';
export type { LayerName, LayerSample } from './samples/layers.ts';
export { layerSamples } from './samples/layers.ts';
export { conformanceCases } from './suite/cases.ts';
export type {
  CaseContext,
  CaseOutcome,
  CaseReport,
  CaseStatus as SuiteStatus,
  ConformanceCase,
  Evidence,
  ExpectedFailure,
  Level,
  Peers,
  Tier,
} from './suite/contract.ts';
export type { Parting } from './suite/comparePrograms.ts';
export { comparePrograms } from './suite/comparePrograms.ts';
export { goldenCases } from './suite/goldenCases.ts';
export { htmlReport } from './suite/html.ts';
export type { Declared, MatrixCell } from './suite/report.ts';
export { capabilityText, countStatuses, matrixOf, reportLines } from './suite/report.ts';
export { levels, tiers } from './suite/contract.ts';
export type { SuiteOptions } from './suite/runSuite.ts';
export { runSuite, selectCases } from './suite/runSuite.ts';
