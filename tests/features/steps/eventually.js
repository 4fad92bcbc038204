import { AssertionError } from "node:assert";
import { setTimeout } from "node:timers/promises";

export const patience_ms = 20_000;
const pause_most_ms = 200;

/// What the shop does by itself takes its time: looks again until it is so, for as long as our
/// patience lasts. Only what is not so yet is looked at again, other errors end it.
export async function eventually(look) {
  const until = Date.now() + patience_ms;
  for (let pause_ms = 5; ; pause_ms = Math.min(2 * pause_ms, pause_most_ms)) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      if (Date.now() > until) {
        error.message = `still not so after ${patience_ms / 1000} s: ${error.message}`;
        throw error;
      }
    }
    await setTimeout(pause_ms);
  }
}
