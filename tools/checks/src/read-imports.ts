import { readFileSync } from "node:fs"
import ts from "typescript"

/** One import, re-export or dynamic import of a module. */
export interface Import {
  readonly specifier: string
  /** First line is 1. */
  readonly line: number
  /** `type` is gone after compilation; `value` loads the module at once; `lazy` loads it when the expression runs. */
  readonly kind: "type" | "value" | "lazy"
}

/** Every import of a TypeScript or JavaScript module, in order of appearance. */
export function readImports(file: string, text: string = readFileSync(file, "utf8")): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, false)
  const imports: Import[] = []
  const add = (node: ts.Node, specifier: ts.Expression | undefined, kind: Import["kind"]) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
    imports.push({ specifier: specifier.text, line: line + 1, kind })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      // `import { type A }` still loads the module under verbatimModuleSyntax; only `import type` does not.
      add(node, node.moduleSpecifier, node.importClause?.isTypeOnly ? "type" : "value")
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly ? "type" : "value")
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], "lazy")
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal as ts.Expression, "type")
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return imports
}
