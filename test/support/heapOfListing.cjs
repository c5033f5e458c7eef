// A program that goes through all Batch accounts and prints what that took: how many there were,
// and by how many bytes the heap was larger at its largest than after the first accounts. Its
// argument says whether it keeps the accounts ("collect") or lets go of each ("stream").
const { streamBatchAccounts } = require("../../index.ts");

const SAMPLES_EVERY = 500;
const kept = [];
let count = 0;
let first = 0;
let largest = 0;

/** The heap without what can be collected. Sockets and promises let go a turn later. */
async function settledHeap() {
  await new Promise(setImmediate);
  global.gc();
  return process.memoryUsage().heapUsed;
}

async function main() {
  for await (const account of streamBatchAccounts()) {
    count += 1;
    if (process.argv[2] === "collect") kept.push(account);
    if (count % SAMPLES_EVERY !== 0) continue;
    const heap = await settledHeap();
    first ||= heap;
    largest = Math.max(largest, heap);
  }
  console.log(JSON.stringify({ count, kept: kept.length, growth: largest - first }));
}

void main();
