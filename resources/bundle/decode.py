"""From the outputs of the network to detections, masks, key points or classes.

Works on real numbers: ask the runtime for FLOAT32 outputs, or use `dequantise` of `model.py`'s
scales. Needs NumPy only. What the outputs are is written in model.py, made from the file's metadata.
"""

import numpy as np

import model


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0)))


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def dequantise(name, stored):
    """Stored integers of one output as real numbers."""
    scale, zero_point = model.QUANTISATION[name]
    return (stored.astype(np.float32) - np.float32(zero_point)) * np.float32(scale)


def activated(values, activation):
    if activation == "sigmoid":
        return sigmoid(values)
    if activation == "softmax":
        return softmax(values)
    return values


def grid(height, width, offset):
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + offset
    return x.reshape(-1, 1), y.reshape(-1, 1)


def boxes_of(tensor, stride):
    """x1, y1, x2, y2 in pixels of the network's input, one row per cell."""
    height, width, features = tensor.shape
    values = tensor.reshape(height * width, features)
    if model.BOX_ENCODING == "dfl":
        bins = features // 4
        # Left, top, right, bottom: the mean of a distribution over 0 to bins - 1.
        values = softmax(values.reshape(-1, 4, bins)) @ np.arange(bins, dtype=np.float32)
    x, y = grid(height, width, model.CELL_OFFSET)
    left, top, right, bottom = (values[:, i : i + 1] for i in range(4))
    return np.concatenate([x - left, y - top, x + right, y + bottom], axis=1) * stride


def key_points_of(tensor, stride):
    """x, y, visibility of each point, one row of points per cell."""
    height, width, features = tensor.shape
    values = tensor.reshape(height * width, features // 3, 3)
    x, y = grid(height, width, model.KEY_POINT_OFFSET)
    factor = model.KEY_POINT_FACTOR
    points = np.empty_like(values)
    points[:, :, 0] = (values[:, :, 0] * factor + x) * stride
    points[:, :, 1] = (values[:, :, 1] * factor + y) * stride
    points[:, :, 2] = sigmoid(values[:, :, 2])
    return points


def overlap(box, boxes):
    """Intersection over union of one box with many."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=1)
    area = np.prod(box[2:] - box[:2])
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return common / np.maximum(area + areas - common, 1e-9)


def suppress(boxes, scores, classes, threshold):
    """Indices of the boxes to keep, best first."""
    kept = []
    order = np.argsort(-scores, kind="stable")
    while order.size > 0:
        best, rest = order[0], order[1:]
        kept.append(best)
        rivals = overlap(boxes[best], boxes[rest]) > threshold
        if model.CLASS_AWARE:
            rivals &= classes[rest] == classes[best]
        order = rest[~rivals]
    return np.array(kept, dtype=np.int64)


def detect(outputs, score_threshold=0.25, overlap_threshold=0.7, most=300):
    """`outputs`: name to array [height, width, features]. Boxes are in pixels of the network's
    input. Returns a list of dictionaries: label, score, box, and points or mask where the network
    has them."""
    boxes, scores, extras = [], [], []
    for scale in model.SCALES:
        stride = scale["stride"]
        boxes.append(boxes_of(outputs[scale["boxes"]], stride))
        values = outputs[scale["scores"]]
        scores.append(activated(values, model.SCORE_ACTIVATION).reshape(-1, values.shape[-1]))
        if "landmarks" in scale:
            extras.append(key_points_of(outputs[scale["landmarks"]], stride))
        elif "mask_coefs" in scale:
            values = outputs[scale["mask_coefs"]]
            extras.append(values.reshape(-1, values.shape[-1]))
    boxes, scores = np.concatenate(boxes), np.concatenate(scores)
    extras = np.concatenate(extras) if extras else None
    classes, best = scores.argmax(axis=1), scores.max(axis=1)
    likely = np.flatnonzero(best >= score_threshold)
    kept = likely[suppress(boxes[likely], best[likely], classes[likely], overlap_threshold)][:most]
    found = []
    for i in kept:
        one = {"label": label(classes[i]), "score": float(best[i]), "box": boxes[i].tolist()}
        if model.TASK == "pose":
            one["points"] = extras[i].tolist()
        elif model.TASK == "segmentation":
            one["mask"] = mask(extras[i], outputs[model.PROTOS], boxes[i])
        found.append(one)
    return found


def mask(coefficients, protos, box):
    """True inside the object, at the prototypes' resolution, cut at the box."""
    height, width, _ = protos.shape
    inside = sigmoid(protos @ coefficients) > 0.5
    scale = np.array([width / model.INPUT_WIDTH, height / model.INPUT_HEIGHT] * 2)
    x1, y1, x2, y2 = np.asarray(box) * scale
    x, y = np.arange(width) + 0.5, (np.arange(height) + 0.5).reshape(-1, 1)
    return inside & (x >= x1) & (x < x2) & (y >= y1) & (y < y2)


def detect_on_runtime(outputs, score_threshold=0.25):
    """Detections of a file whose NMS the runtime computes: per class, rows of y1, x1, y2, x2 (0 to
    1) and score."""
    (per_class,) = outputs.values()
    size = np.array([model.INPUT_WIDTH, model.INPUT_HEIGHT] * 2)
    found = []
    for index, rows in enumerate(per_class):
        for y1, x1, y2, x2, score in np.asarray(rows).reshape(-1, 5):
            if score >= score_threshold:
                box = (np.array([x1, y1, x2, y2]) * size).tolist()
                found.append({"label": label(index), "score": float(score), "box": box})
    return sorted(found, key=lambda one: -one["score"])


def classify(outputs, most=5):
    """The likeliest classes, best first."""
    (values,) = outputs.values()
    scores = activated(np.asarray(values, dtype=np.float32).reshape(-1), model.SCORE_ACTIVATION)
    order = np.argsort(-scores, kind="stable")[:most]
    return [{"label": label(i), "score": float(scores[i])} for i in order]


def label(index):
    return model.LABELS[index] if index < len(model.LABELS) else str(index)


def decode(outputs):
    if model.TASK == "classify":
        return classify(outputs)
    if model.HAS_RUNTIME_NMS:
        return detect_on_runtime(outputs)
    if model.SCALES:
        return detect(outputs)
    return {name: {"shape": list(np.shape(values))} for name, values in outputs.items()}
