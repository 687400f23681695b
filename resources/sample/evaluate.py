# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of merit of the sample networks, and the decoding they need."""

import numpy as np

MATCH_THRESHOLDS = np.arange(0.5, 1.0, 0.05)
RECALL_POINTS = np.linspace(0, 1, 101)


def pairwise_iou(first, second):
    """IoU of every box (x1, y1, x2, y2) of `first` with every box of `second`."""
    corner_min = np.maximum(first[:, None, :2], second[None, :, :2])
    corner_max = np.minimum(first[:, None, 2:], second[None, :, 2:])
    overlap = np.prod(np.clip(corner_max - corner_min, 0, None), axis=2)
    first_area = np.prod(first[:, 2:] - first[:, :2], axis=1)
    second_area = np.prod(second[:, 2:] - second[:, :2], axis=1)
    return overlap / (first_area[:, None] + second_area[None, :] - overlap + 1e-9)


def detections_of(output, score_threshold=0.01, iou_threshold=0.6, most=100):
    """Decode one detector output (4 + classes, cells) to rows (class, score, x1, y1, x2, y2)."""
    centre, size, scores = output[:2].T, output[2:4].T, output[4:]
    corners = np.concatenate((centre - size / 2, centre + size / 2), axis=1)
    rows = []
    for class_index, class_scores in enumerate(scores):
        order = np.argsort(-class_scores, kind="stable")
        order = order[class_scores[order] > score_threshold][:most]
        while order.size:
            best, rest = order[0], order[1:]
            rows.append((class_index, class_scores[best], *corners[best]))
            order = rest[pairwise_iou(corners[best][None], corners[rest])[0] <= iou_threshold]
    rows.sort(key=lambda row: -row[1])
    return np.array(rows[:most], dtype=np.float64).reshape(-1, 6)


def average_precision(detections, truths, class_index, threshold):
    """COCO-style average precision (101 recall points) of one class at one IoU threshold."""
    found, truth_count = [], 0
    for rows, objects in zip(detections, truths):
        boxes = np.array([box for label, box in objects if label == class_index], float).reshape(-1, 4)
        truth_count += len(boxes)
        free = np.ones(len(boxes), bool)
        for row in rows[rows[:, 0] == class_index]:
            overlap = pairwise_iou(row[None, 2:], boxes)[0] * free if len(boxes) else np.zeros(0)
            hit = overlap.size > 0 and overlap.max() >= threshold
            if hit:
                free[overlap.argmax()] = False
            found.append((row[1], hit))
    if truth_count == 0 or not found:
        return 0.0
    hits = np.array([hit for _, hit in sorted(found, key=lambda item: -item[0])])
    recall = np.cumsum(hits) / truth_count
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    position = np.searchsorted(recall, RECALL_POINTS, side="left")
    return float(np.append(precision, 0.0)[np.minimum(position, len(precision))].mean())


def mean_average_precision(detections, truths, classes):
    """(mAP50, mAP50:95) over pictures."""
    table = np.array([[average_precision(detections, truths, c, t) for t in MATCH_THRESHOLDS]
                      for c in range(classes)])
    return float(table[:, 0].mean()), float(table.mean())


def accuracy(logits, labels):
    return float((logits.argmax(axis=1) == labels).mean())


def mean_iou(predicted, truth, classes):
    ious = []
    for value in range(classes):
        a, b = predicted == value, truth == value
        ious.append((a & b).sum() / max((a | b).sum(), 1))
    return float(np.mean(ious))
