import { library } from "@fleetwire/config/tsup"

// The builders of TypeBox that the language uses become part of it: importing the contract language loads one file.
export default library(["src/index.ts"], { noExternal: ["@sinclair/typebox"] })
