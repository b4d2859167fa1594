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
export { loadScenarios } from "./load-scenarios.js"
export type { Fault, FaultCode, Judgement, JudgeOptions, TappedMessage } from "./monitor/judge-message.js"
export {
  createMonitor,
  type Finding,
  type Monitor,
  type MonitorOptions,
  type MonitorReport,
  type Tally,
} from "./monitor/monitor.js"
export { formatMonitorFinding, formatMonitorReport, type ReportLayout } from "./monitor/monitor-report.js"
export { type Profile, parseProfile } from "./profile.js"
export {
  connectRaw,
  type MqttVersion,
  type RawClient,
  type RawConnectOptions,
  type RawMessage,
  type RawPublishOptions,
} from "./raw-client.js"
export type { Verdict } from "./run-scenario.js"
export type { Capability, Scenario, Side, Step } from "./scenario.js"
export { scenarioFolder } from "./scenario-folder.js"
export { byClause, type ClauseScore, formatJunit, formatScoreCard, type ScoreCard, scoreCard } from "./score-card.js"
export { execSubject, fillCommand, type Launch, type StartSubject, type Subject } from "./subject.js"
export { formatSubjectLine, parseSubjectLine, type SubjectLine } from "./subject-line.js"
export { type ScenarioResult, type VerifyOptions, verify } from "./verify.js"
