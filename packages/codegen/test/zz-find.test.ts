import { it } from "vitest"
import { readFileSync } from "node:fs"
import { emitTypescript } from "/work/main/packages/codegen/src/index.js"
import { cars } from "/work/main/packages/codegen/test/fixture/cars.js"
import { hostile } from "/work/main/packages/codegen/test/fixture/hostile.js"
import { compile } from "/work/main/packages/codegen/test/fixture/compile.js"
it("x", () => {
  const call = (n: string) => ({ path: n + ".ts", text: readFileSync("/work/main/packages/codegen/test/calls.compile/" + n + ".ts", "utf8") })
  const show = (name: string, list: any) => { for (const f of list.filter((f: any) => process.env.ALL || !f.path.startsWith("src/codecs")).slice(0, 60)) console.log(name, f.path, f.line, f.code, f.message.slice(-700)) }
  show("cars", compile([...emitTypescript(cars, { packageName: "@acme/cars" }), call("right-calls"), call("wrong-calls")], "nodenext"))
  const h = emitTypescript(hostile, { packageName: "@acme/cars" })
  show("hostile", compile(h, "nodenext"))
  for (const f of h) if (process.env.SHOW && f.path.endsWith(process.env.SHOW)) console.log(f.text)
}, 100000)
