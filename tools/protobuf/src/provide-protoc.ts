import { type ProgramInstall, provideDebianProgram } from "@fleetwire/broker-lab"

/** Finds a protobuf compiler that can be started, or fetches one. Rejects with one line that says which step failed. */
export function provideProtoc(onProgress?: (line: string) => void): Promise<ProgramInstall> {
  return provideDebianProgram(
    { name: "protoc", commands: ["protoc"], packages: ["protobuf-compiler"], path: "usr/bin/protoc" },
    onProgress,
  )
}
