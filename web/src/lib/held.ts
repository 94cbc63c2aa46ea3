// What is done a few seconds after it was asked for, unless it is taken back before.
//
// Nothing held is lost: it is done at once when the page goes away or whoever asked signs out. A
// request outlives its page only if it is small; for a larger one the browser asks before it leaves.

interface Held {
  run: (isLeaving: boolean) => Promise<unknown>;
  timer: ReturnType<typeof setTimeout>;
  outlivesPage: boolean;
}
const held = new Set<Held>();

function finish(each: Held, isLeaving: boolean): Promise<unknown> {
  clearTimeout(each.timer);
  held.delete(each);
  return each.run(isLeaving);
}

// Returns the way back. `run` is told whether its page is leaving.
export function hold(milliseconds: number, run: Held['run'], outlivesPage: boolean): () => void {
  const each: Held = {
    run,
    outlivesPage,
    timer: setTimeout(() => void finish(each, false), milliseconds),
  };
  held.add(each);
  return () => {
    clearTimeout(each.timer);
    held.delete(each);
  };
}

export const finishHeld = (isLeaving = false): Promise<unknown> =>
  Promise.all([...held].map((each) => finish(each, isLeaving)));

addEventListener('pagehide', () => void finishHeld(true));
addEventListener('beforeunload', (event) => {
  if ([...held].some((each) => !each.outlivesPage)) event.preventDefault();
});
