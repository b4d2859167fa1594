export { type AttackOptions, attackAccess } from "./attack/attack-access.js"
export { type AttackBroker, type BrokerRules, startAttackBroker } from "./attack/attack-broker.js"
export {
  ATTACK_OPERATIONS,
  type AttackCell,
  type AttackOperation,
  type AttackReport,
  type AttackSum,
  formatAttackTable,
  sumAttack,
} from "./attack/attack-report.js"
export { type AttackIdentity, type AttackTarget, attackTargets, contractAllows } from "./attack/attack-target.js"
export {
  connectRaw,
  type MqttVersion,
  type RawClient,
  type RawConnectOptions,
  type RawMessage,
  type RawPublishOptions,
} from "./raw-client.js"
