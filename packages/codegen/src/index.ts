export { type AccessCode, type AccessFinding, accessCodes } from "./access/access-finding.js"
export {
  type BrokerSetting,
  computeBrokerSettings,
  type FleetSize,
  formatBrokerSettings,
} from "./access/broker-settings.js"
export {
  type Access,
  type AccessOptions,
  type AccessRules,
  compileAccess,
  type Exclusion,
  type Grant,
  type PrincipalRules,
} from "./access/compile-access.js"
export { type DynsecCommand, dynsecFindings, emitDynsecCommands } from "./access/dynamic-security.js"
export { emitMosquittoAcl, mosquittoAclFindings } from "./access/mosquitto-acl.js"
export { DEVICE_ROLE, type Principal } from "./access/principal.js"
export { asyncApiDocument, emitAsyncApi } from "./asyncapi/emit.js"
export { IMPORT_CODES, type ImportFinding } from "./asyncapi/import/finding.js"
export { type Imported, type ImportOptions, importAsyncApi } from "./asyncapi/import/read-document.js"
export { MEDIA_TYPES } from "./asyncapi/media-type.js"
export { cCodes } from "./c/check.js"
export { emitC } from "./c/emit.js"
export { type CasterOptions, emitCasters } from "./casters/emit.js"
export { emitContractModule } from "./contract-module/emit.js"
export {
  access,
  block,
  Code,
  code,
  comment,
  doc,
  ident,
  indent,
  join,
  key,
  type Printable,
  string,
} from "./core/code.js"
export { type CodeFile, createCodeFile, type RenderedFile, render } from "./core/code-file.js"
export type { ImportedModule, ImportedName, Language } from "./core/language.js"
export { type LiteralValue, literal } from "./core/literal.js"
export {
  ForeignFilesError,
  formatManifest,
  MANIFEST_FILE,
  OutputPathError,
  type OutputPlan,
  parseManifest,
  planOutput,
} from "./core/manifest.js"
export {
  type Case,
  camelCase,
  createNameScope,
  kebabCase,
  type NameScope,
  pascalCase,
  snakeCase,
  upperSnakeCase,
  wordsOf,
} from "./core/name-policy.js"
export { exported, type SymbolRef, symbol } from "./core/symbol.js"
export { unifiedDiff } from "./core/unified-diff.js"
export { type DocsOptions, emitDocs } from "./docs/emit.js"
export { sampleOf } from "./docs/sample-value.js"
export { emitJsonSchema } from "./json-schema/emit.js"
export { messageSchema, SCHEMA_EXCEPTIONS, type Schema } from "./json-schema/message-schema.js"
export { emitProto, type ProtoOptions } from "./proto/emit.js"
export type { SettingValue, Target, TargetFinding, TargetSettings } from "./target.js"
export { targets } from "./targets.js"
export { emitTypescript, type TypescriptOptions } from "./typescript/emit.js"
export { typescript } from "./typescript/language.js"
