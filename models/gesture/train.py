#!/usr/bin/python3
"""Makes the signals of an accelerometer by a physical model, trains the gesture classifier on them, and writes all files of this folder.

    python3 train.py
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
SEED = 2026
WINDOW = 64
RATE_HZ = 50
COUNTS_PER_G = 8192  # an MPU-6050 at its range of 4 g
STEPS_PER_G = 32  # of a feature
TRAIN_COUNT, CALIBRATION_COUNT, TEST_COUNT, STREAM_COUNT = 12000, 240, 480, 40
EPOCHS = 30
CLASSES = ["none", "shake", "circle", "chop"]


def rotation(generator, degrees):
    """A rotation about a random axis by at most so many degrees."""
    axis = generator.normal(size=3)
    axis /= np.linalg.norm(axis)
    angle = np.radians(generator.uniform(-degrees, degrees))
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def sway(generator, time, amplitude):
    """What a hand does besides: a few slow sinusoids on each axis, in g."""
    motion = np.zeros((len(time), 3))
    for axis in range(3):
        for _ in range(3):
            motion[:, axis] += generator.uniform(0, amplitude) * np.sin(2 * np.pi * generator.uniform(0.2, 2.5) * time + generator.uniform(0, 6.28))
    return motion


def gesture(generator, time, label, start):
    """Acceleration of the movement alone, in g, and how long it lasts; it begins at `start` seconds."""
    motion = np.zeros((len(time), 3))
    since = time - start
    if label == 1:  # to and fro along x
        length = generator.uniform(0.9, 1.6)
        active = (since > 0) & (since < length)
        envelope = np.where(active, np.sin(np.pi * np.clip(since / length, 0, 1)) ** 0.5, 0)
        motion[:, 0] = generator.uniform(0.8, 2.0) * envelope * np.sin(2 * np.pi * generator.uniform(3, 6) * since)
    elif label == 2:  # a circle in the plane of x and y
        length = generator.uniform(1.0, 1.8)
        active = (since > 0) & (since < length)
        envelope = np.where(active, np.sin(np.pi * np.clip(since / length, 0, 1)) ** 0.5, 0)
        amplitude, phase = generator.uniform(0.5, 1.2), 2 * np.pi * generator.uniform(1.0, 2.0) * since
        motion[:, 0] = amplitude * envelope * np.cos(phase)
        motion[:, 1] = amplitude * generator.uniform(0.7, 1.3) * envelope * np.sin(phase)
    elif label == 3:  # one stroke down: accelerate, then stop harder and shorter
        push, stop = generator.uniform(0.12, 0.22), generator.uniform(0.06, 0.12)
        length = push + stop
        peak = generator.uniform(0.8, 1.6)
        motion[:, 2] -= np.where((since > 0) & (since < push), peak * np.sin(np.pi * since / push), 0)
        motion[:, 2] += np.where((since > push) & (since < push + stop), peak * push / stop * np.sin(np.pi * (since - push) / stop), 0)
    return motion, length


def counts(generator, motion):
    """What the sensor says: gravity, a hand that does not hold it straight, offset, noise, the range of 4 g."""
    turned = (motion + [0, 0, 1]) @ rotation(generator, 30).T
    turned = turned + generator.normal(0, 0.02, 3) + generator.normal(0, 0.008, motion.shape)
    return np.clip(np.round(turned * COUNTS_PER_G), -32768, 32767).astype(np.int16)


def window(generator, label):
    """A window and what it shows; a gesture of which too little lies in the window is none."""
    time = np.arange(WINDOW) / RATE_HZ
    if label == 0:
        motion = sway(generator, time, generator.choice([0.0, 0.02, 0.1, 0.25]))
        kind = generator.integers(3)
        if kind == 1:  # walking
            motion[:, 2] += generator.uniform(0.1, 0.4) * np.abs(np.sin(np.pi * generator.uniform(1.5, 2.2) * time + generator.uniform(0, 6.28)))
        elif kind == 2:  # a knock against the table
            at = generator.integers(WINDOW)
            motion[at:at + 2, generator.integers(3)] += generator.uniform(-1.5, 1.5)
        return counts(generator, motion), 0
    while True:
        start = generator.uniform(-1.8, time[-1])
        motion, length = gesture(generator, time, label, start)
        visible = min(start + length, time[-1]) - max(start, 0)
        if visible >= min(0.75 * length, 0.9):
            break
        if visible <= 0.4 * length:  # only the begin or the end is to be seen: too early, or too late
            label = 0
            break
    return counts(generator, sway(generator, time, 0.03) + motion), label


def features(windows):
    """The features as the device computes them, in integers: each axis less its mean, in steps of 1/32 g, held within a signed byte."""
    values = windows.astype(np.int64)
    mean = values.sum(axis=1, keepdims=True) >> 6
    return np.clip((values - mean + 128) >> 8, -128, 127)


def as_input(windows):
    """float32 [n,3,64], channels first."""
    return np.ascontiguousarray(features(windows).transpose(0, 2, 1)).astype(np.float32)


def data(seed, count):
    generator = np.random.default_rng(seed)
    windows = [window(generator, label) for label in generator.choice(4, count, p=[0.25, 0.25, 0.25, 0.25])]
    return np.stack([counts for counts, _ in windows]), np.array([label for _, label in windows], dtype=np.int32)


def stream(seed):
    """A recording: gestures in turn with pauses. Gives counts and, for each gesture, its class and first sample."""
    generator = np.random.default_rng(seed)
    pause, total = 150, 150 * (STREAM_COUNT + 1)
    time = np.arange(total) / RATE_HZ
    motion = sway(generator, time, 0.03)
    events = [(1 + i % 3, pause * (i + 1) - 75) for i in range(STREAM_COUNT)]
    for label, start in events:
        motion += gesture(generator, time, label, start / RATE_HZ)[0]
    return counts(generator, motion), np.array(events, dtype=np.int32)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(3, 8, 5, stride=2)
        self.conv2 = nn.Conv1d(8, 12, 5, stride=2)
        self.pool = nn.MaxPool1d(13)
        self.dense = nn.Linear(12, 4)

    def forward(self, x):
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        return self.dense(self.pool(x).flatten(1))


def fit(x, y):
    torch.manual_seed(SEED)
    order = torch.Generator().manual_seed(SEED)
    model = Net()
    inputs, labels = torch.from_numpy(x / STEPS_PER_G), torch.from_numpy(y).long()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=EPOCHS * -(-len(x) // 64))
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x), generator=order).split(64):
            loss = nn.functional.cross_entropy(model(inputs[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    # The device gives steps of 1/32 g: the division goes into the first layer's weights, exact for a power of two.
    with torch.no_grad():
        model.conv1.weight /= STEPS_PER_G
    return model.eval()


def accuracy(model, x, y):
    with torch.no_grad():
        return float((model(torch.from_numpy(x)).argmax(1).numpy() == y).mean())


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    windows, y = data(SEED, TRAIN_COUNT)
    test, y_test = data(SEED + 1, TEST_COUNT)
    x = as_input(windows)
    model = fit(x, y)
    path = HERE / "gesture.onnx"
    torch.onnx.export(model, torch.zeros(1, 3, WINDOW), str(path), opset_version=13, input_names=["acceleration"], output_names=["scores"])
    onnx.checker.check_model(onnx.load(str(path)), full_check=True)
    recording, events = stream(SEED + 2)
    np.save(HERE / "x_train.npy", x[:CALIBRATION_COUNT])
    np.save(HERE / "raw_test.npy", test)
    np.save(HERE / "x_test.npy", features(test).astype(np.int8))
    np.save(HERE / "y_test.npy", y_test)
    np.save(HERE / "stream.npy", recording)
    np.save(HERE / "stream_events.npy", events)
    print(f"train {accuracy(model, x, y):.4f}, test {accuracy(model, as_input(test), y_test):.4f}")


if __name__ == "__main__":
    main()
