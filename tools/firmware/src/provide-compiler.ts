import { access, mkdir, readdir, symlink } from "node:fs/promises"
import { join } from "node:path"
import { joinPaths, provideDebian } from "./provide-debian.js"

/** Compilers for this machine that generated C is held against. */
export type CompilerName = "gcc" | "g++" | "clang"

/** A compiler that can be started. */
export interface Compiler {
  readonly program: CompilerName
  /** To be given before everything else. */
  readonly args: readonly string[]
  /** To be set for the compiler and for what it makes. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Finds a compiler on PATH, or fetches it with headers and linker into the project's cache, without rights. Rejects with
 * one line that says which step failed.
 */
export async function provideCompiler(program: CompilerName): Promise<Compiler> {
  const { root, env } = await provideDebian({
    name: program === "clang" ? "clang" : "native-gcc",
    packages: program === "clang" ? ["clang"] : ["gcc", "g++"],
    file: `usr/bin/${program}`,
    whole: true,
    prepare: linkLoader,
  })
  return { program, args: root === "/" ? [] : [`--sysroot=${root}`], env }
}

/** A processor with octets in the other order: a compiler for it, and the emulator that runs what it makes. */
export interface BigEndian {
  /** The program with what it must be given first. What it makes is linked whole. */
  readonly compiler: readonly string[]
  readonly runner: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Finds or fetches a compiler for 32-bit PowerPC and QEMU's user mode, as {@link provideCompiler} does. */
export async function provideBigEndian(): Promise<BigEndian> {
  const gcc = await provideDebian({
    name: "gcc-powerpc",
    packages: ["gcc-powerpc-linux-gnu", "libc6-dev-powerpc-cross"],
    file: "usr/bin/powerpc-linux-gnu-gcc",
  })
  const theirs = join(gcc.root, "usr/powerpc-linux-gnu")
  const places = gcc.root === "/" ? [] : ["-isystem", `${theirs}/include`, `-B${theirs}/lib`, `-L${theirs}/lib`]
  const qemu = await provideDebian({ name: "qemu-user", packages: ["qemu-user"], file: "usr/bin/qemu-ppc" })
  return {
    compiler: ["powerpc-linux-gnu-gcc", ...places, "-static"],
    runner: ["qemu-ppc"],
    env: joinPaths(gcc.env, qemu.env),
  }
}

/** What is linked in the root runs on this machine, with its C library. */
async function linkLoader(root: string): Promise<void> {
  const architectures = (await readdir(join(root, "usr/lib"))).filter((name) => name.includes("-linux-"))
  for (const architecture of architectures) {
    const theirs = join("/lib", architecture)
    await mkdir(join(root, "lib", architecture), { recursive: true })
    for (const file of await readdir(theirs).catch(() => []))
      if (/^(lib(c|m|mvec|pthread|dl|rt)\.so\.\d+|ld-linux.*)$/.test(file))
        await link(join(theirs, file), join(root, "lib", architecture, file))
  }
  await mkdir(join(root, "lib64"), { recursive: true })
  for (const folder of ["/lib", "/lib64"])
    for (const file of await readdir(folder).catch(() => []))
      if (file.startsWith("ld-linux")) await link(join(folder, file), join(root, folder.slice(1), file))
}

async function link(target: string, path: string): Promise<void> {
  if (
    await access(path).then(
      () => true,
      () => false,
    )
  )
    return
  await symlink(target, path)
}
