export { brokerForTests, uniqueName } from "./broker-for-tests.js"
export { libraryPath, type UnpackOptions, unpackDebianPackages, unpackOnce } from "./debian-packages.js"
export {
  createDevAuthority,
  type DevAuthority,
  type DevCertificate,
  type IssueOptions,
  loadDevAuthority,
} from "./dev-certificates.js"
export { type FaultProxy, type FaultProxyOptions, startFaultProxy } from "./fault-proxy.js"
export type { FaultAction, FaultRule } from "./fault-rule.js"
export { freePort } from "./free-port.js"
export { type Direction, type Fate, type LabCommand, LabPacket, parsePacket } from "./lab-packet.js"
export {
  type ListenerKind,
  type ListenerOptions,
  type ListenerTls,
  type MosquittoSettings,
  passwordHash,
  type TokenSettings,
} from "./mosquitto-config.js"
export { type DebianProgram, type ProgramInstall, provideDebianProgram } from "./provide-debian-program.js"
export { provideJwtAuth } from "./provide-jwt-auth.js"
export { cacheDirectory, type MosquittoInstall, type ProvideOptions, provideMosquitto } from "./provide-mosquitto.js"
export { type CommandResult, runCommand } from "./run-command.js"
export { type ScriptedBroker, type ScriptedPeer, startScriptedBroker } from "./scripted-broker.js"
export type { WireShape } from "./shaper.js"
export { signToken, type TokenClaims, type TokenKey } from "./sign-token.js"
export { type Listener, type Mosquitto, type StartOptions, startMosquitto } from "./start-mosquitto.js"
