/** How much more than usual the generated tests try. `npm run test:long` sets `TEST_SCALE`; elsewhere it is 1. */
export const testScale = Math.max(1, Number(process.env['TEST_SCALE'] ?? 1))
