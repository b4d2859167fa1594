export { type DemoSeam, runDemo } from "./run-demo.js"
