export type { CompareOptions, MqttVersion } from "./compare-options.js"
export { isWorse, type Verdict, verdicts } from "./verdict.js"
