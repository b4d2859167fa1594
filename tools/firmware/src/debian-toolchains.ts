import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Found, Wanted } from "./provide-debian.js"

/** What builds for boards, each with its C library. Tests use the first two; all are the benchmark's. */
export const GCC_ARM: Wanted = {
  name: "gcc-arm",
  packages: ["gcc-arm-none-eabi", "binutils-arm-none-eabi", "libnewlib-arm-none-eabi", "libnewlib-dev"],
  file: "usr/bin/arm-none-eabi-g++",
}

export const GCC_AVR: Wanted = {
  name: "gcc-avr",
  packages: ["gcc-avr", "binutils-avr", "avr-libc"],
  file: "usr/bin/avr-gcc",
}

export const GCC_RISCV: Wanted = {
  name: "gcc-riscv",
  packages: ["gcc-riscv64-unknown-elf", "binutils-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf"],
  file: "usr/bin/riscv64-unknown-elf-gcc",
  prepare: placePicolibc,
}

export const GCC_XTENSA: Wanted = {
  name: "gcc-xtensa",
  packages: ["gcc-xtensa-lx106", "binutils-xtensa-lx106"],
  file: "usr/bin/xtensa-lx106-elf-gcc",
}

export const QEMU_ARM: Wanted = {
  name: "qemu-arm",
  packages: ["qemu-system-arm", "qemu-system-common", "qemu-system-data"],
  file: "usr/bin/qemu-system-arm",
  programs: ["usr/bin/qemu-system-arm"],
}

export const NANOPB: Wanted = {
  name: "nanopb",
  packages: ["nanopb", "protobuf-compiler", "python3-protobuf"],
  file: "usr/bin/nanopb_generator.py",
  programs: ["usr/bin/protoc"],
}

export const PROTOC_C: Wanted = {
  name: "protoc-c",
  packages: ["protobuf-c-compiler"],
  file: "usr/bin/protoc-c",
  programs: ["usr/bin/protoc-c"],
}

/** Arguments by which the ARM compiler finds newlib, which Debian's looks for only where it is installed. */
export function newlibOf({ root }: Found): readonly string[] {
  if (root === "/") return []
  return ["-isystem", join(root, "usr/include/newlib"), `-B${join(root, "usr/lib/arm-none-eabi/newlib")}/`]
}

/** Picolibc's specs are looked for beside the compiler, and name their folders from the root of the machine. */
async function placePicolibc(unpacked: string, root: string): Promise<void> {
  const theirs = "usr/lib/picolibc/riscv64-unknown-elf/picolibc.specs"
  const specs = await readFile(join(unpacked, theirs), "utf8")
  const folder = join(unpacked, "usr/lib/gcc/riscv64-unknown-elf")
  for (const version of await readdir(folder))
    await writeFile(
      join(folder, version, "picolibc.specs"),
      specs.replaceAll("/usr/lib/picolibc", join(root, "usr/lib/picolibc")),
    )
}
