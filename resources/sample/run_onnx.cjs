// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a network of one input and one output on every picture of a NumPy file.
//
//   node run_onnx.cjs NETWORK.onnx INPUT.npy OUTPUT.npy
//
// INPUT holds float32 (pictures, channels, height, width), in C order; OUTPUT gets float32
// (pictures, ...). Needs the npm package onnxruntime-node where Node finds it (NODE_PATH).
"use strict";

const fs = require("fs");
const ort = require("onnxruntime-node");

function readNpy(path) {
  const bytes = fs.readFileSync(path);
  const headerStart = bytes[6] === 1 ? 10 : 12;
  const headerLength = bytes[6] === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const header = bytes.toString("latin1", headerStart, headerStart + headerLength);
  if (!header.includes("'<f4'") || header.includes("'fortran_order': True")) {
    throw new Error(`${path}: float32 in C order expected`);
  }
  const shape = header.match(/'shape': \(([^)]*)\)/)[1].split(",").map(s => s.trim()).filter(Boolean).map(Number);
  const body = bytes.subarray(headerStart + headerLength);
  return { shape, values: new Float32Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length)) };
}

function writeNpy(path, shape, values) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const lead = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  fs.writeFileSync(path, Buffer.concat([lead, Buffer.from(header, "latin1"), Buffer.from(values.buffer)]));
}

async function main([network, inputPath, outputPath]) {
  const session = await ort.InferenceSession.create(network, { intraOpNumThreads: 1 });
  const { shape, values } = readNpy(inputPath);
  const [count, ...pictureShape] = shape;
  const size = values.length / count;
  let outputs, outputShape;
  for (let i = 0; i < count; i++) {
    const picture = new ort.Tensor("float32", values.slice(i * size, (i + 1) * size), [1, ...pictureShape]);
    const result = (await session.run({ [session.inputNames[0]]: picture }))[session.outputNames[0]];
    outputs ??= new Float32Array(count * result.data.length);
    outputs.set(result.data, i * result.data.length);
    outputShape = [count, ...result.dims.slice(1)];
  }
  writeNpy(outputPath, outputShape, outputs);
}

main(process.argv.slice(2)).catch(error => {
  console.error(error.message);
  process.exit(1);
});
