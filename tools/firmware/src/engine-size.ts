import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runCommand } from "@fleetwire/broker-lab"
import { PACKAGE } from "./build-linux-car.js"
import { GCC_ARM, newlibOf } from "./debian-toolchains.js"
import { provideDebian } from "./provide-debian.js"

/*
 * Prints what a whole device of the car takes on a Cortex-M4: flash that the linker keeps, less an empty program, and the
 * static memory beside its buffers. `node tools/setup/run-ts.mjs tools/firmware/src/engine-size.ts`; with `--write` the figures
 * go into the contract's sheet when it is generated next.
 */

const MAIN = `
#include "iot_car.h"
static fw_status_t on_connect(void *c, const fw_will_t *w) { (void)c; (void)w; return FW_OK; }
static void on_disconnect(void *c) { (void)c; }
static fw_status_t on_publish(void *c, const char *t, const uint8_t *p, size_t l, uint8_t q, bool r, uint16_t k)
{ (void)c; (void)t; (void)p; (void)l; (void)q; (void)r; (void)k; return FW_OK; }
static fw_status_t on_subscribe(void *c, const char *f, uint8_t q, uint16_t k) { (void)c; (void)f; (void)q; (void)k; return FW_OK; }
static uint32_t on_now(void *c) { (void)c; return 0; }
extern const fw_transport_t transport;
volatile uint32_t sink;
#if FW_MANUAL_ACK
static fw_status_t on_ack(void *c, uint16_t k) { (void)c; sink = k; return FW_OK; }
#endif
const fw_transport_t transport = {on_connect, on_disconnect, on_publish, on_subscribe, on_now, 7,
#if FW_MANUAL_ACK
  on_ack
#endif
};
fw_run_t iot_car_on_drive(fw_device_t *d, uint16_t call, const iot_car_command_t *q, iot_car_response_t *a)
{ (void)d; (void)a; sink = call + q->action; return FW_RUN_GOES_ON; }
void iot_car_abort_drive(fw_device_t *d, uint16_t call) { (void)d; sink = call; }
fw_config_t iot_car_on_config(fw_device_t *d, const iot_car_config_t *c, bool r, const char **w)
{ (void)d; (void)r; (void)w; sink = c->version; return FW_CONFIG_APPLIED; }
fw_device_t device;
iot_car_telemetry_t telemetry;
iot_car_response_t response;
void _exit(int code) { (void)code; for (;;) { } }
int main(void)
{
#ifdef WHOLE
  device.transport = &transport;
  sink = iot_car_device_start(&device, "car-001", "");
  for (;;) {
    iot_car_device_tick(&device);
    sink = iot_car_publish_telemetry(&device, &telemetry);
    sink = iot_car_finish_drive(&device, 1, FW_RUN_DONE, &response);
    fw_on_connack(&device, true);
    fw_on_lost(&device);
    fw_on_published(&device, 3);
#if FW_MANUAL_ACK
    fw_on_held_message(&device, "x", 1, (const uint8_t *)"", 0, 0, 0, false, (uint16_t)sink);
#else
    fw_on_message(&device, "x", 1, (const uint8_t *)"", 0, 0, 0, false);
#endif
    if (sink == 7) iot_car_device_stop(&device);
  }
#else
  sink = (uint32_t)(uintptr_t)&device + telemetry.timestamp + response.timestamp + (uint32_t)(uintptr_t)&transport;
#endif
  return 0;
}
`

const MEASURED = new URL("../../../packages/codegen/src/c/engine/measured-flash.ts", import.meta.url)

const FLAGS = [
  "-std=c99",
  "-Os",
  "-mcpu=cortex-m4",
  "-mthumb",
  "-ffunction-sections",
  "-fdata-sections",
  "-Wl,--gc-sections",
]
const BUILDS: readonly (readonly [string, readonly string[]])[] = [
  ["JSON and protobuf", ["-DFW_COMPACT=0", "-DFW_TEXT=0"]],
  ["JSON", ["-DFW_COMPACT=0", "-DFW_TEXT=0", "-DFW_PROTOBUF=0"]],
  ["all formats", []],
]
/** Printed, but in no sheet: what acknowledging takes is the difference from the first of the builds. */
const ACKNOWLEDGING = [
  "JSON and protobuf, FW_MANUAL_ACK",
  ["-DFW_COMPACT=0", "-DFW_TEXT=0", "-DFW_MANUAL_ACK=1"],
] as const

const arm = await provideDebian(GCC_ARM)
const newlib = newlibOf(arm)
const folder = await mkdtemp(join(tmpdir(), "engine-size-"))
try {
  await writeFile(join(folder, "main.c"), MAIN)
  const sizeOf = async (flags: readonly string[], sources: readonly string[]): Promise<readonly number[]> => {
    const out = join(folder, "out.elf")
    const specs = ["--specs=nano.specs", "--specs=nosys.specs", "-Isrc", join(folder, "main.c"), ...sources, "-o", out]
    const built = await runCommand("arm-none-eabi-gcc", [...FLAGS, ...newlib, ...flags, ...specs], {
      cwd: PACKAGE,
      env: arm.env,
    })
    if (built.code !== 0) throw new Error(built.stderr)
    const sized = await runCommand("arm-none-eabi-size", [out], { env: arm.env })
    return sized.stdout.split("\n")[1]!.trim().split(/\s+/).slice(0, 3).map(Number)
  }
  const rows: string[] = []
  for (const build of [...BUILDS, ACKNOWLEDGING]) {
    const [name, flags] = build
    const empty = await sizeOf(flags, [])
    const whole = await sizeOf(["-DWHOLE", ...flags], ["src/iot_car.c", "src/iot_car_device.c"])
    const flash = whole[0]! - empty[0]!
    console.log(`${name}: flash ${flash} B, static memory of the library ${whole[2]! - empty[2]!} B`)
    if (build !== ACKNOWLEDGING) rows.push(`    { formats: ${JSON.stringify(name)}, octets: ${flash} },`)
  }
  if (process.argv.includes("--write")) {
    const [head] = (await readFile(MEASURED, "utf8")).split("  [")
    await writeFile(
      MEASURED,
      `${head}  [\n    "iot-car 2.0.0",\n    [\n${rows.map((row) => `  ${row}`).join("\n")}\n    ],\n  ],\n])\n`,
    )
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
