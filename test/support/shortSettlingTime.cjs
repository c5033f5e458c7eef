// Preloaded into the processes of a stack: the half minute in which a lost request is given time to
// be executed passes in half a second, so that a test need not wait for it.
const wait = global.setTimeout;
global.setTimeout = Object.assign(
  (callback, milliseconds, ...rest) =>
    wait(callback, milliseconds === 30_000 ? 500 : milliseconds, ...rest),
  wait,
);
