import { type ProgramInstall, provideDebianProgram } from "@fleetwire/broker-lab"

/** Finds a Chromium that can be started, or fetches one. Rejects with one line that says which step failed. */
export function provideChromium(onProgress?: (line: string) => void): Promise<ProgramInstall> {
  return provideDebianProgram(
    {
      name: "chromium",
      commands: ["chromium", "google-chrome"],
      packages: ["chromium", "chromium-common"],
      path: "usr/lib/chromium/chromium",
    },
    onProgress,
  )
}
