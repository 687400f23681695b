#!/usr/bin/env python3
"""Compiles this job with the Hailo Dataflow Compiler.

Reads job.json beside this file and nothing else; writes into the folder of results: a HAR after every
stage, the HEF, and result.json. Started again with --resume it goes on behind the last stage that
finished. Names of layers exist only after parsing: they are looked up there, by the outputs' names
and shapes, never guessed.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path


class JobError(Exception):
    """What the user can act on; printed without a traceback."""


def say(text):
    print(f"[job] {text}", flush=True)


def digest(path):
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            sha.update(block)
    return sha.hexdigest()


def read_job(folder):
    """The job, with every file of it compared to its digest."""
    with open(folder / "job.json", encoding="utf-8") as file:
        job = json.load(file)
    if job.get("format") != "hefstudio-job-1":
        raise JobError(f"job.json is of another format: {job.get('format')}")
    files = [job["model"], job["script"]] + [entry["calibration"] for entry in job["inputs"]]
    files += [job[key] for key in ("host", "metadata") if job.get(key)]
    for entry in files:
        if digest(folder / entry["file"]) != entry["sha256"]:
            raise JobError(f"{entry['file']} was changed or damaged; export the job again")
    return job


def hn_of(runner):
    hn = runner.get_hn()
    return json.loads(hn) if isinstance(hn, str) else hn


def without_scope(name):
    return name.split("/", 1)[-1]


def outputs_of(hn):
    """(producing layer, output layer, shape [H, W, C], ONNX names) of each output, in order."""
    layers = hn["layers"]
    found = []
    for name in hn["net_params"]["output_layers_order"]:
        layer = layers[name]
        if layer["type"] == "output_layer":
            output, producer = name, layer["input"][0]
        else:
            producer = name
            ends = [n for n, l in layers.items()
                    if l["type"] == "output_layer" and name in l["input"]]
            output = ends[0] if ends else name
        shape = layers[producer]["output_shapes"][0][1:]
        names = layers[producer].get("original_names", [])
        found.append((producer, output, shape, names))
    return found


def match_outputs(wanted, found):
    """For each wanted output the parsed one, by ONNX name, else by a shape that is unique."""
    matched = []
    left = list(found)
    for output in wanted:
        named = [entry for entry in left
                 if output["name"] in entry[3] or output["node"] in entry[3]]
        shaped = [entry for entry in left if list(entry[2]) == output["shape_hwc"]]
        candidates = named or shaped
        if len(candidates) != 1:
            raise JobError(
                f"output {output['name']} {output['shape_hwc']} cannot be told from the others "
                f"after parsing; {len(candidates)} layers fit")
        if list(candidates[0][2]) != output["shape_hwc"]:
            raise JobError(f"output {output['name']} has shape {list(candidates[0][2])} after "
                           f"parsing, not {output['shape_hwc']}")
        matched.append(candidates[0])
        left.remove(candidates[0])
    return matched


def layers_from(nodes, hn):
    """Layers that hold one of the ONNX nodes, in the network's order; nodes that none holds."""
    layers, left = [], set(nodes)
    for name, layer in hn["layers"].items():
        held = left.intersection(layer.get("original_names", []))
        if held and layer["type"] not in ("input_layer", "output_layer"):
            layers.append(name)
            left -= held
    return layers, sorted(left)


def nms_file(nms, layer_of, results):
    """The compiler's own file, outputs replaced by the layers that make them."""
    config = json.loads(json.dumps(nms["config"]))
    for decoder in config["bbox_decoders"]:
        for key in decoder:
            if key.endswith("_layer"):
                decoder[key] = layer_of[decoder[key]]
    write_whole(results / "nms_config.json", (json.dumps(config, indent=2) + "\n").encode())


def layer_commands(job, hn, results):
    """The lines of the model script that need names of layers."""
    lines = []
    layer_of = {}
    for output, (producer, end, _, _) in zip(job["outputs"],
                                             match_outputs(job["outputs"], outputs_of(hn))):
        layer_of[output["name"]] = producer
        if output["activation"]:
            lines.append(f"change_output_activation({producer}, {output['activation']})")
        if output["bits"] == 16 and not job["nms"]:  # the runtime's decoding reads 8 bits
            lines.append(f"quantization_param({end}, precision_mode=a16_w16)")
    layers, unheld = layers_from(job["sixteen_bit_nodes"], hn)
    for name in layers:
        lines.append(f"quantization_param({name}, precision_mode=a16_w16)")
    for node in unheld:
        say(f"{node} keeps its precision: the parser merged it into another layer")
    if job["nms"]:
        nms_file(job["nms"], layer_of, results)
        lines.append(f'nms_postprocess("nms_config.json", meta_arch={job["nms"]["meta_arch"]}, '
                     f'engine={job["nms"]["engine"]})')
    return "\n".join(lines) + "\n" if lines else ""


def write_noise(runner, results):
    """Signal-to-noise by layer, where the compiler measured it."""
    try:
        noise = {}
        for key, value in dict(runner.get_params_statistics()).items():
            layer, _, rest = key.partition("/layer_noise_analysis/noise_results/")
            if rest:
                noise[layer] = float(value if not hasattr(value, "mean") else value.mean())
        if noise:
            write_whole(results / "noise.json", (json.dumps(noise, indent=2) + "\n").encode())
    except Exception as error:  # figures for the reader, never a reason to fail
        say(f"no noise figures: {error}")


def emulate(runner, job, folder, results, pictures):
    """Runs pictures through the compiler's own emulators; arrays for a comparison."""
    import numpy
    from hailo_sdk_client import InferenceContext

    data = numpy.load(pictures, mmap_mode="r")
    for name, context in (("full_precision", InferenceContext.SDK_FP_OPTIMIZED),
                          ("quantised", InferenceContext.SDK_QUANTIZED)):
        say(f"emulate {name}")
        with runner.infer_context(context) as device:
            outputs = runner.infer(device, data)
        if not isinstance(outputs, (list, tuple)):
            outputs = [outputs]
        arrays = {output["name"]: array for output, array in zip(job["outputs"], outputs)}
        partial = results / f"partial-{name}.npz"
        numpy.savez(str(partial), **arrays)
        os.replace(partial, results / f"{name}.npz")


def calibration_of(job, folder, hn):
    """One array for one input, else a dictionary by input layer."""
    import numpy  # comes with the compiler

    arrays = {entry["name"]: numpy.load(folder / entry["calibration"]["file"], mmap_mode="r")
              for entry in job["inputs"]}
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    by_layer = {}
    for name, layer in hn["layers"].items():
        if layer["type"] == "input_layer":
            wanted = [n for n in layer.get("original_names", []) if n in arrays]
            if len(wanted) != 1:
                raise JobError(f"input layer {name} cannot be matched to a calibration array")
            by_layer[name] = arrays[wanted[0]]
    return by_layer


def write_whole(path, data):
    """The file is there with all of its bytes, or not at all."""
    partial = path.with_name(path.name + ".partial")
    with open(partial, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def save_har(runner, path):
    # The compiler chooses its form by the ending, so the partial file has the same one.
    partial = path.with_name("partial-" + path.name)
    runner.save_har(str(partial))
    os.replace(partial, path)


def state_of(runner):
    return str(getattr(runner.state, "value", runner.state)).rsplit(".", 1)[-1].lower()


def require(runner, state):
    if state_of(runner) != state:
        raise JobError(f"the compiler is in state {state_of(runner)}, not {state}")


def forget_other_jobs(folder, results):
    """What an earlier job left here must not become part of this one. True: it was the same job."""
    mark = results / "job.sha256"
    now = digest(folder / "job.json")
    same = mark.exists() and mark.read_text(encoding="utf-8").strip() == now
    if not same:
        for har in results.glob("*.har"):
            har.unlink()
        write_whole(mark, (now + "\n").encode())
    return same


def run(job, folder, results, resume, pictures):
    if not forget_other_jobs(folder, results) and resume:
        say("nothing of this job is here yet; starting from the beginning")
    from hailo_sdk_client import ClientRunner

    hars = {stage: results / f"{job['network']}.{stage}.har" for stage in ("parsed", "optimised")}
    done = next((s for s in ("optimised", "parsed") if resume and hars[s].exists()), None)
    if done:
        say(f"going on behind stage {done}")
        runner = ClientRunner(hw_arch=job["arch"], har=str(hars[done]))
    else:
        runner = ClientRunner(hw_arch=job["arch"])
        say("parse")
        runner.translate_onnx_model(
            str(folder / job["model"]["file"]), job["network"],
            net_input_shapes={entry["name"]: entry["shape"] for entry in job["inputs"]})
        require(runner, "hailo_model")
        save_har(runner, hars["parsed"])
    if done != "optimised":
        say("optimise")
        hn = hn_of(runner)
        matched = match_outputs(job["outputs"], outputs_of(hn))
        write_whole(results / "layers.json", json.dumps(
            {output["name"]: entry[0] for output, entry in zip(job["outputs"], matched)}).encode())
        script = (folder / job["script"]["file"]).read_text(encoding="utf-8")
        script += layer_commands(job, hn, results)
        (results / "used.alls").write_text(script, encoding="utf-8")
        runner.load_model_script(str(results / "used.alls"))
        runner.optimize(calibration_of(job, folder, hn))
        require(runner, "quantized_model")
        write_noise(runner, results)
        save_har(runner, hars["optimised"])
    if pictures:
        emulate(runner, job, folder, results, pictures)
    say("compile")
    hef = runner.compile()
    require(runner, "compiled_model")
    target = results / f"{job['network']}.hef"
    write_whole(target, hef)
    save_har(runner, results / f"{job['network']}.compiled.har")
    return target


def compiler_version():
    from importlib.metadata import PackageNotFoundError, version
    for name in ("hailo-dataflow-compiler", "hailo_dataflow_compiler"):
        try:
            return version(name)
        except PackageNotFoundError:  # the version is a help to the reader, no reason to fail
            pass
    return None


def main():
    parser = argparse.ArgumentParser(description="Compile this job with the Dataflow Compiler.")
    parser.add_argument("--results", type=Path, help="where results go (default: results beside this)")
    parser.add_argument("--resume", action="store_true", help="go on behind the last stage")
    parser.add_argument("--emulate", type=Path, metavar="PICTURES.npy",
                        help="also run these through the compiler's emulators, as [count, H, W, C]")
    arguments = parser.parse_args()
    folder = Path(__file__).resolve().parent
    results = (arguments.results or folder / "results").resolve()
    results.mkdir(parents=True, exist_ok=True)
    (results / "result.json").unlink(missing_ok=True)  # there is a result only when it is whole
    os.environ.setdefault("USER", "hefstudio")  # the compiler fails where it is not set
    os.environ.setdefault("HAILO_SDK_LOG_DIR", str(results))
    pictures = arguments.emulate.resolve() if arguments.emulate else None
    os.chdir(results)
    try:
        job = read_job(folder)
        hef = run(job, folder, results, arguments.resume, pictures)
    except JobError as error:
        print(f"[error] {error}", file=sys.stderr, flush=True)
        return 1
    files = [hef.name, f"{job['network']}.compiled.har", "used.alls"]
    result = {"format": "hefstudio-job-result-1", "hef": hef.name, "sha256": digest(hef),
              "job_sha256": digest(folder / "job.json"),
              "model_sha256": job["model"]["sha256"], "script_sha256": job["script"]["sha256"],
              "files": {name: digest(results / name) for name in files},
              "outputs": json.loads((results / "layers.json").read_text(encoding="utf-8")),
              "compiler": compiler_version()}
    write_whole(results / "result.json", (json.dumps(result, indent=2) + "\n").encode())
    say(f"done: {hef}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
