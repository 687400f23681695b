#!/usr/bin/env python3
"""Records what the device computes, for `hefc compare --recorded`: OUTPUT/<picture>/<output>.npy,
real numbers in the order height, width, channels, with a batch axis.

usage: record.py PICTURE_OR_FOLDER OUTPUT [--api infer-model|streams]
"""

import argparse
import pathlib

import numpy as np

import device
import pictures


def file_name(output):
    return output.replace("/", "_") + ".npy"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", help="a picture, an .npy, or a folder of them")
    parser.add_argument("output", help="the folder to write into")
    parser.add_argument("--api", choices=["infer-model", "streams"], default="infer-model")
    options = parser.parse_args()
    with device.runner(options.api) as run:
        for path in pictures.listed(options.pictures):
            folder = pathlib.Path(options.output) / path.stem
            folder.mkdir(parents=True, exist_ok=True)
            for name, values in run(pictures.load(path)).items():
                if isinstance(values, list):  # lists of the runtime's NMS, one array per class
                    values = np.concatenate([np.asarray(v).reshape(-1, 5) for v in values])
                np.save(folder / file_name(name), np.asarray(values, dtype=np.float32)[np.newaxis])
            print(folder)


if __name__ == "__main__":
    main()
