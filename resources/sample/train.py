#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the sample networks on drawn pictures and exports them to ONNX.

    train.py detector       --out DIR    detector.onnx and labels.txt
    train.py classifier     --out DIR    classifier.onnx and classifier_labels.txt
    train.py segmentation   --out DIR    segmentation.onnx and segmentation_labels.txt
    train.py pictures       --out DIR    pictures/ and ground_truth.json for the detector
    train.py test-pictures  --out DIR    classifier_pictures/ and segmentation_pictures/

Needs PyTorch, ONNX, OpenCV and NumPy. Drawn training pictures are kept in the
directory given by --cache, so that a second run starts at once.
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from torch.nn import functional

import evaluate
import networks
import shapes

TRAINING_SEED = 1
EVALUATION_SEED = 2
SAMPLE_SEED = 3

# Smaller than in the pictures it is measured on: what is hard to see is worth practising.
SMALLEST_TRAINING_RADIUS = 0.055

IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
IMAGENET_STD = np.array([0.229, 0.224, 0.225], np.float32)

OPSET = 13


# --- pools of drawn pictures ----------------------------------------------

def draw_detector_pool(count, seed, vary=True):
    """Letterboxed scenes and their boxes.

    `vary` is for training: it adds JPEG loss, other resampling and smaller objects.
    """
    rng = np.random.default_rng(seed)
    side = networks.DETECTOR_SIDE
    pictures = np.empty((count, side, side, 3), np.uint8)
    boxes = []
    for index in range(count):
        picture, objects = shapes.draw_scene(
            rng, SMALLEST_TRAINING_RADIUS if vary else shapes.SMALLEST_RADIUS)
        resampling = cv2.INTER_LINEAR
        if vary:
            if rng.random() < 0.6:
                picture = jpeg_round_trip(picture, int(rng.integers(70, 96)))
            if rng.random() < 0.4:
                resampling = cv2.INTER_AREA
        pictures[index], scale, (left, top) = shapes.letterbox(picture, side, resampling)
        boxes.append([(label, *(np.array(box) * scale + [left, top, left, top]))
                      for label, box in objects])
    return pictures, pad_boxes(boxes)


def jpeg_round_trip(picture, quality):
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)


def pad_boxes(boxes):
    """Rows (class, x1, y1, x2, y2) in one array; a class of -1 marks an empty row."""
    longest = max(len(rows) for rows in boxes)
    padded = np.zeros((len(boxes), max(longest, 1), 5), np.float32)
    padded[:, :, 0] = -1
    for target, rows in zip(padded, boxes):
        if rows:
            target[:len(rows)] = rows
    return padded


def draw_classifier_pool(count, seed):
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % len(shapes.SYMBOL_CLASSES)
    pictures = np.stack([shapes.draw_symbol(rng, int(label), networks.CLASSIFIER_SIDE)
                         for label in labels])
    return pictures, labels.astype(np.int64)


def draw_segmentation_pool(count, seed):
    rng = np.random.default_rng(seed)
    pairs = [shapes.draw_masked_scene(rng, networks.SEGMENTATION_SIDE) for _ in range(count)]
    return np.stack([picture for picture, _ in pairs]), np.stack([mask for _, mask in pairs])


def cached_pool(cache, name, draw, count, seed):
    if cache is None:
        return draw(count, seed)
    path = Path(cache) / f"{name}-{count}-{seed}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures, truths = draw(count, seed)
        np.savez(path, pictures=pictures, truths=truths)
    with np.load(path) as stored:
        return stored["pictures"], stored["truths"]


# --- shared training loop -------------------------------------------------

class AverageOfWeights:
    """Exponential moving average of a network's weights, with a warm start."""

    def __init__(self, network, decay=0.998):
        self.network = copy.deepcopy(network).eval()
        self.decay, self.updates = decay, 0

    @torch.no_grad()
    def update(self, network):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for kept, new in zip(self.network.state_dict().values(), network.state_dict().values()):
            if kept.dtype.is_floating_point:
                kept.mul_(decay).add_(new, alpha=1 - decay)
            else:
                kept.copy_(new)


def train(network, sample_count, load_batch, loss_of, epochs, batch, peak_rate, report):
    """AdamW under a warm-up and cosine schedule; returns the averaged network."""
    rng = np.random.default_rng(TRAINING_SEED)
    decayed = [p for p in network.parameters() if p.requires_grad and p.ndim > 1]
    plain = [p for p in network.parameters() if p.requires_grad and p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01},
                                   {"params": plain, "weight_decay": 0.0}], lr=peak_rate)
    steps = epochs * (sample_count // batch)
    warm_up = max(1, min(200, steps // 10))
    average = AverageOfWeights(network)
    network.train()
    step, started = 0, time.time()
    for epoch in range(epochs):
        order = rng.permutation(sample_count)
        total = 0.0
        for first in range(0, sample_count - batch + 1, batch):
            progress = max(0, step - warm_up) / max(1, steps - warm_up)
            rate = peak_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1, (step + 1) / warm_up)
            loss = loss_of(network, *load_batch(rng, order[first:first + batch]))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 10.0)
            optimiser.step()
            average.update(network)
            total += float(loss)
            step += 1
        print(f"epoch {epoch + 1}/{epochs}  loss {total * batch / sample_count:.3f}  "
              f"{report(average.network)}  {time.time() - started:.0f} s", flush=True)
    return average.network


def vary_colours(rng, pictures):
    """Float pictures 0..1 with permuted channels, other contrast and brightness."""
    pictures = pictures[..., rng.permutation(3)].astype(np.float32) / 255
    count = len(pictures)
    gain = rng.uniform(0.8, 1.2, (count, 1, 1, 1)).astype(np.float32)
    shift = rng.uniform(-0.08, 0.08, (count, 1, 1, 1)).astype(np.float32)
    return np.clip(pictures * gain + shift, 0, 1)


def random_flips(rng):
    """(transpose, mirror, upside down): one of the eight symmetries of a square."""
    return tuple(rng.random(3) < 0.5)


def flip_picture(picture, flips):
    transpose, mirror, upside_down = flips
    if transpose:
        picture = picture.swapaxes(0, 1)
    if mirror:
        picture = picture[:, ::-1]
    if upside_down:
        picture = picture[::-1]
    return picture


def flip_boxes(rows, flips, side):
    """The same symmetry for rows (class, x1, y1, x2, y2)."""
    transpose, mirror, upside_down = flips
    if transpose:
        rows = rows[:, [0, 2, 1, 4, 3]]
    if mirror:
        rows = np.stack((rows[:, 0], side - rows[:, 3], rows[:, 2], side - rows[:, 1], rows[:, 4]), 1)
    if upside_down:
        rows = np.stack((rows[:, 0], rows[:, 1], side - rows[:, 4], rows[:, 3], side - rows[:, 2]), 1)
    return rows


def planes(pictures):
    """Pictures (N, H, W, 3) as a tensor (N, 3, H, W)."""
    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))


def imagenet_normalised(pictures):
    return (pictures - IMAGENET_MEAN) / IMAGENET_STD


def run_in_batches(network, inputs, batch=50):
    with torch.no_grad():
        return np.concatenate([network(inputs[i:i + batch]).numpy()
                               for i in range(0, len(inputs), batch)])


# --- detector loss --------------------------------------------------------

def complete_iou(a, b):
    """CIoU of boxes (x1, y1, x2, y2), broadcast over leading dimensions."""
    overlap = ((torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2]))
               .clamp(min=0).prod(-1))
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    iou = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + 1e-7)
    hull = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    diagonal = hull.pow(2).sum(-1) + 1e-7
    distance = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]).pow(2).sum(-1) / 4
    shape = (4 / math.pi ** 2) * (torch.atan(size_b[..., 0] / (size_b[..., 1] + 1e-7))
                                  - torch.atan(size_a[..., 0] / (size_a[..., 1] + 1e-7))).pow(2)
    with torch.no_grad():
        weight = shape / (shape - iou + 1 + 1e-7)
    return iou - distance / diagonal - weight * shape


@torch.no_grad()
def assign(scores, boxes, centres, truth_classes, truth_boxes, candidates=8):
    """Task-aligned assignment.

    scores (B, N, C), boxes (B, N, 4), centres (N, 2) in pixels, truth_classes (B, M)
    with -1 for empty rows, truth_boxes (B, M, 4). Returns for each cell the index of its
    truth (B, N), whether it has one (B, N), and the score it should give (B, N).
    """
    present = truth_classes >= 0
    offsets = torch.cat((centres[None, None] - truth_boxes[:, :, None, :2],
                         truth_boxes[:, :, None, 2:] - centres[None, None]), -1)
    inside = (offsets.amin(-1) > 1e-6) & present[..., None]
    iou = complete_iou(truth_boxes[:, :, None], boxes[:, None]).clamp(min=0)
    class_rows = truth_classes.clamp(min=0).long()[..., None].expand(-1, -1, scores.shape[1])
    alignment = scores.transpose(1, 2).gather(1, class_rows).sqrt() * iou.pow(6) * inside
    best = (alignment + 1e-9 * inside).topk(candidates, -1)
    chosen = torch.zeros_like(inside).scatter_(-1, best.indices, best.values > 0)
    claimed = (iou * chosen).argmax(1, keepdim=True)
    owner_only = torch.zeros_like(chosen).scatter_(1, claimed, True)
    chosen = chosen & (owner_only | (chosen.sum(1, keepdim=True) <= 1))
    alignment, iou = alignment * chosen, iou * chosen
    target = alignment * iou.amax(-1, keepdim=True) / (alignment.amax(-1, keepdim=True) + 1e-9)
    return chosen.float().argmax(1), chosen.any(1), target.amax(1)


class DetectorLoss:
    BOX_WEIGHT, CLASS_WEIGHT, DISTRIBUTION_WEIGHT = 7.5, 0.5, 1.5

    def __init__(self, head):
        self.head = head
        self.centres = (head.anchors * head.strides).t()

    def __call__(self, network, inputs, truths):
        head = self.head
        distances, logits = network(inputs).split((4 * head.bins, head.classes), 1)
        decoded = head.decode(distances).transpose(1, 2)
        boxes = torch.cat((decoded[..., :2] - decoded[..., 2:] / 2,
                           decoded[..., :2] + decoded[..., 2:] / 2), -1)
        logits = logits.transpose(1, 2)
        owner, assigned, target_score = assign(logits.detach().sigmoid(), boxes.detach(), self.centres,
                                               truths[..., 0], truths[..., 1:])
        owner_boxes = truths[..., 1:].gather(1, owner[..., None].expand(-1, -1, 4))
        owner_classes = truths[..., 0].gather(1, owner).long().clamp(min=0)
        target = functional.one_hot(owner_classes, head.classes) * target_score[..., None]
        scale = target_score.sum().clamp(min=1)
        class_loss = functional.binary_cross_entropy_with_logits(logits, target, reduction="sum") / scale
        if not assigned.any():
            return self.CLASS_WEIGHT * class_loss
        weight = target_score[assigned]
        box_loss = ((1 - complete_iou(boxes[assigned], owner_boxes[assigned])) * weight).sum() / scale
        distribution_loss = (self._distribution_loss(distances, owner_boxes, assigned)
                             * weight).sum() / scale
        return (self.BOX_WEIGHT * box_loss + self.CLASS_WEIGHT * class_loss
                + self.DISTRIBUTION_WEIGHT * distribution_loss)

    def _distribution_loss(self, distances, owner_boxes, assigned):
        """Cross-entropy against the two whole distances next to the true one."""
        bins = self.head.bins
        spread = distances.transpose(1, 2)[assigned].view(-1, 4, bins)
        centres = self.centres[None].expand(len(owner_boxes), -1, -1)[assigned]
        strides = self.head.strides.t()[None].expand(len(owner_boxes), -1, -1)[assigned]
        boxes = owner_boxes[assigned]
        true = torch.cat((centres - boxes[:, :2], boxes[:, 2:] - centres), 1) / strides
        true = true.clamp(0, bins - 1.01)
        lower = true.long()
        upper_share = true - lower
        log_share = spread.log_softmax(-1)
        loss = (-log_share.gather(-1, lower[..., None])[..., 0] * (1 - upper_share)
                - log_share.gather(-1, lower[..., None] + 1)[..., 0] * upper_share)
        return loss.mean(1)


# --- the three trainings --------------------------------------------------

def evaluate_detector(network, pictures, truths):
    outputs = run_in_batches(network, planes(pictures.astype(np.float32) / 255))
    objects = [[(int(row[0]), row[1:]) for row in rows if row[0] >= 0] for rows in truths]
    detections = [evaluate.detections_of(output) for output in outputs]
    return evaluate.mean_average_precision(detections, objects, len(shapes.DETECTOR_CLASSES))


def train_detector(options):
    pictures, truths = cached_pool(options.cache, "detector", draw_detector_pool,
                                   options.samples or 6000, TRAINING_SEED)
    test = draw_detector_pool(60, EVALUATION_SEED, vary=False)
    network = networks.Detector(len(shapes.DETECTOR_CLASSES))
    go_on_from(options.start, network, pictures)
    network = network.to(memory_format=torch.channels_last)

    def load_batch(rng, indices):
        batch, rows = [], []
        for index in indices:
            flips = random_flips(rng)
            batch.append(flip_picture(pictures[index], flips))
            rows.append(flip_boxes(truths[index], flips, networks.DETECTOR_SIDE))
        return planes(vary_colours(rng, np.stack(batch))), torch.from_numpy(np.stack(rows))

    def report(candidate):
        export_detector(candidate, options.out)  # a stopped run leaves a usable file
        return "mAP50 {:.3f}  mAP50:95 {:.3f}".format(*evaluate_detector(candidate, *test))

    network = train(network, len(pictures), load_batch, DetectorLoss(network.head),
                    epochs=options.epochs or 10, batch=16, peak_rate=options.rate or 2e-3,
                    report=report)
    export_detector(network, options.out)
    print(f"{networks.parameter_count(network)} parameters")
    write_labels(options.out / "labels.txt", shapes.DETECTOR_CLASSES)


def go_on_from(path, network, pictures):
    """Take over the weights of an earlier export, if one was named."""
    if path:
        networks.load_folded(network, onnx.load(str(path)), planes(pictures[:64].astype(np.float32) / 255))


def export_detector(network, folder):
    side = networks.DETECTOR_SIDE
    export(network, side, folder / "detector.onnx", {
        "description": "Sample detector: discs and triangles",
        "license": "GPL-3.0-or-later",
        "task": "detect",
        "stride": str(max(networks.DETECTOR_STRIDES)),
        "batch": "1",
        "imgsz": str([side, side]),
        "names": str(dict(enumerate(shapes.DETECTOR_CLASSES))),
    })


def train_classifier(options):
    pictures, labels = cached_pool(options.cache, "classifier", draw_classifier_pool,
                                   options.samples or 6000, TRAINING_SEED)
    test_pictures, test_labels = draw_classifier_pool(500, EVALUATION_SEED)
    test_inputs = planes(imagenet_normalised(test_pictures.astype(np.float32) / 255))

    def load_batch(rng, indices):
        batch = np.stack([flip_picture(pictures[i], random_flips(rng)) for i in indices])
        return (planes(imagenet_normalised(vary_colours(rng, batch))),
                torch.from_numpy(labels[indices]))

    def report(candidate):
        return f"accuracy {evaluate.accuracy(run_in_batches(candidate, test_inputs), test_labels):.3f}"

    network = train(networks.Classifier(len(shapes.SYMBOL_CLASSES)), len(pictures), load_batch,
                    lambda net, x, y: functional.cross_entropy(net(x), y, label_smoothing=0.05),
                    epochs=options.epochs or 14, batch=32, peak_rate=options.rate or 4e-3, report=report)
    print(f"{networks.parameter_count(network)} parameters")
    export(network, networks.CLASSIFIER_SIDE, options.out / "classifier.onnx", {})
    write_labels(options.out / "classifier_labels.txt", shapes.SYMBOL_CLASSES)


def train_segmentation(options):
    pictures, masks = cached_pool(options.cache, "segmentation", draw_segmentation_pool,
                                  options.samples or 2000, TRAINING_SEED)
    test_pictures, test_masks = draw_segmentation_pool(60, EVALUATION_SEED)
    test_inputs = planes(test_pictures.astype(np.float32) / 255)
    class_weight = torch.tensor([0.5, 1.0, 1.0])

    def load_batch(rng, indices):
        flips = [random_flips(rng) for _ in indices]
        batch = np.stack([flip_picture(pictures[i], f) for i, f in zip(indices, flips)])
        rows = np.stack([flip_picture(masks[i], f) for i, f in zip(indices, flips)])
        return planes(vary_colours(rng, batch)), torch.from_numpy(rows.astype(np.int64))

    def report(candidate):
        export(candidate, networks.SEGMENTATION_SIDE, options.out / "segmentation.onnx", {})
        predicted = run_in_batches(candidate, test_inputs).argmax(axis=1)
        return f"mIoU {evaluate.mean_iou(predicted, test_masks, len(shapes.MASK_CLASSES)):.3f}"

    network = networks.Segmentation(len(shapes.MASK_CLASSES))
    go_on_from(options.start, network, pictures)
    network = train(network, len(pictures), load_batch,
                    lambda net, x, y: functional.cross_entropy(net(x), y, class_weight),
                    epochs=options.epochs or 10, batch=16, peak_rate=options.rate or 5e-3, report=report)
    print(f"{networks.parameter_count(network)} parameters")
    export(network, networks.SEGMENTATION_SIDE, options.out / "segmentation.onnx", {})
    write_labels(options.out / "segmentation_labels.txt", shapes.MASK_CLASSES)


def export(network, side, path, metadata):
    """Export for one picture of fixed size; batch normalisation is folded on the way."""
    network.eval()
    torch.onnx.export(network, torch.zeros(1, 3, side, side), str(path), opset_version=OPSET,
                      input_names=["images"], output_names=["output0"], do_constant_folding=True)
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, metadata)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def write_labels(path, names):
    path.write_text("".join(f"{name}\n" for name in names))


# --- pictures to ship -----------------------------------------------------

def write_jpeg(path, picture):
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])


def write_png(path, picture):
    """A lossless file; colours in steps of four make it a good deal smaller."""
    cv2.imwrite(str(path), cv2.cvtColor(picture & 0xFC, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def draw_sample_pictures(options, count=28):
    """Sample pictures at their full size, with boxes in pixels of each picture."""
    rng = np.random.default_rng(SAMPLE_SEED)
    folder = options.out / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    truths = {}
    for index in range(count):
        picture, objects = shapes.draw_scene(rng)
        name = f"shapes-{index + 1:02}.jpg"
        write_jpeg(folder / name, picture)
        truths[name] = [[shapes.DETECTOR_CLASSES[label], box] for label, box in objects]
    lines = [f"  {json.dumps(name)}: {json.dumps(objects)}" for name, objects in truths.items()]
    (options.out / "ground_truth.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def draw_test_pictures(options):
    """Small inputs for the tests: two symbols of each class, six masked scenes."""
    rng = np.random.default_rng(SAMPLE_SEED)
    folder = options.out / "classifier_pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(2 * len(shapes.SYMBOL_CLASSES)):
        label = index % len(shapes.SYMBOL_CLASSES)
        name = f"{label}-{shapes.SYMBOL_CLASSES[label]}-{index // len(shapes.SYMBOL_CLASSES) + 1}.png"
        write_png(folder / name, shapes.draw_symbol(rng, label, networks.CLASSIFIER_SIDE))
    folder = options.out / "segmentation_pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(6):
        picture, mask = shapes.draw_masked_scene(rng, networks.SEGMENTATION_SIDE)
        write_png(folder / f"scene-{index + 1}.png", picture)
        cv2.imwrite(str(folder / f"scene-{index + 1}-mask.png"), mask, [cv2.IMWRITE_PNG_COMPRESSION, 9])


COMMANDS = {
    "detector": train_detector,
    "classifier": train_classifier,
    "segmentation": train_segmentation,
    "pictures": draw_sample_pictures,
    "test-pictures": draw_test_pictures,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--out", type=Path, required=True, help="directory to write to")
    parser.add_argument("--cache", type=Path, help="directory that keeps the drawn training pictures")
    parser.add_argument("--epochs", type=int, help="passes over the training pictures")
    parser.add_argument("--samples", type=int, help="number of training pictures")
    parser.add_argument("--start", type=Path, help="exported detector or segmentation to go on from")
    parser.add_argument("--rate", type=float, help="peak learning rate")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    torch.set_num_threads(options.threads)
    torch.manual_seed(TRAINING_SEED)
    COMMANDS[options.command](options)


if __name__ == "__main__":
    main()
