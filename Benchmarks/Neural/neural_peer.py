"""One quality model in plain PyTorch: the structure of the public references, eager, as they run it.

usage: neural_peer.py MODEL WEIGHTS.pth PIXELS HEIGHT WIDTH REPEATS

MODEL is hyperiqa-RATE, musiq or dbcnn; PIXELS holds raw RGB bytes of [images, HEIGHT, WIDTH, 3]. Prints the time of
the first score as soon as it has it, then one line of JSON. With the environment variable REFERENCES (the folder that
Scripts/golden/engine-models.py takes) the references' own code runs instead; both need the same keys.
"""
import json
import math
import os
import sys
import time

start = time.perf_counter()
import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

THREADS = 2


def backbone():
    """torchvision's ResNet-50, written out so that torchvision's import doesn't count against the peer."""

    class Bottleneck(nn.Module):
        def __init__(self, inputs, width, stride, shortcut):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
            self.relu = nn.ReLU(inplace=True)
            self.downsample = None
            if shortcut:
                conv = nn.Conv2d(inputs, 4 * width, 1, stride, bias=False)
                self.downsample = nn.Sequential(conv, nn.BatchNorm2d(4 * width))

        def forward(self, x):
            y = self.relu(self.bn1(self.conv1(x)))
            y = self.relu(self.bn2(self.conv2(y)))
            y = self.bn3(self.conv3(y))
            y += x if self.downsample is None else self.downsample(x)
            return self.relu(y)

    net = nn.Module()
    net.conv1, net.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
    inputs = 64
    for index, count in enumerate((3, 4, 6, 3)):
        width, blocks = 64 << index, []
        for block in range(count):
            stride = 2 if block == 0 and index > 0 else 1
            blocks.append(Bottleneck(inputs, width, stride, block == 0))
            inputs = 4 * width
        setattr(net, f"layer{index + 1}", nn.Sequential(*blocks))
    return net


class HyperIQA(nn.Module):
    def __init__(self, rate):
        super().__init__()
        self.rate, channels = rate, 112 * rate
        self.res = backbone()
        for i, (inputs, width, places) in enumerate(((256, 16, 64), (512, 32, 16), (1024, 64, 4))):
            pool = nn.Sequential(nn.Conv2d(inputs, width, 1, bias=False), nn.AvgPool2d(7, 7))
            setattr(self.res, f"lda{i + 1}_pool", pool)
            setattr(self.res, f"lda{i + 1}_fc", nn.Linear(width * places * rate * rate, 16))
        self.res.lda4_fc = nn.Linear(2048 * rate * rate, 224 * rate - 48)
        self.conv1 = nn.Sequential(
            nn.Conv2d(2048, 1024, 1), nn.ReLU(True), nn.Conv2d(1024, 512, 1), nn.ReLU(True),
            nn.Conv2d(512, channels, 1), nn.ReLU(True),
        )
        self.sizes = [224 * rate >> i for i in range(5)]
        for i in range(4):
            outputs = self.sizes[i] * self.sizes[i + 1] // (7 * rate) ** 2
            setattr(self, f"fc{i + 1}w_conv", nn.Conv2d(channels, outputs, 3, padding=1))
            setattr(self, f"fc{i + 1}b_fc", nn.Linear(channels, self.sizes[i + 1]))
        self.fc5w_fc, self.fc5b_fc = nn.Linear(channels, self.sizes[4]), nn.Linear(channels, 1)

    def forward(self, x):
        net, count, parts = self.res, x.shape[0], []
        x = F.max_pool2d(F.relu(net.bn1(net.conv1(x)), inplace=True), 3, 2, 1)
        for i in range(1, 5):
            x = getattr(net, f"layer{i}")(x)
            pooled = getattr(net, f"lda{i}_pool")(x) if i < 4 else F.avg_pool2d(x, 7, 7)
            parts.append(getattr(net, f"lda{i}_fc")(pooled.flatten(1)))
        hyper = self.conv1(x)
        pooled = hyper.mean((2, 3))
        y = torch.cat(parts, 1).reshape(1, -1, 1, 1)
        for i in range(4):
            # As the reference: one convolution with a group an image.
            weight = getattr(self, f"fc{i + 1}w_conv")(hyper).reshape(-1, self.sizes[i], 1, 1)
            bias = getattr(self, f"fc{i + 1}b_fc")(pooled).reshape(-1)
            y = F.conv2d(y, weight, bias, groups=count).sigmoid()
        y = F.conv2d(y, self.fc5w_fc(pooled).reshape(count, -1, 1, 1), self.fc5b_fc(pooled).reshape(-1), groups=count)
        return y.reshape(-1)


class StdConv(nn.Conv2d):
    def forward(self, x):
        pads = []
        for size, kernel, stride in zip(x.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
            pads += [total // 2, total - total // 2]
        weight = self.weight - self.weight.mean((1, 2, 3), keepdim=True)
        weight = weight / (weight.std((1, 2, 3), keepdim=True) + 1e-5)
        return F.conv2d(F.pad(x, pads), weight, None, self.stride)


class EncoderBlock(nn.Module):
    def __init__(self, width=384, inner=1152):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, 1e-6), nn.LayerNorm(width, 1e-6)
        names = ("query", "key", "value", "out")
        self.attention = nn.ModuleDict({name: nn.Linear(width, width) for name in names})
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, inner), "fc2": nn.Linear(inner, width)})

    def forward(self, x, mask):
        y, a = self.norm1(x), self.attention
        q, k, v = (a[n](y).unflatten(2, (6, 64)).transpose(1, 2) for n in ("query", "key", "value"))
        looks = (q @ k.transpose(-2, -1)) * 64**-0.5
        y = (looks.masked_fill(mask == 0, -1e3).softmax(-1) @ v).transpose(1, 2).flatten(2)
        x = x + a["out"](y)
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))


class MUSIQ(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_root, self.gn_root = StdConv(3, 64, 7, 2, bias=False), nn.GroupNorm(32, 64, 1e-6)
        self.block1 = block = nn.Module()
        for name, inputs, outputs, kernel in (("1", 64, 64, 1), ("2", 64, 64, 3), ("3", 64, 256, 1), ("_proj", 64, 256, 1)):
            setattr(block, f"conv{name}", StdConv(inputs, outputs, kernel, bias=False))
            setattr(block, f"gn{name}", nn.GroupNorm(32, outputs, 1e-4))
        self.embedding = nn.Linear(16384, 384)
        self.transformer_encoder = encoder = nn.Module()
        encoder.posembed_input, encoder.scaleembed_input = nn.Module(), nn.Module()
        encoder.posembed_input.position_emb = nn.Parameter(torch.zeros(1, 100, 384))
        encoder.scaleembed_input.scale_emb = nn.Parameter(torch.zeros(3, 384))
        encoder.cls, encoder.encoder_norm = nn.Parameter(torch.zeros(1, 1, 384)), nn.LayerNorm(384, 1e-6)
        encoder.transformer = nn.ModuleDict({f"encoderblock_{i}": EncoderBlock() for i in range(14)})
        self.head = nn.Linear(384, 1)

    @staticmethod
    def tokens(image, scale, limit):
        count, _, height, width = image.shape
        rows, columns = math.ceil(height / 32), math.ceil(width / 32)
        down, right = rows * 32 - height, columns * 32 - width
        image = F.pad(image, (right // 2, right - right // 2, down // 2, down - down // 2))
        grid = torch.arange(10.0)[None, None]
        y, x = (F.interpolate(grid, n, mode="nearest")[0, 0] for n in (rows, columns))
        place = (y[:, None] * 10 + x).flatten().expand(count, 1, -1)
        parts = [F.unfold(image, 32, stride=32), place, torch.full_like(place, scale), torch.ones_like(place)]
        tokens = torch.cat(parts, 1)
        return tokens if limit is None else F.pad(tokens, (0, limit - rows * columns))

    def forward(self, images):
        height, width = images.shape[2:]
        parts = []
        for scale, (side, limit) in enumerate(((224, 49), (384, 144))):
            ratio = side / max(height, width)
            small = F.interpolate(images, (round(height * ratio), round(width * ratio)), mode="bicubic", align_corners=False)
            parts.append(self.tokens(small, scale, limit))
        tokens = torch.cat([*parts, self.tokens(images, 2, None)], 2).transpose(1, 2)
        places, scales, mask = tokens[..., -3].long(), tokens[..., -2].long(), tokens[..., -1]
        x = F.relu(self.gn_root(self.conv_root(tokens[..., :-3].reshape(-1, 3, 32, 32))), inplace=True)
        x, b = F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 3, 2), self.block1
        y = F.relu(b.gn1(b.conv1(x)), inplace=True)
        y = F.relu(b.gn2(b.conv2(y)), inplace=True)
        x = F.relu(b.gn3(b.conv3(y)) + b.gn_proj(b.conv_proj(x)), inplace=True)
        x = self.embedding(x.permute(0, 2, 3, 1).reshape(*tokens.shape[:2], -1))
        encoder = self.transformer_encoder
        x = x + encoder.posembed_input.position_emb[0][places] + encoder.scaleembed_input.scale_emb[scales]
        x = torch.cat([encoder.cls.expand(len(x), -1, -1), x], 1)
        mask = F.pad(mask, (1, 0), value=1.0)
        both = mask[:, None, :, None] * mask[:, None, None, :]
        for block in encoder.transformer.values():
            x = block(x, both)
        return self.head(encoder.encoder_norm(x)[:, 0]).reshape(-1)


class DBCNN(nn.Module):
    def __init__(self):
        super().__init__()
        content, inputs = [], 3
        for index, widths in enumerate(((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3)):
            content += [nn.MaxPool2d(2, 2)] if index else []
            for width in widths:
                content += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU(True)]
                inputs = width
        self.features1 = nn.Sequential(*content)
        distortion, inputs = [], 3
        for width, stride in ((48, 1), (48, 2), (64, 1), (64, 2), (64, 1), (64, 2), (128, 1), (128, 1), (128, 2)):
            distortion += [nn.Conv2d(inputs, width, 3, stride, 1), nn.BatchNorm2d(width), nn.ReLU(True)]
            inputs = width
        self.features2 = nn.Sequential(*distortion)
        self.fc = nn.Linear(512 * 128, 1)

    def forward(self, x):
        a, b = self.features1(x), self.features2(x)
        if a.shape[2:] != b.shape[2:]:
            b = F.interpolate(b, a.shape[2:], mode="bilinear", align_corners=True)
        places = a.shape[2] * a.shape[3]
        x = torch.bmm(a.flatten(2), b.flatten(2).transpose(1, 2)).flatten(1) / places
        return self.fc(F.normalize(torch.sqrt(x + 1e-8))).reshape(-1)


def reference(name, folder):
    """The references' own code."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import neural_references

    return neural_references.make(name, folder)


def make(name):
    folder = os.environ.get("REFERENCES")
    return reference(name, folder) if folder else plain(name)


def plain(name):
    if name.startswith("hyperiqa-"):
        return HyperIQA(int(name.split("-")[1]))
    return {"musiq": MUSIQ, "dbcnn": DBCNN}[name]()


def normalised(name, net, pixels):
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous().float() / 255
    if getattr(net, "takes_unit", False):
        return x
    if name == "musiq":
        return x * 2 - 1
    mean = torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)
    return (x - mean) / torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1)


def main():
    name, weights, path, height, width, repeats = sys.argv[1:]
    torch.set_num_threads(THREADS)
    net = make(name)
    net.load_state_dict(torch.load(weights, weights_only=True))
    net.eval()
    pixels = np.fromfile(path, np.uint8).reshape(-1, int(height), int(width), 3)
    times = []
    with torch.inference_mode():
        for _ in range(1 + int(repeats)):
            begin = time.perf_counter()
            scores = net(normalised(name, net, pixels)).tolist()
            times.append(time.perf_counter() - begin)
            if len(times) == 1:
                print(time.perf_counter() - start, flush=True)
    with open("/proc/self/status", encoding="utf-8") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(json.dumps({"scores": scores, "times": times[1:], "peakKilobytes": peak}))


if __name__ == "__main__":
    main()
