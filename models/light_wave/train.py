#!/usr/bin/python3
"""Makes the signals of a light sensor by a physical model, trains the classifier on them, and writes all files of this folder.

    python3 train.py
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
SEED = 2026
WINDOW = 32
STEP_MS = 20
COUNTS_MAX = 4095
TRAIN_COUNT, CALIBRATION_COUNT, TEST_COUNT = 12000, 400, 600
EPOCHS = 60
CLASSES = ["steady", "wave"]


def dip(time, start, depth, fall, hold, rise):
    """The share of light that a passing hand takes away: raised-cosine edges around a plateau. All times in milliseconds."""
    falling = np.clip((time - start) / fall, 0, 1)
    rising = np.clip((time - start - fall - hold) / rise, 0, 1)
    return depth * 0.5 * (np.cos(np.pi * rising) - np.cos(np.pi * falling))


def window(generator, wave):
    """ADC counts of one window of a photoresistor divider: ambient light, lamp flicker, drift, noise, and what moves."""
    time = np.arange(WINDOW) * STEP_MS
    light = np.exp(generator.uniform(np.log(200), np.log(3800))) * (1 + generator.uniform(-0.05, 0.05) * time / time[-1])
    # A lamp on 50 Hz mains flickers at 100 Hz, which 50 samples a second fold to a slow beat.
    light = light * (1 + generator.uniform(0, 0.03) * np.sin(2 * np.pi * generator.uniform(0, 3) * time / 1000 + generator.uniform(0, 6.28)))
    if wave:
        fall, hold, rise = generator.uniform(40, 120), generator.uniform(20, 200), generator.uniform(40, 120)
        # The whole shadow lies in the window.
        start = generator.uniform(20, time[-1] - fall - hold - rise - 20)
        light = light * (1 - dip(time, start, generator.uniform(0.3, 0.95), fall, hold, rise))
    else:
        kind = generator.integers(4)
        if kind == 1:  # somebody switches a lamp
            light = light * np.where(time < generator.uniform(0, time[-1]), 1, generator.uniform(0.2, 3))
        elif kind == 2:  # a slow shadow or a cloud
            light = light * (1 - generator.uniform(0, 0.6) * 0.5 * (1 - np.cos(2 * np.pi * (time / generator.uniform(4000, 20000) + generator.uniform()))))
        elif kind == 3:  # a short flash
            at = generator.integers(WINDOW)
            light[at:at + generator.integers(1, 3)] *= generator.uniform(1.2, 3)
    noise = generator.normal(0, generator.uniform(2, 12), WINDOW)
    return np.clip(np.round(light + noise), 0, COUNTS_MAX)


def data(seed, count):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, count).astype(np.int32)
    return np.stack([window(generator, label == 1) for label in labels]).astype(np.float32), labels


def fit(x, y):
    torch.manual_seed(SEED)
    order = torch.Generator().manual_seed(SEED)
    model = nn.Sequential(nn.Linear(WINDOW, 24), nn.ReLU(), nn.Linear(24, 12), nn.ReLU(), nn.Linear(12, 2))
    inputs, labels = torch.from_numpy(x / 4096), torch.from_numpy(y).long()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=EPOCHS * -(-len(x) // 64))
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x), generator=order).split(64):
            loss = nn.functional.cross_entropy(model(inputs[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    # The device gives counts: the division goes into the first layer's weights, exact for a power of two.
    with torch.no_grad():
        model[0].weight /= 4096
    return model.eval()


def accuracy(model, x, y):
    with torch.no_grad():
        return float((model(torch.from_numpy(x)).argmax(1).numpy() == y).mean())


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    x, y = data(SEED, TRAIN_COUNT)
    x_test, y_test = data(SEED + 1, TEST_COUNT)
    model = fit(x, y)
    path = HERE / "light_wave.onnx"
    torch.onnx.export(model, torch.zeros(1, WINDOW), str(path), opset_version=13, input_names=["counts"], output_names=["scores"])
    onnx.checker.check_model(onnx.load(str(path)), full_check=True)
    np.save(HERE / "x_train.npy", x[:CALIBRATION_COUNT])
    np.save(HERE / "x_test.npy", x_test)
    np.save(HERE / "y_test.npy", y_test)
    print(f"train {accuracy(model, x, y):.4f}, test {accuracy(model, x_test, y_test):.4f}")


if __name__ == "__main__":
    main()
