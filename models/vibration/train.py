#!/usr/bin/python3
"""Makes the vibration of a pump by a physical model, trains an autoencoder on the healthy part, and writes all files of this folder.

    python3 train.py
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
SEED = 2026
RATE_HZ = 1024
WINDOW = 256
BAND_EDGES = [2, 4, 6, 8, 11, 14, 18, 23, 29, 36, 44, 54, 66, 80, 96, 112, 128]
BANDS = len(BAND_EDGES) - 1
TRAIN_COUNT, CALIBRATION_COUNT, TEST_COUNT = 8000, 400, 300
EPOCHS = 60
CLASSES = ["healthy", "imbalance", "bearing", "looseness", "cavitation"]


def resonance(generator, drive, frequency, damping):
    """Answer of a structure with one resonance to a force: a two-pole filter."""
    radius, angle = np.exp(-damping * 2 * np.pi * frequency / RATE_HZ), 2 * np.pi * frequency / RATE_HZ
    out = np.zeros(len(drive))
    first, second = 0.0, 0.0
    for i, force in enumerate(drive):
        value = force + 2 * radius * np.cos(angle) * first - radius * radius * second
        out[i], second, first = value, first, value
    return out * (1 - radius)


def window(generator, kind):
    """ADC counts, 12 bits around the middle, of a pump that turns at about 1,500 a minute and has five vanes."""
    lead = 128  # lets the resonances settle
    time = np.arange(WINDOW + lead) / RATE_HZ
    shaft = generator.uniform(24.0, 25.5)
    load = generator.uniform(0.75, 1.3)

    def tone(order, amplitude):
        return amplitude * load * generator.uniform(0.85, 1.15) * np.sin(2 * np.pi * order * shaft * time + generator.uniform(0, 6.28))

    signal = tone(1, 60) + tone(2, 25) + tone(3, 12) + tone(4, 8) + tone(5, 45) + tone(10, 14)
    signal += generator.uniform(10, 16) * np.sin(2 * np.pi * 100 * time + generator.uniform(0, 6.28))
    signal += resonance(generator, generator.normal(0, 30, len(time)), 180, 0.03) + resonance(generator, generator.normal(0, 20, len(time)), 330, 0.02)
    if kind == 1:
        signal += tone(1, generator.uniform(200, 450))
    elif kind == 2:  # the outer race's defect rings the housing 3.58 times a turn
        hits, at, size = np.zeros(len(time)), generator.uniform(0, 0.01), generator.uniform(1500, 3500)
        while at < time[-1]:
            hits[int(at * RATE_HZ)] += size * generator.uniform(0.7, 1.3)
            at += generator.uniform(0.98, 1.02) / (3.58 * shaft)
        signal += resonance(generator, hits, 420, 0.04)
    elif kind == 3:
        size = generator.uniform(25, 60)
        for order in [0.5, 1.5, 2.5, 3.5, 6, 7, 8, 9, 11, 12]:
            signal += tone(order, size)
    elif kind == 4:
        noise = generator.normal(0, generator.uniform(60, 120), len(time) + 1)
        signal += noise[1:] - noise[:-1]
    signal = signal[lead:] + generator.normal(0, 4, WINDOW)
    return np.clip(np.round(2048 + generator.uniform(-40, 40) + signal), 0, 4095).astype(np.int16)


def sine_table():
    """round(32767 sin(2 pi n / 256)), n = 0 to 255, from the quarter that the device holds."""
    quarter = np.floor(32767 * np.sin(2 * np.pi * np.arange(65) / 256) + 0.5).astype(np.int64)
    half = np.concatenate([quarter, quarter[63:0:-1]])
    return np.concatenate([half, -half])


def spectrum(windows):
    """The device's integer FFT: the two parts of the spectrum, and the shift that was taken off each window."""
    sine = sine_table()
    cosine = np.roll(sine, -64)
    values = windows.astype(np.int64)
    values = (values - (values.sum(axis=1, keepdims=True) >> 8)) * ((32767 - cosine) >> 1)
    peak = np.abs(values).max(axis=1)
    shift = np.zeros(len(values), dtype=np.int64)
    while ((peak >> shift) > 32767).any():
        shift += (peak >> shift) > 32767
    values = (values + ((1 << shift) >> 1)[:, None]) >> shift[:, None]
    order = np.array([int(f"{n:08b}"[::-1], 2) for n in range(WINDOW)])
    re, im = values[:, order], np.zeros_like(values)
    half = 1
    while half < WINDOW:
        for k in range(half):
            wr, wi = cosine[k * (128 // half)], -sine[k * (128 // half)]
            i = np.arange(k, WINDOW, 2 * half)
            j = i + half
            tr = (re[:, j] * wr - im[:, j] * wi + 16384) >> 15
            ti = (re[:, j] * wi + im[:, j] * wr + 16384) >> 15
            re[:, j], im[:, j] = (re[:, i] - tr + 1) >> 1, (im[:, i] - ti + 1) >> 1
            re[:, i], im[:, i] = (re[:, i] + tr + 1) >> 1, (im[:, i] + ti + 1) >> 1
        half *= 2
    return re, im, shift


def log2_sixteenths(values):
    """16 log2(v), piecewise linear between powers of two, for v of at least 1."""
    exponent = np.zeros_like(values)
    while ((values >> exponent) > 1).any():
        exponent += (values >> exponent) > 1
    mantissa = np.where(exponent >= 4, values >> np.maximum(exponent - 4, 0), values << np.maximum(4 - exponent, 0)) & 15
    return exponent * 16 + mantissa


def features(windows):
    """The features as the device computes them: for each band the logarithm of its energy, four steps to the doubling."""
    re, im, shift = spectrum(windows)
    energy = re * re + im * im
    bands = np.stack([energy[:, low:high].sum(axis=1) for low, high in zip(BAND_EDGES, BAND_EDGES[1:])], axis=1)
    level = log2_sixteenths(bands + 1) + (shift << 5)[:, None]
    return np.clip((level >> 2) - 100, -128, 127)


def data(seed, count, kinds):
    generator = np.random.default_rng(seed)
    labels = generator.choice(len(CLASSES), count, p=kinds).astype(np.int32)
    return np.stack([window(generator, label) for label in labels]), labels


def fit(x):
    """An autoencoder in steps of the features: normalised inside, with the normalisation in the outer layers' weights."""
    torch.manual_seed(SEED)
    order = torch.Generator().manual_seed(SEED)
    model = nn.Sequential(nn.Linear(BANDS, 12), nn.ReLU(), nn.Linear(12, 4), nn.Linear(4, 12), nn.ReLU(), nn.Linear(12, BANDS))
    mean, scale = torch.from_numpy(x.mean(axis=0)), 8.0
    inputs = (torch.from_numpy(x) - mean) / scale
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.001)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps=EPOCHS * -(-len(x) // 64))
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x), generator=order).split(64):
            loss = nn.functional.mse_loss(model(inputs[batch]), inputs[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        model[0].weight /= scale
        model[0].bias -= model[0].weight @ mean
        model[5].weight *= scale
        model[5].bias.mul_(scale).add_(mean)
    return model.eval()


def score(model, x):
    """Sum of squared differences between the features and what the model makes of them, each rounded to a whole step."""
    with torch.no_grad():
        back = model(torch.from_numpy(x)).numpy()
    return ((x - np.floor(back + 0.5)) ** 2).sum(axis=1)


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    healthy, _ = data(SEED, TRAIN_COUNT, [1, 0, 0, 0, 0])
    test, y_test = data(SEED + 1, TEST_COUNT, [0.5, 0.125, 0.125, 0.125, 0.125])
    x, x_test = features(healthy).astype(np.float32), features(test)
    model = fit(x)
    path = HERE / "vibration.onnx"
    torch.onnx.export(model, torch.zeros(1, BANDS), str(path), opset_version=13, input_names=["bands"], output_names=["reconstruction"])
    onnx.checker.check_model(onnx.load(str(path)), full_check=True)
    np.save(HERE / "x_train.npy", x[:CALIBRATION_COUNT])
    np.save(HERE / "raw_test.npy", test)
    np.save(HERE / "x_test.npy", x_test.astype(np.int8))
    np.save(HERE / "y_test.npy", y_test)
    print("healthy, training: 50 % / 99 % / 99.9 % / max", np.quantile(score(model, x), [0.5, 0.99, 0.999, 1]))
    for label, name in enumerate(CLASSES):
        print(name, np.quantile(score(model, x_test[y_test == label].astype(np.float32)), [0, 0.01, 0.5, 0.99, 1]))


if __name__ == "__main__":
    main()
