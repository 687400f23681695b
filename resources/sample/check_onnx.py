#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the exported sample networks with ONNX Runtime.

    check_onnx.py figures     measures them on drawn pictures they were not trained on
    check_onnx.py sample      measures the detector on the sample pictures
    check_onnx.py reference   writes tests/data/reference_outputs

ONNX Runtime is used through Node (see run_onnx.cjs); NODE_PATH must lead to onnxruntime-node.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np

import evaluate
import networks
import shapes
import train

SAMPLE = Path(__file__).resolve().parent
TEST_DATA = SAMPLE.parent.parent / "tests" / "data"
DETECTOR = SAMPLE / "detector.onnx"
CLASSIFIER = TEST_DATA / "classifier.onnx"
SEGMENTATION = TEST_DATA / "segmentation.onnx"


def run_onnx(network, inputs):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "input.npy", Path(folder) / "output.npy"
        np.save(source, np.ascontiguousarray(inputs, np.float32))
        subprocess.run(["node", SAMPLE / "run_onnx.cjs", network, source, target], check=True)
        return np.load(target)


def scaled(pictures):
    """RGB bytes (N, H, W, 3) to 0..1 (N, 3, H, W)."""
    return (np.asarray(pictures, np.float32) / 255).transpose(0, 3, 1, 2)


def normalised(pictures):
    """RGB bytes (N, H, W, 3) to ImageNet mean 0 and deviation 1 (N, 3, H, W)."""
    return train.imagenet_normalised(np.asarray(pictures, np.float32) / 255).transpose(0, 3, 1, 2)


def read_rgb(path):
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def print_detector_figures(pictures, truths):
    detections = [evaluate.detections_of(output) for output in run_onnx(DETECTOR, scaled(pictures))]
    map50, map50_95 = evaluate.mean_average_precision(detections, truths, len(shapes.DETECTOR_CLASSES))
    print(f"detector      mAP50 {map50:.4f}  mAP50:95 {map50_95:.4f}  ({len(pictures)} pictures)")


def print_figures():
    pictures, rows = train.draw_detector_pool(200, train.EVALUATION_SEED, vary=False)
    print_detector_figures(pictures, [[(int(row[0]), row[1:]) for row in rows_of if row[0] >= 0]
                                      for rows_of in rows])
    pictures, labels = train.draw_classifier_pool(500, train.EVALUATION_SEED)
    accuracy = evaluate.accuracy(run_onnx(CLASSIFIER, normalised(pictures)), labels)
    print(f"classifier    accuracy {accuracy:.4f}  ({len(pictures)} pictures)")
    pictures, masks = train.draw_segmentation_pool(200, train.EVALUATION_SEED)
    predicted = run_onnx(SEGMENTATION, scaled(pictures)).argmax(axis=1)
    mean_iou = evaluate.mean_iou(predicted, masks, len(shapes.MASK_CLASSES))
    print(f"segmentation  mIoU {mean_iou:.4f}  ({len(pictures)} pictures)")


def print_sample_figures():
    pictures, truths = [], []
    for name, objects in json.loads((SAMPLE / "ground_truth.json").read_text()).items():
        square, scale, (left, top) = shapes.letterbox(read_rgb(SAMPLE / "pictures" / name),
                                                      networks.DETECTOR_SIDE)
        pictures.append(square)
        truths.append([(shapes.DETECTOR_CLASSES.index(label),
                        np.array(box) * scale + [left, top, left, top]) for label, box in objects])
    print_detector_figures(pictures, truths)


def write_reference_outputs():
    square, _, _ = shapes.letterbox(read_rgb(SAMPLE / "pictures" / "shapes-18.jpg"), networks.DETECTOR_SIDE)
    star = read_rgb(TEST_DATA / "classifier_pictures" / "4-star-1.png")
    scene = read_rgb(TEST_DATA / "segmentation_pictures" / "scene-1.png")
    folder = TEST_DATA / "reference_outputs"
    folder.mkdir(parents=True, exist_ok=True)
    for network, inputs in ((DETECTOR, scaled([square])), (CLASSIFIER, normalised([star])),
                            (SEGMENTATION, scaled([scene]))):
        inputs = np.ascontiguousarray(inputs, np.float32)
        np.save(folder / f"{network.stem}-input.npy", inputs)
        np.save(folder / f"{network.stem}-output.npy", run_onnx(network, inputs))


COMMANDS = {"figures": print_figures, "sample": print_sample_figures, "reference": write_reference_outputs}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    COMMANDS[parser.parse_args().command]()


if __name__ == "__main__":
    main()
