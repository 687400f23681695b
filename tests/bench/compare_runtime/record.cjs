// SPDX-License-Identifier: GPL-3.0-or-later
// Records what ONNX Runtime makes of a folder of models, for the test Corpus.*: the outputs, and the
// shape of every value in between.
//
//   node record.cjs MODELS RECORDED [NAME...]
//
// For each MODELS/NAME.onnx it writes into RECORDED a link to the model, NAME.input.npy (and
// NAME.input.1.npy and so on; taken from MODELS, else pseudo-random), NAME.out.0.npy and so on in the
// graph's order, NAME.rounded.0.npy and so on (what goes into Round nodes), and NAME.runtime.json: who ran it
// and how, "shapes" (value → dimensions). A model that has its
// NAME.runtime.json already is left alone.
//
// Graph optimisations are off: the fused and Winograd kernels that they bring in differ from the plain
// ones by more than the tolerance of the comparison (3e-4 of the largest value on a U-Net).
// Needs the npm package onnxruntime-node where Node finds it (NODE_PATH).
"use strict";

const fs = require("fs");
const path = require("path");
const ort = require("onnxruntime-node");
const version = require("onnxruntime-node/package.json").version;

// ---- protobuf, as far as names of values go ------------------------------------------------------

const lengthDelimited = 2;

function readVarint(bytes, at) {
  let value = 0, factor = 1;
  for (;;) {
    const byte = bytes[at++];
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
    factor *= 128;
  }
}

// Calls visit(field, content) for each length-delimited field of a message.
function eachField(bytes, visit) {
  for (let at = 0; at < bytes.length;) {
    let key, length;
    [key, at] = readVarint(bytes, at);
    const wireType = key % 8;
    if (wireType === 0) [, at] = readVarint(bytes, at);
    else if (wireType === 1) at += 8;
    else if (wireType === 5) at += 4;
    else if (wireType === lengthDelimited) {
      [length, at] = readVarint(bytes, at);
      visit(Math.floor(key / 8), bytes.subarray(at, at + length));
      at += length;
    } else throw new Error(`wire type ${wireType}`);
  }
}

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
  return Buffer.from([...bytes, value]);
}

function field(number, content) {
  return Buffer.concat([varint(number * 8 + lengthDelimited), varint(content.length), content]);
}

// ModelProto.graph = 7; GraphProto.node = 1, .output = 12; NodeProto.input = 1, .output = 2, .op_type = 4;
// ValueInfoProto.name = 1.
function nodesOf(model) {
  const nodes = [];
  eachField(model, (number, graph) => {
    if (number === 7) eachField(graph, (inGraph, content) => {
      if (inGraph !== 1) return;
      const node = { inputs: [], outputs: [], op: "" };
      eachField(content, (inNode, text) => {
        if (inNode === 1) node.inputs.push(text.toString("utf8"));
        if (inNode === 2 && text.length > 0) node.outputs.push(text.toString("utf8"));
        if (inNode === 4) node.op = text.toString("utf8");
      });
      nodes.push(node);
    });
  });
  return nodes;
}

// Two parts of one message behind each other are one message: nothing has to be rewritten.
function withOutputs(model, names) {
  const values = names.map(name => field(12, field(1, Buffer.from(name))));
  return Buffer.concat([model, field(7, Buffer.concat(values))]);
}

// ---- npy -----------------------------------------------------------------------------------------

const types = { float32: "<f4", float64: "<f8", int64: "<i8", int32: "<i4", bool: "|b1", uint8: "|u1" };

function readNpy(file) {
  const bytes = fs.readFileSync(file);
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, 10 + length);
  const shape = header.match(/'shape': \(([^)]*)\)/)[1].split(",").map(s => s.trim()).filter(Boolean).map(Number);
  const body = bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.length);
  return header.includes("'<i8'") ? new ort.Tensor("int64", new BigInt64Array(body), shape)
                                  : new ort.Tensor("float32", new Float32Array(body), shape);
}

function writeNpy(file, tensor) {
  const shape = `(${tensor.dims.join(", ")}${tensor.dims.length === 1 ? "," : ""})`;
  const text = `{'descr': '${types[tensor.type]}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const lead = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  const { buffer, byteOffset, byteLength } = tensor.data;
  fs.writeFileSync(file, Buffer.concat([lead, Buffer.from(header, "latin1"), Buffer.from(buffer, byteOffset, byteLength)]));
}

// ---- recording -----------------------------------------------------------------------------------

const options = { graphOptimizationLevel: "disabled", intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };

function pseudoRandom(shape) {
  let state = 1;
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1)).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
  return new ort.Tensor("float32", values, shape);
}

function inputOf(file, metadata) {
  if (fs.existsSync(file)) return readNpy(file);
  if (metadata.type !== "float32" || !metadata.shape.every(Number.isInteger))
    throw new Error(`${path.basename(file)} is missing and cannot be made up`);
  return pseudoRandom(metadata.shape);
}

async function record(models, recorded, name) {
  const file = path.join(models, name + ".onnx");
  const model = fs.readFileSync(file);
  const plain = await ort.InferenceSession.create(file, options);
  const nodes = nodesOf(model);
  const inner = nodes.flatMap(node => node.outputs).filter(value => !plain.outputNames.includes(value));
  // A value just at a step is rounded either way: what goes into the step is compared.
  const rounded = nodes.filter(node => node.op === "Round").map(node => node.inputs[0]);
  const feeds = {};
  plain.inputNames.forEach((input, i) => {
    const suffix = i === 0 ? ".input.npy" : `.input.${i}.npy`;
    feeds[input] = inputOf(path.join(models, name + suffix), plain.inputMetadata[i]);
    writeNpy(path.join(recorded, name + suffix), feeds[input]);
  });
  await plain.release();
  const session = await ort.InferenceSession.create(withOutputs(model, inner), options);
  const values = await session.run(feeds);
  await session.release();
  const shapes = {};
  for (const value in values) shapes[value] = values[value].dims;
  plain.outputNames.forEach((output, i) => writeNpy(path.join(recorded, `${name}.out.${i}.npy`), values[output]));
  rounded.forEach((value, i) => writeNpy(path.join(recorded, `${name}.rounded.${i}.npy`), values[value]));
  const link = path.join(recorded, name + ".onnx");
  if (!fs.existsSync(link)) fs.symlinkSync(path.resolve(file), link);
  const runtime = { runtime: "ONNX Runtime", version, options, outputs: plain.outputNames, shapes };
  fs.writeFileSync(path.join(recorded, name + ".runtime.json"), JSON.stringify(runtime));
  return Object.keys(shapes).length;
}

async function main([models, recorded, ...only]) {
  if (!recorded) throw new Error("usage: node record.cjs MODELS RECORDED [NAME...]");
  fs.mkdirSync(recorded, { recursive: true });
  const found = fs.readdirSync(models).filter(file => file.endsWith(".onnx")).map(file => path.basename(file, ".onnx"));
  for (const name of found.filter(name => only.length === 0 || only.includes(name)).sort()) {
    if (fs.existsSync(path.join(recorded, name + ".runtime.json"))) continue;
    try {
      console.log(name, await record(models, recorded, name), "values");
    } catch (error) {
      console.log(name, "not recorded:", error.message.slice(0, 200));
      process.exitCode = 1;
    }
  }
}

main(process.argv.slice(2)).catch(error => {
  console.error(error.message);
  process.exit(2);
});
