/** What a test is told with: the `context` of its function. */
export interface Skippable {
  skip(note?: string): unknown
}

/**
 * What a test needs, or the test is reported as skipped with the reason. Where CI is set, that it cannot be had is a
 * failure.
 */
export async function provideOrSkip<T>(test: Skippable, provide: () => Promise<T>): Promise<T> {
  try {
    return await provide()
  } catch (error) {
    if (process.env.CI === undefined) test.skip((error as Error).message)
    throw error
  }
}
