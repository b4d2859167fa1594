/** Name → folder and manifest of every package of the workspace. */
export declare function workspacePackages(): Map<string, { folder: string; manifest: Record<string, unknown> }>

/** Source file behind an import of a workspace package; undefined for any other import and for a path not exported. */
export declare function workspaceSource(specifier: string): string | undefined

/**
 * Bundles a TypeScript entry point from sources and returns the path of a module that Node can run or import. Relative
 * paths count from the root of the repository.
 */
export declare function bundleEntry(entry: string): Promise<string>

/** Bundles the text of a TypeScript module as if it stood in `folder`. */
export declare function bundleText(source: { text: string; folder: string; name: string }): Promise<string>
