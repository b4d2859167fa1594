export { brokerForTests, uniqueName } from "./broker-for-tests.js"
export { createDevAuthority, type DevAuthority, type DevCertificate, type IssueOptions } from "./dev-certificates.js"
export { freePort } from "./free-port.js"
export {
  type ListenerKind,
  type ListenerOptions,
  type ListenerTls,
  type MosquittoSettings,
  passwordHash,
} from "./mosquitto-config.js"
export { cacheDirectory, type MosquittoInstall, type ProvideOptions, provideMosquitto } from "./provide-mosquitto.js"
export { type CommandResult, runCommand } from "./run-command.js"
export { type Listener, type Mosquitto, type StartOptions, startMosquitto } from "./start-mosquitto.js"
