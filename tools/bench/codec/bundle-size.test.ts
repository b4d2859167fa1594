import { expect, it } from "vitest"
import { bundleSizes } from "./bundle-size.js"

it("an entry with five messages in JSON and protobuf, kernel included, stays below 14 KB", async () => {
  const [all] = await bundleSizes()
  expect(all!.gzipped).toBeLessThanOrEqual(14 * 1024)
})
