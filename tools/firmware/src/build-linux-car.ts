import { mkdir, rm } from "node:fs/promises"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { cacheDirectory, runCommand } from "@fleetwire/broker-lab"
import { provideCompiler } from "./provide-compiler.js"
import { provideCoreMqtt } from "./provide-coremqtt.js"
import { joinPaths } from "./provide-debian.js"
import { provideLibmosquitto } from "./provide-libmosquitto.js"

/** Root of the iot-car's C package. */
export const PACKAGE = fileURLToPath(new URL("../../../packages/sdks/iot-car/c", import.meta.url))

/** What stands for Arduino here. */
const ARDUINO = fileURLToPath(new URL("../arduino", import.meta.url))

/** Every warning that the package must be free of. */
export const STRICT = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]

/** The Linux car, compiled. */
export interface LinuxCar {
  readonly program: string
  readonly env: Readonly<Record<string, string>>
}

/** Client libraries that the Linux car is built on. */
export type CarLink = "libmosquitto" | "coremqtt" | "pubsubclient"

const SANITIZE = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

/** Compiles `examples/linux-car` with AddressSanitizer and UBSan. Rejects with the compiler's words. */
export async function buildLinuxCar(link: CarLink = "libmosquitto"): Promise<LinuxCar> {
  const compiler = await provideCompiler("gcc")
  const folder = join(await cacheDirectory(), "linux-car")
  await mkdir(folder, { recursive: true })
  const program = join(folder, `${link}-${process.pid}`)
  const compile = async (args: readonly string[]): Promise<void> => {
    const built = await runCommand(compiler.program, [...compiler.args, ...args], { cwd: PACKAGE, env: compiler.env })
    if (built.code !== 0) throw new Error(`${compiler.program}: ${built.stderr}`)
  }
  const sources = ["src/iot_car.c", "src/iot_car_device.c", "examples/linux-car/main.c"]
  if (link === "libmosquitto") {
    const library = await provideLibmosquitto()
    const include = ["-Isrc", "-isystem", library.include]
    await compile([...STRICT, ...SANITIZE, ...include, ...sources, ...library.link, "-o", program])
    return { program, env: { ...joinPaths(compiler.env, library.env), ASAN_OPTIONS: "detect_leaks=0" } }
  }
  if (link === "pubsubclient") {
    const { program: cpp, args, env } = await provideCompiler("g++")
    const include = ["posix", "board"].map((name) => `-I${join(ARDUINO, name)}`)
    const chosen = [...args, ...SANITIZE, '-DCAR_LINK="link_pubsubclient.h"', "-Isrc", ...include]
    // A sketch is C++, and so is its device.
    const read = ["-x", "c++", "-std=c++11", ...STRICT.slice(1)]
    const built = await runCommand(cpp, [...chosen, ...read, ...sources, "-o", program], { cwd: PACKAGE, env })
    if (built.code !== 0) throw new Error(`gcc: ${built.stderr}`)
    return { program, env: { ...env, ASAN_OPTIONS: "detect_leaks=0" } }
  }
  const library = await provideCoreMqtt()
  const objects: string[] = []
  for (const source of library.sources) {
    const object = `${program}-${basename(source)}.o`
    // Its warnings are its own.
    await compile(["-std=c99", "-w", ...SANITIZE, ...library.include, "-c", source, "-o", object])
    objects.push(object)
  }
  const chosen = ['-DCAR_LINK="link_coremqtt.h"', "-Isrc", ...library.include]
  await compile([...STRICT, ...SANITIZE, ...chosen, ...sources, ...objects, "-o", program])
  await Promise.all(objects.map((object) => rm(object)))
  return { program, env: { ...compiler.env, ASAN_OPTIONS: "detect_leaks=0" } }
}
