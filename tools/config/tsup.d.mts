import type { Options } from "tsup"

/** The build of every published package: ESM, CommonJS and declarations for each entry. */
export declare function library(entry: string[], more?: Options): Options
