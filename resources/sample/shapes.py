# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the pictures the sample networks are trained and tested on.

Every picture is an RGB uint8 array, drawn from nothing but a random generator,
so the same seed always gives the same picture.

Three kinds of pictures exist:

* scenes (`draw_scene`): discs and triangles among clutter, with boxes;
* symbols (`draw_symbol`): one of ten shapes or textures, with its class;
* masked scenes (`draw_masked_scene`): round and angular shapes, with a mask.
"""

from dataclasses import dataclass

import cv2
import numpy as np

cv2.setNumThreads(1)

DETECTOR_CLASSES = ("disc", "triangle")
SYMBOL_CLASSES = ("disc", "ring", "square", "triangle", "star",
                  "cross", "crescent", "stripes", "checkerboard", "dots")
MASK_CLASSES = ("background", "round", "angular")

LETTERBOX_COLOUR = 114

SCENE_SIZES = ((320, 240), (400, 300), (300, 400), (320, 320), (416, 256), (240, 360), (360, 270))
SMALLEST_VISIBLE_FRACTION = 0.6
SMALLEST_RADIUS, LARGEST_RADIUS = 0.08, 0.26  # of the long side of a scene
SUBPIXEL_BITS = 4


# --- outlines -------------------------------------------------------------

def _ellipse(width, height, points=56):
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.stack([width * np.cos(turn), height * np.sin(turn)], axis=1)


def _regular_polygon(corners):
    return _ellipse(1, 1, corners)


def _star(tips, inner):
    turn = np.linspace(0, 2 * np.pi, 2 * tips, endpoint=False)
    radius = np.where(np.arange(2 * tips) % 2 == 0, 1.0, inner)[:, None]
    return radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _cross(arm):
    return np.array([[-arm, -1], [arm, -1], [arm, -arm], [1, -arm], [1, arm], [arm, arm],
                     [arm, 1], [-arm, 1], [-arm, arm], [-1, arm], [-1, -arm], [-arm, -arm]])


def _crescent():
    """Three quarters of a circle, closed by the left side of a second circle."""
    outer = np.linspace(0.25 * np.pi, 1.75 * np.pi, 32)
    outer_arc = np.stack([np.cos(outer), np.sin(outer)], axis=1)
    tip_x, tip_y = outer_arc[-1]
    centre_x = tip_x + 0.12
    radius = np.hypot(tip_x - centre_x, tip_y)
    tip_angle = np.arctan2(tip_y, tip_x - centre_x)
    inner = np.linspace(tip_angle, -2 * np.pi - tip_angle, 32)
    inner_arc = np.stack([centre_x + radius * np.cos(inner), radius * np.sin(inner)], axis=1)
    return np.concatenate([outer_arc, inner_arc])


def unit_outline(kind, rng):
    """Contours of a shape of about unit radius; a second contour cuts a hole."""
    if kind == "disc":
        return [_ellipse(1, rng.uniform(0.75, 1))]
    if kind == "ring":
        hole = rng.uniform(0.5, 0.7)
        return [_ellipse(1, 1), _ellipse(hole, hole)]
    if kind == "triangle":
        corners = np.radians([90, 210, 330] + rng.uniform(-12, 12, 3))
        return [np.stack([np.cos(corners), np.sin(corners)], axis=1)]
    if kind == "square":
        return [_regular_polygon(4)]
    if kind == "rectangle":
        return [_regular_polygon(4) @ np.array([[0.7, 0.7], [-0.7, 0.7]]) * [1, rng.uniform(0.3, 0.7)]]
    if kind == "star":
        return [_star(5, rng.uniform(0.38, 0.5))]
    if kind == "cross":
        return [_cross(rng.uniform(0.22, 0.34)) * 0.9]
    if kind == "crescent":
        return [_crescent()]
    if kind == "bar":
        return [np.array([[-1, -0.06], [1, -0.06], [1, 0.06], [-1, 0.06]])]
    raise ValueError(f"unknown shape {kind}")


def place(contours, centre, radius, angle):
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.array([[cos, sin], [-sin, cos]])
    return [contour @ rotation * radius + centre for contour in contours]


def area_of(contours):
    """Area of the first contour: what would be seen of an uncovered shape."""
    x, y = contours[0][:, 0], contours[0][:, 1]
    return 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))


def coverage(contours, height, width):
    """How much of each pixel the shape covers, 0..255, with smooth edges."""
    # Pixel centres lie on whole numbers for the drawing routine and on halves for boxes.
    fixed_point = [np.round((contour - 0.5) * (1 << SUBPIXEL_BITS)).astype(np.int32)
                   for contour in contours]
    canvas = np.zeros((height, width), np.uint8)
    cv2.fillPoly(canvas, fixed_point, 255, cv2.LINE_AA, SUBPIXEL_BITS)
    return canvas


# --- colours and textures -------------------------------------------------

def random_colour(rng, unlike=None, distance=90):
    for _ in range(50):
        colour = rng.uniform(10, 245, 3)
        if unlike is None or np.linalg.norm(colour - unlike) > distance:
            break
    return colour


def smooth_noise(rng, height, width, cells):
    coarse = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def grain(rng, height, width, strength):
    return np.float32(strength) * rng.standard_normal((height, width), dtype=np.float32)


def stripe_wave(height, width, angle, period, phase):
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    frequency = 2 * np.pi / period
    return np.sin(x * np.float32(np.cos(angle) * frequency)
                  + y * np.float32(np.sin(angle) * frequency) + np.float32(phase))


def draw_background(rng, height, width, contrast=1.0):
    """A two-colour gradient under blotches, sometimes with weak stripes, and grain."""
    first = random_colour(rng)
    second = np.clip(first + rng.normal(0, 35 * contrast, 3), 0, 255)
    ramp = stripe_wave(height, width, rng.uniform(0, np.pi),
                       rng.uniform(1.2, 3) * max(height, width), rng.uniform(0, 6.28))
    brightness = np.zeros((height, width), np.float32)
    for cells in (4, 9, 20):
        brightness += np.float32(rng.uniform(0, 10) * contrast) * smooth_noise(rng, height, width, cells)
    if rng.random() < 0.3:
        wave = stripe_wave(height, width, rng.uniform(0, np.pi), rng.uniform(8, 40), 0)
        brightness += np.float32(rng.uniform(4, 14) * contrast) * wave
    brightness += grain(rng, height, width, rng.uniform(0, 4))
    middle, spread = np.float32((first + second) / 2), np.float32((first - second) / 2)
    planes = [brightness + (middle[c] + spread[c] * ramp) for c in range(3)]
    return np.clip(cv2.merge(planes), 0, 255)


def draw_fill(rng, height, width, colour):
    """What a shape is filled with: plain, shaded or striped."""
    fill = np.broadcast_to(colour.astype(np.float32), (height, width, 3))
    style = rng.random()
    if style < 0.3:
        shade = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None]
        fill = fill + np.float32(rng.uniform(-45, 45)) * shade
    elif style < 0.5:
        wave = stripe_wave(height, width, rng.uniform(0, np.pi), rng.uniform(6, 16), 0)
        fill = fill + np.float32(rng.uniform(10, 30)) * wave[..., None]
    return fill + grain(rng, height, width, 2)[..., None]


def paint(rng, picture, alpha, distance=90):
    """Lay a shape of a colour that stands out from what it covers onto the picture."""
    left, top, width, height = cv2.boundingRect(alpha)
    if width == 0 or height == 0:
        return
    window = (slice(top, top + height), slice(left, left + width))
    beneath = picture[window].reshape(-1, 3).mean(axis=0)
    fill = draw_fill(rng, height, width, random_colour(rng, beneath, distance))
    weight = alpha[window].astype(np.float32)[..., None] / 255
    picture[window] = picture[window] * (1 - weight) + fill * weight


def finish(rng, picture, brightness=0.15):
    picture = picture * np.float32(rng.uniform(1 - brightness, 1 + brightness))
    if rng.random() < 0.25:
        picture = cv2.GaussianBlur(picture, (3, 3), rng.uniform(0.4, 0.9))
    return np.clip(picture, 0, 255).astype(np.uint8)


# --- scenes with boxes (detector) -----------------------------------------

@dataclass
class _PlacedShape:
    kind: str
    full_area: float
    visible: np.ndarray


def _box_of(mask):
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return [left, top, left + width, top + height]


def draw_scene(rng, smallest_radius=SMALLEST_RADIUS):
    """A picture and its objects [(class index, [x1, y1, x2, y2])] in pixels.

    A box surrounds the part of a shape that can be seen. At least
    SMALLEST_VISIBLE_FRACTION of each labelled shape is visible.
    """
    width, height = SCENE_SIZES[rng.integers(len(SCENE_SIZES))]
    long_side = max(width, height)
    picture = draw_background(rng, height, width)

    wanted = [str(rng.choice(DETECTOR_CLASSES)) for _ in range(rng.integers(1, 7))]
    wanted += [str(rng.choice(["rectangle", "cross", "star", "bar"])) for _ in range(rng.integers(0, 4))]
    rng.shuffle(wanted)

    placed = []
    for kind in wanted:
        for _ in range(8):
            radius = long_side * np.exp(rng.uniform(np.log(smallest_radius), np.log(LARGEST_RADIUS)))
            centre = rng.uniform([0, 0], [width, height])
            contours = place(unit_outline(kind, rng), centre, radius, rng.uniform(0, 2 * np.pi))
            alpha = coverage(contours, height, width)
            mask = alpha >= 128
            full_area = area_of(contours)
            fits = kind not in DETECTOR_CLASSES or mask.sum() >= SMALLEST_VISIBLE_FRACTION * full_area
            keeps_others_visible = all(
                (other.visible & ~mask).sum() >= SMALLEST_VISIBLE_FRACTION * other.full_area
                for other in placed if other.kind in DETECTOR_CLASSES)
            if fits and keeps_others_visible:
                for other in placed:
                    other.visible &= ~mask
                placed.append(_PlacedShape(kind, full_area, mask))
                paint(rng, picture, alpha)
                break

    objects = [(DETECTOR_CLASSES.index(shape.kind), _box_of(shape.visible))
               for shape in placed if shape.kind in DETECTOR_CLASSES]
    return finish(rng, picture), objects


def letterbox(picture, side, interpolation=cv2.INTER_LINEAR):
    """Scale into a square of `side`, centred, the rest filled with LETTERBOX_COLOUR.

    Returns the square picture, the scale and the (left, top) offset.
    """
    height, width = picture.shape[:2]
    scale = min(side / width, side / height)
    new_width, new_height = round(width * scale), round(height * scale)
    left, top = (side - new_width) // 2, (side - new_height) // 2
    square = np.full((side, side, 3), LETTERBOX_COLOUR, np.uint8)
    square[top:top + new_height, left:left + new_width] = cv2.resize(
        picture, (new_width, new_height), interpolation=interpolation)
    return square, scale, (left, top)


# --- symbols (classifier) -------------------------------------------------

def draw_symbol(rng, class_index, side=64):
    """One shape on a textured background, or a texture that fills the picture."""
    kind = SYMBOL_CLASSES[class_index]
    picture = draw_background(rng, side, side, contrast=0.7)
    if kind in ("stripes", "checkerboard", "dots"):
        pattern = _pattern(rng, kind, side)
        paint(rng, picture, pattern, distance=80)
        return finish(rng, picture)
    radius = side * rng.uniform(0.22, 0.42)
    reach = 0.55 * radius
    centre = rng.uniform(reach, side - reach, 2) if rng.random() < 0.3 else (
        side / 2 + rng.uniform(-1, 1, 2) * (side / 2 - radius))
    centre = np.clip(centre, 0.8 * radius, side - 0.8 * radius)
    if rng.random() < 0.4:
        bar = place(unit_outline("bar", rng), rng.uniform(0, side, 2), side, rng.uniform(0, np.pi))
        paint(rng, picture, coverage(bar, side, side), distance=40)
    contours = place(unit_outline(kind, rng), centre, radius, rng.uniform(0, 2 * np.pi))
    paint(rng, picture, coverage(contours, side, side), distance=80)
    return finish(rng, picture)


def _pattern(rng, kind, side):
    angle, period = rng.uniform(0, np.pi), rng.uniform(8, 18)
    first = stripe_wave(side, side, angle, period, rng.uniform(0, 6.28))
    second = stripe_wave(side, side, angle + np.pi / 2, period, rng.uniform(0, 6.28))
    if kind == "stripes":
        level = first
    elif kind == "checkerboard":
        level = first * second * 3
    else:
        level = first + second - 0.9
    return np.clip(128 + 300 * level, 0, 255).astype(np.uint8)


# --- scenes with masks (segmentation) -------------------------------------

ROUND_SHAPES = ("disc", "ring")
ANGULAR_SHAPES = ("triangle", "square", "star", "cross", "rectangle")


def draw_masked_scene(rng, side=96):
    """A picture and its mask of class indices (see MASK_CLASSES)."""
    picture = draw_background(rng, side, side)
    mask = np.zeros((side, side), np.uint8)
    for _ in range(rng.integers(1, 6)):
        if rng.random() < 0.5:
            value, kind = 1, str(rng.choice(ROUND_SHAPES))
        else:
            value, kind = 2, str(rng.choice(ANGULAR_SHAPES))
        radius = side * rng.uniform(0.14, 0.3)
        contours = place(unit_outline(kind, rng), rng.uniform(0, side, 2), radius,
                         rng.uniform(0, 2 * np.pi))
        alpha = coverage(contours, side, side)
        paint(rng, picture, alpha)
        mask[alpha >= 128] = value
    return finish(rng, picture), mask
