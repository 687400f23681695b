"""TEST DOUBLE of the vendor's Python package: nothing of it is the vendor's.

It keeps the public interface's order, states and argument rules, prints lines of the form that
public logs show, writes every call into calls.jsonl beside itself, and does what scenario.json says:
succeeds, fails in one of the known ways, hangs or crashes. The parsed network is made up from the
job's own outputs; the HEF is a file that the test made.
"""
import enum
import json
import os
import re
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ARCHES = ["hailo8", "hailo8r", "hailo8l", "hailo15h", "hailo15m", "hailo15l", "hailo10h"]


def scenario():
    with open(os.path.join(HERE, "scenario.json"), encoding="utf-8") as file:
        return json.load(file)


def note(*call):
    with open(os.path.join(HERE, "calls.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(call) + "\n")


def log(text):
    print(text, flush=True)


def arrive(point):
    """What the scenario wants to happen here."""
    wanted = scenario()
    if wanted.get("at") != point:
        return
    kind = wanted["what"]
    if kind == "hang":
        # Its own child does not listen to a polite request.
        child = subprocess.Popen([sys.executable, "-c",
                                  "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                                  "while True: signal.pause()"])
        with open(os.path.join(HERE, "pids"), "w", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {child.pid}\n")
        log("[info] hanging")
        while True:
            signal.pause()
    if kind == "crash":
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGSEGV)
    if kind == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "disk-full":
        raise OSError(28, "No space left on device")
    if kind == "raise":
        for line in wanted.get("log", []):
            log(line)
        raise type(wanted.get("exception", "RuntimeError"), (Exception,), {})(wanted["text"])
    if kind == "ask":
        log("[Warning] Hardware requirements are not met")
        sys.stdout.write("Continue? [Y/n]\n")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            log("[Info] No response - exitting.")
            sys.exit(1)


class States(enum.Enum):
    UNINITIALIZED = "uninitialized"
    HAILO_MODEL = "hailo_model"
    QUANTIZED_MODEL = "quantized_model"
    COMPILED_MODEL = "compiled_model"


class InferenceContext(enum.Enum):
    SDK_NATIVE = 0
    SDK_FP_OPTIMIZED = 1
    SDK_QUANTIZED = 2


class ClientRunner:
    def __init__(self, hw_arch=None, har=None):
        assert hw_arch in ARCHES, hw_arch
        note("ClientRunner", hw_arch, os.path.basename(har or ""))
        arrive("start")
        self._arch = hw_arch
        self._script = None
        self.state = States.UNINITIALIZED
        if har:
            with open(har, encoding="utf-8") as file:
                saved = json.load(file)
            self.state = States(saved["state"])
            self._hn = saved["hn"]

    def _need(self, *states):
        if self.state not in states:
            raise RuntimeError(f"InvalidStateException: {self.state}")

    def translate_onnx_model(self, model=None, net_name="model", start_node_names=None,
                             end_node_names=None, net_input_shapes=None, net_input_format=None,
                             disable_rt_metadata_extraction=False):
        self._need(States.UNINITIALIZED)
        note("translate_onnx_model", os.path.basename(model), net_name, net_input_shapes)
        log("[info] No GPU chosen and no suitable GPU found, falling back to CPU.")
        log(f"[info] Translation started on ONNX model {net_name}")
        with open(os.path.join(os.path.dirname(model), "job.json"), encoding="utf-8") as file:
            job = json.load(file)
        arrive("parse")
        log(f"[info] Restored ONNX model {net_name} (completion time: 00:00:00.05)")
        self._hn = self._network(job, net_name, net_input_shapes)
        ends = ", ".join(f"'{output['node']}'" for output in job["outputs"])
        log(f"[info] End nodes mapped from original model: {ends}.")
        log(f"[info] Translation completed on ONNX model {net_name} (completion time: 00:00:00.45)")
        self.state = States.HAILO_MODEL

    @staticmethod
    def _network(job, net_name, shapes):
        """A layer for each output, in another order than the job's."""
        def layer(kind, inputs, shape, names):
            return {"type": kind, "input": inputs, "output_shapes": [[-1] + shape],
                    "original_names": names}

        def channels_last(shape):
            return {4: shape[2:] + shape[1:2], 3: [1, shape[-1], shape[1]]}.get(len(shape),
                                                                               shape[1:])
        layers, outputs = {}, []
        for index, (name, shape) in enumerate(shapes.items()):
            layers[f"{net_name}/input_layer{index + 1}"] = layer("input_layer", [],
                                                                 channels_last(shape), [name])
        names = scenario().get("keeps_names", True)
        for index, output in enumerate(job["outputs"]):
            conv = f"{net_name}/conv{index + 1}"
            shape = list(output["shape_hwc"])
            if index == 0 and "first_shape" in scenario():
                shape = scenario()["first_shape"]
            layers[conv] = layer("conv", [], shape, [output["node"]] if names else [])
            layers[f"{net_name}/output_layer{index + 1}"] = layer("output_layer", [conv], shape,
                                                                  [])
            outputs.insert(0, f"{net_name}/output_layer{index + 1}")
        return {"name": net_name, "net_params": {"output_layers_order": outputs},
                "layers": layers}

    def get_hn(self):
        return json.dumps(self._hn)

    def load_model_script(self, model_script=None, append=False):
        self._need(States.HAILO_MODEL)
        with open(model_script, encoding="utf-8") as file:
            text = file.read()
        folder = os.path.dirname(os.path.abspath(model_script))
        statement = re.compile(r"^([\w, {}]+ = )?(\w+\.)?(\w+)\((.*)\)$")
        commands = []
        for line in text.splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            assert statement.match(line), line
            commands.append(line)
            config = re.match(r'nms_postprocess\("([^"]*)"', line)
            if config:
                with open(os.path.join(folder, config[1]), encoding="utf-8") as file:
                    note("nms", json.load(file))
        note("load_model_script", commands)
        log(f"[info] Loading model script commands to {self._hn['name']} from {model_script}")
        arrive("script")

    def optimize(self, data, data_type="dataset"):
        self._need(States.HAILO_MODEL)
        inputs = {name: layer["output_shapes"][0][1:]
                  for name, layer in self._hn["layers"].items() if layer["type"] == "input_layer"}
        arrays = data if isinstance(data, dict) else {next(iter(inputs)): data}
        note("optimize", {name: [array.dtype, list(array.shape)]
                          for name, array in arrays.items()})
        log("[info] Starting Model Optimization")
        for name, shape in inputs.items():
            if list(arrays[name].shape[1:]) != shape:
                log(f"[error] BadInputsShape: Data shape {tuple(arrays[name].shape[1:])} for layer "
                    f"{name} doesn't match network's input shape {tuple(shape)}")
                raise RuntimeError("BadInputsShape")
        count = next(iter(arrays.values())).shape[0]
        if count < 1024:
            log("[warning] Reducing optimization level to 0 (the accuracy won't be optimized and "
                "compression won't be used) because there's less data than the recommended amount "
                "(1024), and there's no available GPU")
        log("[info] Starting Statistics Collector")
        log(f"[info] Using dataset with {count} entries for calibration")
        for done in range(1, count + 1):
            sys.stdout.write(f"Calibration: {100 * done // count:3d}%|###   | {done}/{count} "
                             "[00:01<00:01,  1.9entries/s]\r")
        log("[info] Model Optimization Algorithm Statistics Collector is done (completion time is "
            "00:00:01.29)")
        arrive("optimise")
        for index in range(len(self._hn["net_params"]["output_layers_order"])):
            log(f"[info] \t{self._hn['name']}/output_layer{index + 1} SNR:\t{20 + index}.5 dB")
        log("[info] Model Optimization is done")
        self.state = States.QUANTIZED_MODEL

    def get_params_statistics(self):
        self._need(States.QUANTIZED_MODEL)
        return {f"{name}/layer_noise_analysis/noise_results/{name}": 30.25
                for name, layer in self._hn["layers"].items() if layer["type"] == "conv"}

    def infer_context(self, inference_context):
        self._need(States.QUANTIZED_MODEL)
        note("infer_context", inference_context.name)

        class Context:
            def __enter__(self):
                return inference_context

            def __exit__(self, *_):
                return False
        return Context()

    def infer(self, context, dataset, batch_size=1):
        note("infer", list(dataset.shape))
        return [dataset for _ in self._hn["net_params"]["output_layers_order"]]

    def compile(self):
        self._need(States.QUANTIZED_MODEL)
        note("compile")
        net = self._hn["name"]
        log("[info] Loading network parameters")
        log("[info] Starting Hailo allocation and compilation flow")
        log("[info] Using Multi-context flow")
        log("[info] Finding the best partition to contexts...")
        log("[info] Iteration #4 - 3 contexts")
        log("Found valid partition to 2 contexts, Performance improved by 12,3%")
        log("[info] Partitioner finished after 201 iterations, Time it took: 7m 0s 808ms")
        log("[info] Applying selected partition to 2 contexts...")
        log("[info] Running resources allocation (mapping) flow, time per context: 59m 59s")
        arrive("map")
        log("[info] Successful Mapping (allocation time: 7m 55s)")
        for context in range(2):
            log(f"[info] Compiling kernels of {net}_context_{context}...")
        arrive("kernels")
        log("[info] Building HEF...")
        log("[info] Successful Compilation (compilation time: 10s)")
        self.state = States.COMPILED_MODEL
        with open(scenario()["hef"], "rb") as file:
            return file.read()

    def save_har(self, path, compilation_only=False):
        assert self.state != States.UNINITIALIZED
        arrive("save-" + self.state.value)
        note("save_har", os.path.basename(path), self.state.value)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"state": self.state.value, "hn": self._hn}, file)
        log(f"[info] Saved HAR to: {path}")
