import { type ContractIr, IR_VERSION } from "./contract-ir.js"
import { contractIrSchema } from "./contract-ir-schema.js"
import { checkContractRules } from "./contract-rules.js"
import { checkSchema } from "./schema-check.js"
import type { JsonValue } from "./type-ir.js"

/** Why a text is no contract in the intermediate form. */
export interface IrIssue {
  /** JSON Pointer into the document; empty for the whole. */
  readonly path: string
  readonly code: "syntax" | "version" | "shape" | "rule"
  /** For humans, in English, without a trailing full stop. */
  readonly message: string
}

export type IrResult =
  | { readonly ok: true; readonly value: ContractIr }
  | { readonly ok: false; readonly issues: readonly IrIssue[] }

/**
 * Reads a compiled contract. Refused with every issue: text that is no JSON, a version of the intermediate form that
 * this reader does not know, a document of another shape, names that refer to nothing, references in a circle.
 */
export function parseContractIr(text: string): IrResult {
  let document: JsonValue
  try {
    document = JSON.parse(text) as JsonValue
  } catch (error) {
    return refuse({ path: "", code: "syntax", message: error instanceof Error ? error.message : String(error) })
  }
  return checkContractIr(document)
}

/** The same for a document that is parsed already. */
export function checkContractIr(document: JsonValue): IrResult {
  const version = (document as { readonly ir?: JsonValue } | null)?.ir
  // Said before all else: another version may differ everywhere.
  if (version !== IR_VERSION && version !== undefined)
    return refuse({
      path: "/ir",
      code: "version",
      message: `version ${JSON.stringify(version)} of the intermediate form is not ${IR_VERSION}, the one known here`,
    })
  const issues: IrIssue[] = []
  checkSchema(contractIrSchema, document, (path, message) => issues.push({ path, code: "shape", message }))
  const ir = document as unknown as ContractIr
  if (issues.length === 0) checkContractRules(ir, (path, message) => issues.push({ path, code: "rule", message }))
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: ir }
}

function refuse(issue: IrIssue): IrResult {
  return { ok: false, issues: [issue] }
}
