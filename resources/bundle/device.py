"""Runs the HEF on the device through HailoRT's Python package (hailo_platform).

`InferModelRunner` uses the InferModel API (HailoRT 4.17 and later, the only one on Hailo-10H);
`StreamRunner` the older one with virtual streams. Both take one picture as the network sees it
(uint8, height × width × channels) and give real numbers by output name.
"""

import numpy as np

import model


class InferModelRunner:
    def __init__(self, timeout_ms=10000):
        from hailo_platform import FormatType, VDevice

        self._timeout_ms = timeout_ms
        self._device = VDevice()
        self._infer_model = self._device.create_infer_model(model.HEF)
        self._infer_model.input().set_format_type(FormatType.UINT8)
        for name in self._infer_model.output_names:
            self._infer_model.output(name).set_format_type(FormatType.FLOAT32)
        self._configured = self._infer_model.configure()

    def __enter__(self):
        self._active = self._configured.__enter__()
        return self

    def __exit__(self, *error):
        self._configured.__exit__(*error)
        self._device.release()

    def __call__(self, picture):
        names = self._infer_model.output_names
        buffers = {
            name: np.empty(self._infer_model.output(name).shape, dtype=np.float32)
            for name in names
        }
        bindings = self._active.create_bindings(output_buffers=buffers)
        bindings.input().set_buffer(np.ascontiguousarray(picture))
        self._active.run([bindings], self._timeout_ms)
        return {name: bindings.output(name).get_buffer() for name in names}


class StreamRunner:
    def __init__(self):
        from hailo_platform import (
            HEF,
            ConfigureParams,
            FormatType,
            HailoStreamInterface,
            InferVStreams,
            InputVStreamParams,
            OutputVStreamParams,
            VDevice,
        )

        hef = HEF(model.HEF)
        self._input = hef.get_input_vstream_infos()[0].name
        self._device = VDevice()
        configuration = ConfigureParams.create_from_hef(
            hef=hef, interface=HailoStreamInterface.PCIe
        )
        self._group = self._device.configure(hef, configuration)[0]
        self._streams = InferVStreams(
            self._group,
            InputVStreamParams.make(self._group, format_type=FormatType.UINT8),
            OutputVStreamParams.make(self._group, format_type=FormatType.FLOAT32),
        )

    def __enter__(self):
        self._pipeline = self._streams.__enter__()
        self._activation = self._group.activate(self._group.create_params())
        self._activation.__enter__()
        return self

    def __exit__(self, *error):
        self._activation.__exit__(*error)
        self._streams.__exit__(*error)
        self._device.release()

    def __call__(self, picture):
        results = self._pipeline.infer({self._input: picture[np.newaxis]})
        return {name: values[0] for name, values in results.items()}


def runner(api):
    return StreamRunner() if api == "streams" else InferModelRunner()
