#!/usr/bin/python3
"""Trains the two digit models of this folder and writes its data, its models and the measured parts of README.md.

    python3 train.py                    train, export, write every file
    python3 train.py --cross-validate   5-fold cross-validation inside the training part; writes its table only
"""

import argparse
import re
from collections import OrderedDict
from pathlib import Path

import numpy as np
import onnx
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold, train_test_split
from torch import nn

HERE = Path(__file__).resolve().parent
SEED = 2024
TEST_COUNT = 450
FOLD_COUNT = 5
BATCH_SIZE = 64
LEARNING_RATE_PEAK = 0.01
OPSET = 13


def make_cnn():
    return nn.Sequential(OrderedDict([
        ("conv1", nn.Conv2d(1, 16, 3, padding=1, bias=False)),
        ("bn1", nn.BatchNorm2d(16)),
        ("relu1", nn.ReLU()),
        ("pool1", nn.MaxPool2d(2)),
        ("depthwise2", nn.Conv2d(16, 16, 3, padding=1, groups=16, bias=False)),
        ("bn2", nn.BatchNorm2d(16)),
        ("relu2", nn.ReLU()),
        ("pointwise3", nn.Conv2d(16, 48, 1, bias=False)),
        ("bn3", nn.BatchNorm2d(48)),
        ("relu3", nn.ReLU()),
        ("pool3", nn.MaxPool2d(2)),
        ("flatten", nn.Flatten()),
        ("dense4", nn.Linear(48 * 2 * 2, 10)),
    ]))


def make_mlp():
    return nn.Sequential(OrderedDict([
        ("dense1", nn.Linear(64, 32)),
        ("relu1", nn.ReLU()),
        ("dense2", nn.Linear(32, 10)),
    ]))


# shift_probability: the share of training images moved by up to one pixel, drawn anew in every epoch.
MODELS = {
    "cnn": dict(make=make_cnn, input_shape=(1, 1, 8, 8), output="probabilities",
                epochs=200, weight_decay=0.01, shift_probability=0.5),
    "mlp": dict(make=make_mlp, input_shape=(1, 64), output="logits",
                epochs=200, weight_decay=0.1, shift_probability=0.25),
}


def load_split():
    """x: float32 [n,1,8,8], pixel / 16, so every value is exact; y: int32 [n]."""
    digits = load_digits()
    x = (digits.images / 16).astype(np.float32)[:, np.newaxis]
    y = digits.target.astype(np.int32)
    return train_test_split(x, y, test_size=TEST_COUNT, stratify=y, random_state=SEED)


def shift_some(images, probability, generator):
    """Moves each image, with the given probability, by -1, 0 or 1 pixel along both axes; zeros come in at the edge."""
    count = len(images)
    padded = nn.functional.pad(images, (1, 1, 1, 1))
    offsets = torch.randint(0, 3, (2, count, 1), generator=generator) + torch.arange(8)
    rows, columns = offsets[0][:, :, None], offsets[1][:, None, :]
    shifted = padded[torch.arange(count)[:, None, None], 0, rows, columns][:, None]
    chosen = torch.rand(count, generator=generator) < probability
    return torch.where(chosen[:, None, None, None], shifted, images)


def train(spec, x, y):
    """Runs the fixed number of epochs and returns the last weights: nothing is selected, so no validation set is needed."""
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    model = spec["make"]()
    images, labels = torch.from_numpy(x), torch.from_numpy(y).long()
    steps = spec["epochs"] * -(-len(x) // BATCH_SIZE)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE_PEAK, weight_decay=spec["weight_decay"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE_PEAK, total_steps=steps)
    for _ in range(spec["epochs"]):
        for batch in torch.randperm(len(x), generator=generator).split(BATCH_SIZE):
            inputs = shift_some(images[batch], spec["shift_probability"], generator)
            loss = nn.functional.cross_entropy(model(as_input(spec, inputs)), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def as_input(spec, images):
    return images.reshape(-1, *spec["input_shape"][1:])


def count_correct(spec, model, x, y):
    with torch.no_grad():
        scores = model(as_input(spec, torch.from_numpy(x)))
    return int((scores.argmax(1).numpy() == y).sum())


def export(name, spec, model):
    """Writes digits_<name>.onnx. PRESERVE keeps the BatchNormalization nodes, which EVAL would fold into the Conv nodes."""
    if spec["output"] == "probabilities":
        model.add_module("softmax", nn.Softmax(dim=1))
    path = HERE / f"digits_{name}.onnx"
    torch.onnx.export(model, torch.zeros(spec["input_shape"]), str(path), opset_version=OPSET,
                      training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
                      input_names=["image"], output_names=[spec["output"]])
    graph_model = onnx.load(str(path))
    onnx.checker.check_model(graph_model, full_check=True)
    for node in graph_model.graph.node:
        inference_only = all(a.name != "training_mode" for a in node.attribute)
        if len(node.output) != 1 or not inference_only:
            raise SystemExit(f"{path.name}: {node.op_type} was exported in training form")
    return onnx.shape_inference.infer_shapes(graph_model).graph


def measure(graph):
    """One row a node: (operator, output shape, trained parameters, multiply-accumulates, int8 bytes in and out)."""
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim]
              for v in [*graph.input, *graph.value_info, *graph.output]}
    weights = {w.name: list(w.dims) for w in graph.initializer}
    rows = []
    for node in graph.node:
        output = shapes[node.output[0]]
        # Inputs 3 and 4 of BatchNormalization are the running mean and variance, which are observed, not trained.
        parameters = sum(int(np.prod(weights[i])) for i in node.input[:3] if i in weights)
        macs = 0
        if node.op_type == "Conv":
            macs = int(np.prod(output) * np.prod(weights[node.input[1]][1:]))
        elif node.op_type == "Gemm":
            macs = int(np.prod(weights[node.input[1]]))
        in_place = node.op_type not in ("Conv", "Gemm", "MaxPool")
        live_bytes = 0 if in_place else int(np.prod(shapes[node.input[0]]) + np.prod(output))
        rows.append((describe(node, weights), output, parameters, macs, live_bytes))
    return rows


def describe(node, weights):
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    if node.op_type == "Conv":
        kernel = "x".join(map(str, attributes["kernel_shape"]))
        group = attributes["group"]
        return f"Conv {kernel}" + (f", depthwise, {group} groups" if group > 1 else "")
    if node.op_type == "MaxPool":
        return "MaxPool {}x{}, stride {}".format(*attributes["kernel_shape"], attributes["strides"][0])
    return node.op_type


def replace_block(name, lines):
    """Rewrites what stands between the two markers of that name in README.md."""
    path = HERE / "README.md"
    begin, end = f"<!-- {name}: written by train.py -->", f"<!-- /{name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    body = "\n".join([begin, *lines, end])
    text, replaced = pattern.subn(lambda _: body, path.read_text(encoding="utf-8"))
    if replaced != 1:
        raise SystemExit(f"README.md: expected one block '{name}', found {replaced}")
    path.write_text(text, encoding="utf-8")


def table(header, rows):
    return ["| " + " | ".join(map(str, r)) + " |" for r in [header, ["---"] * len(header), *rows]]


def layer_table(rows):
    body = [(i + 1, operator, "×".join(map(str, shape)), f"{parameters:,}", f"{macs:,}")
            for i, (operator, shape, parameters, macs, _) in enumerate(rows)]
    total = ("", "total", "", f"{sum(r[2] for r in rows):,}", f"{sum(r[3] for r in rows):,}")
    return table(["", "node", "output", "parameters", "MACs"], [*body, total])


def file_table():
    notes = {
        "digits_cnn.onnx": "CNN, opset 13, `image` [1,1,8,8] → `probabilities` [1,10]",
        "digits_mlp.onnx": "MLP, opset 13, `image` [1,64] → `logits` [1,10]",
        "x_train.npy": "float32 [1347,1,8,8], pixel / 16",
        "y_train.npy": "int32 [1347], class 0 to 9",
        "x_test.npy": "float32 [450,1,8,8], pixel / 16",
        "y_test.npy": "int32 [450], class 0 to 9",
        "train.py": "writes all of the above and the tables of this card",
    }
    return table(["file", "bytes", "content"],
                 [(f"`{n}`", f"{(HERE / n).stat().st_size:,}", note) for n, note in notes.items()])


def percent(correct, count):
    return f"{correct} / {count} = {100 * correct / count:.2f} %"


def cross_validate(x_train, y_train):
    rows = []
    for name, spec in MODELS.items():
        folds = StratifiedKFold(FOLD_COUNT, shuffle=True, random_state=SEED).split(x_train, y_train)
        scores = [100 * count_correct(spec, train(spec, x_train[fit], y_train[fit]), x_train[held], y_train[held])
                  / len(held) for fit, held in folds]
        rows.append((name.upper(), f"{np.mean(scores):.2f} %", f"{min(scores):.2f} %", f"{max(scores):.2f} %"))
        print(*rows[-1], flush=True)
    replace_block("cross-validation", table(["model", "mean", "lowest fold", "highest fold"], rows))


def main():
    parser = argparse.ArgumentParser(description="Train the digit models of this folder.")
    parser.add_argument("--cross-validate", action="store_true",
                        help="score the settings inside the training part only; export nothing")
    arguments = parser.parse_args()

    # Sums in a different order round differently; one thread keeps the order fixed.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)

    x_train, x_test, y_train, y_test = load_split()
    if arguments.cross_validate:
        cross_validate(x_train, y_train)
        return

    for name, array in dict(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test).items():
        np.save(HERE / f"{name}.npy", array)

    accuracy, budget = [], []
    for name, spec in MODELS.items():
        model = train(spec, x_train, y_train)
        accuracy.append((name.upper(), percent(count_correct(spec, model, x_train, y_train), len(y_train)),
                         percent(count_correct(spec, model, x_test, y_test), len(y_test))))
        print("{}: train {}, test {}".format(*accuracy[-1]), flush=True)
        rows = measure(export(name, spec, model))
        replace_block(f"layers-{name}", layer_table(rows))
        budget.append((name.upper(), f"{sum(r[2] for r in rows):,}", f"{sum(r[3] for r in rows):,}",
                       f"{max(r[4] for r in rows):,}"))
    replace_block("accuracy", table(["model", "train", "test"], accuracy))
    replace_block("budget", table(["model", "parameters", "MACs per image", "largest int8 layer, in + out, bytes"], budget))
    replace_block("files", file_table())


if __name__ == "__main__":
    main()
