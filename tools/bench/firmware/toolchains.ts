/** A processor with the compiler that builds for it. */
export interface Toolchain {
  readonly name: string
  readonly compiler: string
  readonly flags: readonly string[]
  readonly size: string
}

const arm = (cpu: string): Omit<Toolchain, "name"> => ({
  compiler: "arm-none-eabi-gcc",
  flags: [`-mcpu=${cpu}`, "-mthumb", "--specs=nosys.specs"],
  size: "arm-none-eabi-size",
})

/** Debian's toolchains, smallest processor first. */
export const toolchains: readonly Toolchain[] = [
  { name: "Cortex-M0+", ...arm("cortex-m0plus") },
  { name: "Cortex-M4", ...arm("cortex-m4") },
  {
    name: "rv32",
    compiler: "riscv64-unknown-elf-gcc",
    flags: ["-march=rv32imac", "-mabi=ilp32", "--specs=picolibc.specs"],
    size: "riscv64-unknown-elf-size",
  },
  {
    name: "lx106",
    compiler: "xtensa-lx106-elf-gcc",
    flags: ["-ffreestanding", "-mlongcalls", "-nostdlib", "-lgcc"],
    size: "xtensa-lx106-elf-size",
  },
  { name: "AVR", compiler: "avr-gcc", flags: ["-mmcu=atmega2560"], size: "avr-size" },
]

/** Debian source packages of libraries that are compiled for the processors. */
export const sourcePackages: readonly string[] = ["nanopb", "protobuf-c", "cjson"]

/** Debian packages of libraries that are one header. */
export const headerPackages: readonly string[] = ["libjsmn-dev"]
