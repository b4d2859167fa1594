import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { cacheDirectory, runCommand } from "@fleetwire/broker-lab"
import { provideCompiler } from "./provide-compiler.js"
import { joinPaths } from "./provide-debian.js"
import { provideLibmosquitto } from "./provide-libmosquitto.js"

/** Root of the iot-car's C package. */
export const PACKAGE = fileURLToPath(new URL("../../../packages/sdks/iot-car/c", import.meta.url))

/** Every warning that the package must be free of. */
export const STRICT = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]

/** The Linux car, compiled. */
export interface LinuxCar {
  readonly program: string
  readonly env: Readonly<Record<string, string>>
}

/** Compiles `examples/linux-car` with AddressSanitizer and UBSan. Rejects with the compiler's words. */
export async function buildLinuxCar(): Promise<LinuxCar> {
  const { include, link, env } = await provideLibmosquitto()
  const compiler = await provideCompiler("gcc")
  const folder = join(await cacheDirectory(), "linux-car")
  await mkdir(folder, { recursive: true })
  const program = join(folder, `linux-car-${process.pid}`)
  const sources = ["src/iot_car.c", "src/iot_car_device.c", "examples/linux-car/main.c"]
  const sanitize = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
  const args = [...STRICT, ...sanitize, "-Isrc", "-isystem", include, ...sources, ...link, "-o", program]
  const built = await runCommand(compiler.program, [...compiler.args, ...args], { cwd: PACKAGE, env: compiler.env })
  if (built.code !== 0) throw new Error(`${compiler.program}: ${built.stderr}`)
  return { program, env: { ...joinPaths(compiler.env, env), ASAN_OPTIONS: "detect_leaks=0" } }
}
