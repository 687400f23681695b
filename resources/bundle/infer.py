#!/usr/bin/env python3
"""Runs pictures through the HEF on the device and prints what is found.

usage: infer.py PICTURE_OR_FOLDER [--api infer-model|streams]
"""

import argparse

import decode
import device
import pictures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", help="a picture, an .npy, or a folder of them")
    parser.add_argument("--api", choices=["infer-model", "streams"], default="infer-model")
    options = parser.parse_args()
    with device.runner(options.api) as run:
        for path in pictures.listed(options.pictures):
            result = decode.decode(run(pictures.load(path)))
            print(f"{path}:")
            for line in result if isinstance(result, list) else result.items():
                if isinstance(line, dict) and "mask" in line:
                    line = {**line, "mask": f"{int(line['mask'].sum())} cells"}
                print(f"  {line}")


if __name__ == "__main__":
    main()
