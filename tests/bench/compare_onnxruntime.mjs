// Runs the float engine and ONNX Runtime in turn on the same model and prints the ratio of their
// times (median of the pairwise ratios, below 1: ours is faster) and of their peak memory.
//   NODE_PATH=DIR/node_modules node compare_onnxruntime.mjs --bench BUILD/tests/bench/bench_float
//        [--threads 2] [--pairs 15] [--json] MODEL.onnx...
// DIR is where `npm install onnxruntime-node` was run; the package is no part of this repository.
// Each runs in a process of its own; a pause before each run lets the other's threads go to sleep.
// ONNX Runtime's memory is given with and without what Node itself takes. The ratio of processor
// times says what the work itself costs, also on a machine that others use; compare it with
// --threads 1, as threads that wait for work burn time, too.
// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function peakMemory() {
  const found = readFileSync('/proc/self/status', 'latin1').match(/VmHWM:\s+(\d+)/);
  return Number(found[1]) / 1024;
}

// The other side of the pipe: ONNX Runtime, one run per line.
async function serve(model, threads) {
  const before = peakMemory();
  const ort = require('onnxruntime-node');
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = {};
  let state = 1;
  for (const [i, name] of session.inputNames.entries()) {
    const about = session.inputMetadata[i];
    const shape = about.shape.map((d) => (typeof d === 'number' ? d : 1));
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let k = 0; k < data.length; ++k) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      data[k] = (state >>> 8) / 16777216;
    }
    feeds[name] = new ort.Tensor('float32', data, shape);
  }
  console.log(`ready ${before}`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'memory') {
      console.log(peakMemory());
      continue;
    }
    const start = process.hrtime.bigint();
    await session.run(feeds);
    console.log(Number(process.hrtime.bigint() - start) / 1e6);
  }
}

// Of all threads of a process so far, in milliseconds.
function processorTime(pid) {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`))
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ')[0]);
  return nanoseconds / 1e6;
}

class Runner {
  constructor(command, args) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }
  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the program ended');
    return value;
  }
  async ready() { return (await this.line()).slice('ready '.length); }
  async ask(what) {
    this.child.stdin.write(what + '\n');
    return Number(await this.line());
  }
  async time() {
    const before = processorTime(this.child.pid);
    const wall = await this.ask('run');
    return { wall, processor: processorTime(this.child.pid) - before };
  }
  end() { this.child.stdin.end(); this.child.kill(); }
}

async function compare(model, options) {
  const ours = new Runner(options.bench, [model, '--serve', '--threads', String(options.threads)]);
  const theirs = new Runner(process.execPath,
    [fileURLToPath(import.meta.url), '--serve', model, '--threads', String(options.threads)]);
  try {
    const isa = await ours.ready();
    const nodeAlone = Number(await theirs.ready());
    for (let i = 0; i < 3; ++i) {
      await ours.ask('run');
      await theirs.ask('run');
    }
    const a = [], b = [];
    for (let i = 0; i < options.pairs; ++i) {
      const turns = [[ours, a], [theirs, b]];
      if (i % 2) turns.reverse();
      for (const [runner, times] of turns) {
        await pause(20);
        times.push(await runner.time());
      }
    }
    const memory = await ours.ask('memory'), peer = await theirs.ask('memory');
    const ratio = (kind) => median(a.map((t, i) => t[kind] / b[i][kind]));
    return { model: basename(model), isa, ours_ms: median(a.map((t) => t.wall)),
      onnxruntime_ms: median(b.map((t) => t.wall)), ratio: ratio('wall'),
      processor_ratio: ratio('processor'), ours_mb: memory, onnxruntime_mb: peer,
      onnxruntime_mb_without_node: peer - nodeAlone, memory_ratio: memory / peer };
  } finally {
    ours.end();
    theirs.end();
  }
}

const options = { bench: 'bench_float', threads: 2, pairs: 15, json: false, models: [] };
let serving = false;
const args = process.argv.slice(2);
while (args.length) {
  const arg = args.shift();
  if (arg === '--serve') serving = true;
  else if (arg === '--bench') options.bench = args.shift();
  else if (arg === '--threads') options.threads = Number(args.shift());
  else if (arg === '--pairs') options.pairs = Number(args.shift());
  else if (arg === '--json') options.json = true;
  else options.models.push(arg);
}
if (serving) {
  await serve(options.models[0], options.threads);
  process.exit(0);
}
const rows = [];
if (!options.json)
  console.log('| model | ours ms | onnxruntime ms | ratio | of processor time | ours MB | onnxruntime MB (less Node) | isa |\n'
    + '|---|---|---|---|---|---|---|---|');
for (const model of options.models) {
  try {
    const row = await compare(model, options);
    rows.push(row);
    if (!options.json)
      console.log(`| ${row.model} | ${row.ours_ms.toFixed(2)} | ${row.onnxruntime_ms.toFixed(2)} | `
        + `${row.ratio.toFixed(3)} | ${row.processor_ratio.toFixed(3)} | ${row.ours_mb.toFixed(0)} | ${row.onnxruntime_mb.toFixed(0)} `
        + `(${row.onnxruntime_mb_without_node.toFixed(0)}) | ${row.isa} |`);
  } catch (error) {
    console.log(`| ${basename(model)} | ${String(error).slice(0, 200)} |`);
  }
}
if (options.json) console.log(JSON.stringify(rows, null, 1));
