# SPDX-License-Identifier: GPL-3.0-or-later
"""The three sample networks."""

import onnx
import onnx.numpy_helper
import torch
from torch import nn
from torch.nn import functional

DETECTOR_SIDE = 160
DETECTOR_STRIDES = (8, 16, 32)
DETECTOR_BINS = 8
CLASSIFIER_SIDE = 64
SEGMENTATION_SIDE = 96


def parameter_count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def load_folded(network, model, pictures):
    """Take over the weights of an exported network, whose normalisation is folded.

    The convolutions of both sides are matched in the order in which they are run. Each
    batch normalisation gets the statistics it meets on `pictures`, and the scale and shift
    that undo it, so that the network computes what the exported one does and can be trained on.
    """
    tensors = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    exported = iter([[torch.from_numpy(tensors[name].copy()) for name in node.input[1:]]
                     for node in model.graph.node if node.op_type in ("Conv", "ConvTranspose")])
    normalisation = {}
    for module in network.modules():
        children = list(module.children())
        for first, second in zip(children, children[1:]):
            if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                normalisation[first] = second

    def load(layer, _):
        weight, *bias = next(exported)
        layer.weight.data.copy_(weight)
        layer.loaded_bias = bias[0] if bias else None
        if layer.bias is not None:
            layer.bias.data.copy_(bias[0])

    def undo_normalisation(layer, _, output):
        if layer in normalisation:
            norm = normalisation[layer]
            norm.running_mean.copy_(output.mean((0, 2, 3)))
            norm.running_var.copy_(output.var((0, 2, 3), unbiased=False))
            norm.weight.data.copy_((norm.running_var + norm.eps).sqrt())
            norm.bias.data.copy_(norm.running_mean + layer.loaded_bias)

    convolutions = [module for module in network.modules()
                    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d))]
    hooks = [layer.register_forward_pre_hook(load) for layer in convolutions]
    hooks += [layer.register_forward_hook(undo_normalisation) for layer in convolutions]
    with torch.no_grad():
        network.eval()(pictures)
    for hook in hooks:
        hook.remove()
    return network


# --- detector -------------------------------------------------------------

class Conv(nn.Sequential):
    """Convolution, batch normalisation, SiLU."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03),
            nn.SiLU())


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = Conv(channels, channels, 3)
        self.second = Conv(channels, channels, 3)

    def forward(self, x):
        return x + self.second(self.first(x))


class SplitBlock(nn.Module):
    """Half of the channels go through a residual block; everything is then mixed."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.half = outputs // 2
        self.enter = Conv(inputs, 2 * self.half)
        self.residual = Residual(self.half)
        self.leave = Conv(3 * self.half, outputs)

    def forward(self, x):
        kept, passed = self.enter(x).split((self.half, self.half), 1)
        return self.leave(torch.cat((kept, passed, self.residual(passed)), 1))


class PoolPyramid(nn.Module):
    """Three max pools in a row, concatenated: a wide view at low cost."""

    def __init__(self, channels):
        super().__init__()
        self.enter = Conv(channels, channels // 2)
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.leave = Conv(channels * 2, channels)

    def forward(self, x):
        views = [self.enter(x)]
        for _ in range(3):
            views.append(self.pool(views[-1]))
        return self.leave(torch.cat(views, 1))


class BoxDistribution(nn.Module):
    """Expected distance from a distribution over whole distances (DFL)."""

    def __init__(self, bins):
        super().__init__()
        self.bins = bins
        self.conv = nn.Conv2d(bins, 1, 1, bias=False).requires_grad_(False)
        self.conv.weight.data[:] = torch.arange(bins, dtype=torch.float32).view(1, bins, 1, 1)

    def forward(self, x):
        batch, _, cells = x.shape
        spread = x.view(batch, 4, self.bins, cells).transpose(2, 1).softmax(1)
        return self.conv(spread).view(batch, 4, cells)


class DetectionHead(nn.Module):
    """Separate box and class branches for each stride.

    In training it returns logits (B, 4 * bins + classes, cells). Otherwise boxes
    (centre x, centre y, width, height in pixels) and class scores (B, 4 + classes, cells).
    """

    def __init__(self, inputs, classes, bins, side, strides, width=24):
        super().__init__()
        self.classes, self.bins = classes, bins
        self.box = nn.ModuleList(
            nn.Sequential(Conv(c, width, 3), Conv(width, width, 3), nn.Conv2d(width, 4 * bins, 1))
            for c in inputs)
        self.score = nn.ModuleList(
            nn.Sequential(Conv(c, c, 3, groups=c), Conv(c, width),
                          Conv(width, width, 3, groups=width), Conv(width, width),
                          nn.Conv2d(width, classes, 1))
            for c in inputs)
        self.distribution = BoxDistribution(bins)
        anchors, strides_of_cell = self._cells(side, strides)
        self.register_buffer("anchors", anchors, persistent=False)
        self.register_buffer("strides", strides_of_cell, persistent=False)
        self._set_biases(side, strides)

    @staticmethod
    def _cells(side, strides):
        """Cell centres (2, cells) in units of the stride, and strides (1, cells)."""
        centres, stride_values = [], []
        for stride in strides:
            steps = torch.arange(side // stride, dtype=torch.float32) + 0.5
            y, x = torch.meshgrid(steps, steps, indexing="ij")
            centres.append(torch.stack((x.flatten(), y.flatten())))
            stride_values.append(torch.full((1, x.numel()), float(stride)))
        return torch.cat(centres, 1), torch.cat(stride_values, 1)

    def _set_biases(self, side, strides):
        for box, score, stride in zip(self.box, self.score, strides):
            box[-1].bias.data[:] = 1.0
            objects_per_cell = 4 / (side / stride) ** 2
            score[-1].bias.data[:] = torch.log(torch.tensor(objects_per_cell / self.classes))

    def forward(self, features):
        maps = [torch.cat((box(x), score(x)), 1)
                for x, box, score in zip(features, self.box, self.score)]
        channels = 4 * self.bins + self.classes
        cells = torch.cat([m.reshape(m.shape[0], channels, -1) for m in maps], 2)
        if self.training:
            return cells
        distances, scores = cells.split((4 * self.bins, self.classes), 1)
        return torch.cat((self.decode(distances), scores.sigmoid()), 1)

    def decode(self, distances):
        left_top, right_bottom = self.distribution(distances).split((2, 2), 1)
        first_corner = self.anchors.unsqueeze(0) - left_top
        second_corner = self.anchors.unsqueeze(0) + right_bottom
        centre = (first_corner + second_corner) / 2
        size = second_corner - first_corner
        return torch.cat((centre, size), 1) * self.strides


class Detector(nn.Module):
    """Anchor-free detector at strides 8, 16 and 32."""

    def __init__(self, classes=2, side=DETECTOR_SIDE):
        super().__init__()
        self.stem = Conv(3, 16, 3, 2)
        self.stage1 = nn.Sequential(Conv(16, 24, 3, 2), SplitBlock(24, 24))
        self.stage2 = nn.Sequential(Conv(24, 40, 3, 2), SplitBlock(40, 40))
        self.stage3 = nn.Sequential(Conv(40, 48, 3, 2), SplitBlock(48, 48))
        self.stage4 = nn.Sequential(Conv(48, 64, 3, 2), SplitBlock(64, 64), PoolPyramid(64))
        self.upsample = nn.Upsample(scale_factor=2, mode="nearest")
        self.merge16 = SplitBlock(64 + 48, 40)
        self.merge8 = SplitBlock(40 + 40, 32)
        self.head = DetectionHead((32, 40, 64), classes, DETECTOR_BINS, side, DETECTOR_STRIDES)

    def forward(self, picture):
        stride8 = self.stage2(self.stage1(self.stem(picture)))
        stride16 = self.stage3(stride8)
        stride32 = self.stage4(stride16)
        merged16 = self.merge16(torch.cat((self.upsample(stride32), stride16), 1))
        merged8 = self.merge8(torch.cat((self.upsample(merged16), stride8), 1))
        return self.head((merged8, merged16, stride32))


# --- classifier -----------------------------------------------------------

class ConvReLU6(nn.Sequential):
    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU6())


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion=3):
        super().__init__()
        hidden = inputs * expansion
        self.adds_input = stride == 1 and inputs == outputs
        self.layers = nn.Sequential(
            ConvReLU6(inputs, hidden),
            ConvReLU6(hidden, hidden, 3, stride, groups=hidden),
            nn.Conv2d(hidden, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs))

    def forward(self, x):
        return x + self.layers(x) if self.adds_input else self.layers(x)


class Classifier(nn.Module):
    """Inverted residuals with depthwise layers; logits out."""

    def __init__(self, classes=10):
        super().__init__()
        self.features = nn.Sequential(
            ConvReLU6(3, 16, 3, 2),
            InvertedResidual(16, 20, 2),
            InvertedResidual(20, 20, 1),
            InvertedResidual(20, 28, 2),
            InvertedResidual(28, 28, 1),
            InvertedResidual(28, 40, 2),
            ConvReLU6(40, 80))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classify = nn.Linear(80, classes)

    def forward(self, picture):
        return self.classify(self.pool(self.features(picture)).flatten(1))


# --- segmentation ---------------------------------------------------------

class Convs(nn.Sequential):
    """3x3 convolutions through the given channel counts, each normalised and activated."""

    def __init__(self, channels, activation, first_stride=1):
        layers = []
        for index, (inputs, outputs) in enumerate(zip(channels, channels[1:])):
            stride = first_stride if index == 0 else 1
            layers += [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
                       nn.BatchNorm2d(outputs), activation()]
        super().__init__(*layers)


def _leaky():
    return nn.LeakyReLU(0.1)


class Segmentation(nn.Module):
    """Small U-Net that goes up by transposed convolutions and by a bilinear resize."""

    def __init__(self, classes=3):
        super().__init__()
        self.down2 = Convs((3, 12, 12), nn.ReLU, first_stride=2)
        self.down4 = Convs((12, 24, 24), nn.ReLU)
        self.bottom = Convs((24, 32, 32), nn.ReLU)
        self.pool = nn.MaxPool2d(2)
        self.up4 = nn.ConvTranspose2d(32, 24, 2, 2)
        self.join4 = Convs((24 + 24, 24), _leaky)
        self.join2 = Convs((24 + 12, 16), _leaky)
        self.up1 = nn.ConvTranspose2d(16, 8, 2, 2)
        self.activation = _leaky()
        self.classify = nn.Conv2d(8, classes, 1)

    def forward(self, picture):
        half = self.down2(picture)
        quarter = self.down4(self.pool(half))
        eighth = self.bottom(self.pool(quarter))
        quarter = self.join4(torch.cat((self.up4(eighth), quarter), 1))
        wide = functional.interpolate(quarter, scale_factor=2.0, mode="bilinear", align_corners=False)
        half = self.join2(torch.cat((wide, half), 1))
        return self.classify(self.activation(self.up1(half)))
