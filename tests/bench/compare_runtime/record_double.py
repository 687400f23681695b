#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what PyTorch makes of a model in double precision, for the test Corpus.*: the judge where
two runtimes in single precision differ by more than the tolerance. Run it after record.cjs: it notes by how much
that record misses this one.

    python3 record_double.py MODELS RECORDED NAME...

Writes what record.cjs writes (see there), with NAME.runtime.json naming PyTorch. Knows the operators of
convolutional networks; others end the run with their name. Needs Debian's python3-onnx and
python3-torch (or the packages onnx, numpy and torch).
"""
import json
import pathlib
import sys

import numpy
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

torch.set_num_threads(1)


def padded(attributes, x, value=0.0):
    """x padded by attribute `pads`, which names begins first; torch goes from the last axis on."""
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    return F.pad(x, (left, right, top, bottom), value=value)


def conv(a, x, w, b=None):
    return F.conv2d(padded(a, x), w, b, a.get("strides", [1, 1]), 0, a.get("dilations", [1, 1]), a.get("group", 1))


def conv_transpose(a, x, w, b=None):
    top, left, bottom, right = a.get("pads", [0, 0, 0, 0])
    y = F.conv_transpose2d(x, w, b, a.get("strides", [1, 1]), 0, a.get("output_padding", [0, 0]), a.get("group", 1),
                           a.get("dilations", [1, 1]))
    return y[:, :, top:y.shape[2] - bottom, left:y.shape[3] - right]


def max_pool(a, x):
    return F.max_pool2d(padded(a, x, -float("inf")), a["kernel_shape"], a.get("strides", [1, 1]), 0,
                        a.get("dilations", [1, 1]), bool(a.get("ceil_mode", 0)))


def average_pool(a, x):
    if any(a.get("pads", [0])) or a.get("ceil_mode", 0):
        raise NotImplementedError("AveragePool with padding")
    return F.avg_pool2d(x, a["kernel_shape"], a.get("strides", [1, 1]))


def resize(a, x, roi=None, scales=None, sizes=None):
    if sizes is None or sizes.numel() == 0:
        sizes = torch.tensor([int(n * s) for n, s in zip(x.shape, scales.tolist())])
    size = sizes[2:].tolist()
    if a.get("mode", b"nearest") == b"nearest" and all(n % m == 0 for n, m in zip(size, x.shape[2:])):
        return x.repeat_interleave(size[0] // x.shape[2], 2).repeat_interleave(size[1] // x.shape[3], 3)
    align = a.get("coordinate_transformation_mode", b"half_pixel")
    if a.get("mode") != b"linear" or align not in (b"align_corners", b"half_pixel", b"pytorch_half_pixel"):
        raise NotImplementedError("this Resize")
    return F.interpolate(x, size, mode="bilinear", align_corners=align == b"align_corners")


def pad(a, x, pads=None, value=None):
    pads = pads.tolist() if pads is not None else a["pads"]
    rank = len(pads) // 2
    listed = [side for axis in reversed(range(rank)) for side in (pads[axis], pads[axis + rank])]
    if a.get("mode", b"constant") != b"constant":
        raise NotImplementedError("this Pad")
    return F.pad(x, listed, value=0.0 if value is None else value.item())


def constant_of_shape(a, shape):
    value = tensor(numpy_helper.to_array(a["value"])) if "value" in a else torch.zeros(1, dtype=torch.float64)
    return value.reshape(()).expand(shape.tolist()).clone()


def slices(a, x, starts, ends, axes=None, steps=None):
    axes = axes.tolist() if axes is not None else range(len(starts))
    steps = steps.tolist() if steps is not None else [1] * len(starts)
    index = [slice(None)] * x.dim()
    for axis, begin, end, step in zip(axes, starts.tolist(), ends.tolist(), steps):
        if step < 0:  # torch has no slices backwards
            taken = list(range(x.shape[axis]))[slice(begin, end if end >= -x.shape[axis] else None, step)]
            x = torch.index_select(x, axis, torch.tensor(taken))
        else:
            index[axis] = slice(begin, end, step)
    return x[tuple(index)]


def reshape(a, x, shape):
    return x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape.tolist())])


def gather(a, x, index):
    axis = a.get("axis", 0)
    taken = torch.where(index < 0, index + x.shape[axis], index)
    return torch.index_select(x, axis, taken.reshape(-1)).reshape(
        x.shape[:axis] + index.shape + x.shape[axis + 1:])


def split(a, x, sizes=None):
    axis = a.get("axis", 0)
    sizes = sizes.tolist() if sizes is not None else a["split"]
    return torch.split(x, sizes, axis)


def gemm(a, x, w, c=None):
    x, w = (x.T if a.get("transA") else x), (w.T if a.get("transB") else w)
    y = a.get("alpha", 1) * (x @ w)
    return y if c is None else y + a.get("beta", 1) * c


def unsqueeze(a, x, axes=None):
    for axis in sorted(axes.tolist() if axes is not None else a["axes"]):
        x = x.unsqueeze(axis)
    return x


def squeeze(a, x, axes=None):
    axes = axes.tolist() if axes is not None else a.get("axes", [i for i, n in enumerate(x.shape) if n == 1])
    return x.reshape([n for i, n in enumerate(x.shape) if i not in [axis % x.dim() for axis in axes]])


def divide(a, x, y):
    return x / y if x.is_floating_point() else torch.div(x, y, rounding_mode="trunc")


def cast(a, x):
    return x.to({1: torch.float64, 6: torch.int64, 7: torch.int64, 9: torch.bool, 11: torch.float64}[a["to"]])


def batch_norm(a, x, scale, shift, mean, variance):
    return F.batch_norm(x, mean, variance, scale, shift, False, 0, a.get("epsilon", 1e-5))


OPERATORS = {
    "Add": lambda a, x, y: x + y,
    "AveragePool": average_pool,
    "BatchNormalization": batch_norm,
    "Cast": cast,
    "Clip": lambda a, x, low=None, high=None: torch.clamp(
        x, a.get("min", -3.4e38) if low is None else low.item(), a.get("max", 3.4e38) if high is None else high.item()),
    "Concat": lambda a, *x: torch.cat(x, a["axis"]),
    "ConstantOfShape": constant_of_shape,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Div": divide,
    "Exp": lambda a, x: torch.exp(x),
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)),
    "Gather": gather,
    "Gemm": gemm,
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "HardSigmoid": lambda a, x: torch.clamp(x * a.get("alpha", 0.2) + a.get("beta", 0.5), 0, 1),
    "HardSwish": lambda a, x: x * torch.clamp(x / 6 + 0.5, 0, 1),
    "Identity": lambda a, x: x,
    "LeakyRelu": lambda a, x: F.leaky_relu(x, a.get("alpha", 0.01)),
    "MatMul": lambda a, x, y: x @ y,
    "MaxPool": max_pool,
    "Mul": lambda a, x, y: x * y,
    "Pad": pad,
    "Pow": lambda a, x, y: torch.pow(x, y),
    "ReduceMean": lambda a, x: x.mean(a["axes"], keepdim=bool(a.get("keepdims", 1))),
    "Relu": lambda a, x: torch.relu(x),
    "Reshape": reshape,
    "Resize": resize,
    "Shape": lambda a, x: torch.tensor(x.shape),
    "Sigmoid": lambda a, x: torch.sigmoid(x),
    "Slice": slices,
    "Softmax": lambda a, x: torch.softmax(x, a.get("axis", -1)),
    "Softplus": lambda a, x: F.softplus(x, threshold=1e9),
    "Split": split,
    "Squeeze": squeeze,
    "Sub": lambda a, x, y: x - y,
    "Tanh": lambda a, x: torch.tanh(x),
    "Transpose": lambda a, x: x.permute(a["perm"]),
    "Unsqueeze": unsqueeze,
}


def tensor(array):
    value = torch.from_numpy(numpy.array(array))
    return value.double() if value.is_floating_point() else value


def run(model, inputs):
    values = {one.name: tensor(numpy_helper.to_array(one)) for one in model.graph.initializer}
    values.update(inputs)
    for node in model.graph.node:
        attributes = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
        if node.op_type == "Constant":
            results = tensor(numpy_helper.to_array(attributes["value"]))
        elif node.op_type in OPERATORS:
            results = OPERATORS[node.op_type](attributes, *[values[name] if name else None for name in node.input])
        else:
            raise NotImplementedError(node.op_type)
        results = [results] if isinstance(results, torch.Tensor) else results
        values.update(zip(node.output, results))
    return values


def single_precision_error(recorded, name, outputs):
    """By how much what record.cjs recorded misses the given outputs, of the largest value; 0 without a record."""
    facts = recorded / f"{name}.runtime.json"
    if not facts.exists():
        return 0
    before = json.loads(facts.read_text())
    if before["runtime"] != "ONNX Runtime":
        return before["single_precision_error"]
    errors = [numpy.abs(numpy.load(recorded / f"{name}.out.{i}.npy") - output).max() / numpy.abs(output).max()
              for i, output in enumerate(outputs)]
    return float(max(errors))


def record(models, recorded, name):
    model = onnx.load(models / f"{name}.onnx")
    constants = {one.name for one in model.graph.initializer}
    inputs = {}
    for i, one in enumerate(value.name for value in model.graph.input if value.name not in constants):
        suffix = "input.npy" if i == 0 else f"input.{i}.npy"
        array = numpy.load(models / f"{name}.{suffix}")
        numpy.save(recorded / f"{name}.{suffix}", array)
        inputs[one] = tensor(array)
    values = run(model, inputs)
    outputs = [value.name for value in model.graph.output]
    error = single_precision_error(recorded, name, [values[output].numpy() for output in outputs])
    for i, output in enumerate(outputs):
        numpy.save(recorded / f"{name}.out.{i}.npy", values[output].float().contiguous().numpy())
    link = recorded / f"{name}.onnx"
    if not link.exists():
        link.symlink_to((models / f"{name}.onnx").resolve())
    made = {value for node in model.graph.node for value in node.output if value}
    facts = {"runtime": "PyTorch, float64", "version": torch.__version__, "outputs": outputs,
             "single_precision_error": error,
             "shapes": {value: list(values[value].shape) for value in made}}
    (recorded / f"{name}.runtime.json").write_text(json.dumps(facts))


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    models, recorded = map(pathlib.Path, sys.argv[1:3])
    recorded.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[3:]:
        try:
            record(models, recorded, name)
            print(name, "recorded")
        except NotImplementedError as error:
            sys.exit(f"{name}: {error} is not known here")


if __name__ == "__main__":
    main()
