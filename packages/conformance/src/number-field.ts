import { NotObservable, type RunContext } from "./run-context.js"

/** The first field of a message that is free text. */
export function numberField(run: RunContext, leg: ReturnType<RunContext["leg"]>): string {
  const field = run.setting.view
    .objectOf(leg)
    ?.fields.find(
      ({ auto, type }) =>
        auto === undefined &&
        type.kind === "string" &&
        type.pattern === undefined &&
        type.format === undefined &&
        (type.maxLength ?? 99) >= 8,
    )
  if (field === undefined) throw new NotObservable(`${leg.leg.message} has no text that could be numbered`)
  return field.name
}
