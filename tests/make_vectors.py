#!/usr/bin/env python3
"""Writes tests/vectors: conformance cases of our own, in the format that tests/casefile.h reads.

    python3 tests/make_vectors.py [FOLDER]      FOLDER: tests/vectors beside this file

Expected values are worked out here in double precision, by loops straight from the definitions, on inputs that are
exact in single precision; only the result is rounded. Nothing but plain Python is needed, and the files come out the
same on every run.

Operators, tensors and keys are named as in the cases made with PyTorch (torch/, keras/) and by ONNX (onnx/). More:
  linear_activation, celu, hard_sigmoid_onnx, exp     activations; `alpha` and `beta` where a kind has them
  cross_entropy        from = probabilities | logits | log_probabilities says what x holds; gradient gx
  ignore_index         positions with this label count for nothing
  sample_weight        a tensor of the positions' shape; a mean divides by its sum
  clip                 probabilities are clipped to [clip, 1 - clip], without gradient outside
  label_smoothing      of bce and bce_with_logits: (1 - s) t + s / 2
  form = keras         optimisers by Keras' formulas instead of PyTorch's
There is no f32err: results stay within 1e-5 of the largest value.
"""
import math
import pathlib
import random
import sys
from itertools import product

from casefile import Folder, T, f32, strides

NAN = float("nan")
rng = random.Random(20)


def floats(*shape, low=-2.0, high=2.0):
    return T(shape, [f32(rng.uniform(low, high)) for _ in range(math.prod(shape))])


def labels(n, classes, dtype="int32"):
    return T([n], [rng.randrange(classes) for _ in range(n)], dtype)


# ---- dense and products --------------------------------------------------------------------------------------------


def dense(folder, file, op, n, i, o, bias, output_first):
    """y = x w + b and its gradients; w[o,i] for linear, w[i,o] for dense."""
    x, gy, b = floats(n, i), floats(n, o), floats(o)
    w = floats(o, i) if output_first else floats(i, o)
    at = (lambda k, j: w[j, k]) if output_first else (lambda k, j: w[k, j])
    y = T([n, o], [math.fsum(x[r, k] * at(k, j) for k in range(i)) + (b[j,] if bias else 0)
                   for r in range(n) for j in range(o)])
    gx = T([n, i], [math.fsum(gy[r, j] * at(k, j) for j in range(o)) for r in range(n) for k in range(i)])
    pairs = product(range(o), range(i)) if output_first else ((j, k) for k, j in product(range(i), range(o)))
    gw = T(w.shape, [math.fsum(x[r, k] * gy[r, j] for r in range(n)) for j, k in pairs])
    gb = T([o], [math.fsum(gy[r, j] for r in range(n)) for j in range(o)])
    inputs, outputs = {"x": x, "w": w, "gy": gy}, {"y": y, "gx": gx, "gw": gw}
    if bias:
        inputs["b"], outputs["gb"] = b, gb
    folder.case(file, op, {"layout": "NI OI" if output_first else "NI IO", "bias": int(bias)}, inputs, outputs)


def gemm(folder, n, k, o, ta, tb, alpha, beta, c_shape):
    a, b = floats(*((k, n) if ta else (n, k))), floats(*((o, k) if tb else (k, o)))
    inputs, c = {"A": a, "B": b}, None
    if c_shape is not None:
        c = inputs["C"] = floats(*c_shape)
    alpha, beta = f32(alpha), f32(beta)

    def added(r, j):
        if c is None:
            return 0.0
        full = [1] * (2 - len(c.shape)) + c.shape  # numpy's broadcasting
        return beta * c.data[(r if full[0] > 1 else 0) * full[1] + (j if full[1] > 1 else 0)]

    left, right = (lambda r, t: a[t, r] if ta else a[r, t]), (lambda t, j: b[j, t] if tb else b[t, j])
    y = T([n, o], [alpha * math.fsum(left(r, t) * right(t, j) for t in range(k)) + added(r, j)
                   for r in range(n) for j in range(o)])
    keys = {"opset": 13, "attr.alpha": alpha, "attr.beta": beta, "attr.transA": int(ta), "attr.transB": int(tb)}
    folder.case("Gemm", "Gemm", keys, inputs, {"Y": y})


def transpose(folder, shape, perm):
    x = floats(*shape)
    to = [shape[p] for p in perm]
    y = T(to, [x[tuple(at[perm.index(i)] for i in range(len(perm)))] for at in product(*map(range, to))])
    folder.case("Transpose", "Transpose", {"opset": 25, "attr.perm": list(perm)}, {"X": x}, {"Y": y})


# ---- activations: value and slope at x, alpha, beta ----------------------------------------------------------------


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))


def mish_slope(x):
    t = math.tanh(softplus(x))
    return t + x * (1 - t * t) * sigmoid(x)


def gelu_tanh(x, slope):
    c = math.sqrt(2 / math.pi)
    t = math.tanh(c * (x + 0.044715 * x ** 3))
    return (1 + t) / 2 + x / 2 * (1 - t * t) * c * (1 + 3 * 0.044715 * x * x) if slope else x / 2 * (1 + t)


def between(x, low, high):
    return float(low < x < high)


SELU = (1.6732632423543772, 1.0507009873554805)
ACTIVATIONS = {  # op: alpha, beta, value, slope; inputs lie off the kinks
    "linear_activation": (None, None, lambda x, a, b: x, lambda x, a, b: 1.0),
    "relu": (None, None, lambda x, a, b: max(x, 0), lambda x, a, b: float(x > 0)),
    "relu6": (None, None, lambda x, a, b: min(max(x, 0), 6), lambda x, a, b: between(x, 0, 6)),
    "leaky_relu": (0.125, None, lambda x, a, b: x if x > 0 else a * x, lambda x, a, b: 1 if x > 0 else a),
    "elu": (0.75, None, lambda x, a, b: x if x > 0 else a * math.expm1(x),
            lambda x, a, b: 1 if x > 0 else a * math.exp(x)),
    "selu": (None, None, lambda x, a, b: SELU[1] * (x if x > 0 else SELU[0] * math.expm1(x)),
             lambda x, a, b: SELU[1] * (1 if x > 0 else SELU[0] * math.exp(x))),
    "celu": (1.5, None, lambda x, a, b: x if x > 0 else a * math.expm1(x / a),
             lambda x, a, b: 1 if x > 0 else math.exp(x / a)),
    "sigmoid": (None, None, lambda x, a, b: sigmoid(x), lambda x, a, b: sigmoid(x) * sigmoid(-x)),
    "hard_sigmoid": (None, None, lambda x, a, b: min(max(x / 6 + 0.5, 0), 1), lambda x, a, b: between(x, -3, 3) / 6),
    "hard_sigmoid_onnx": (0.25, 0.375, lambda x, a, b: min(max(a * x + b, 0), 1),
                          lambda x, a, b: a * between(a * x + b, 0, 1)),
    "tanh": (None, None, lambda x, a, b: math.tanh(x), lambda x, a, b: 1 - math.tanh(x) ** 2),
    "softplus": (None, None, lambda x, a, b: softplus(x), lambda x, a, b: sigmoid(x)),
    "softsign": (None, None, lambda x, a, b: x / (1 + abs(x)), lambda x, a, b: 1 / (1 + abs(x)) ** 2),
    "silu": (None, None, lambda x, a, b: x * sigmoid(x), lambda x, a, b: sigmoid(x) * (1 + x * sigmoid(-x))),
    "hard_swish": (None, None, lambda x, a, b: x * min(max(x / 6 + 0.5, 0), 1),
                   lambda x, a, b: 0.0 if x < -3 else 1.0 if x > 3 else x / 3 + 0.5),
    "gelu_erf": (None, None, lambda x, a, b: x / 2 * math.erfc(-x / math.sqrt(2)),
                 lambda x, a, b: math.erfc(-x / math.sqrt(2)) / 2 + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)),
    "gelu_tanh": (None, None, lambda x, a, b: gelu_tanh(x, False), lambda x, a, b: gelu_tanh(x, True)),
    "mish": (None, None, lambda x, a, b: x * math.tanh(softplus(x)), lambda x, a, b: mish_slope(x)),
    "exp": (None, None, lambda x, a, b: math.exp(x), lambda x, a, b: math.exp(x)),
}


def activation(folder, op, n):
    alpha, beta, value, slope = ACTIVATIONS[op]
    x, gy = floats(n, low=-7.0, high=7.0), floats(n)
    keys = {k: v for k, v in (("alpha", alpha), ("beta", beta)) if v is not None}
    folder.case("activation", op, keys, {"x": x, "gy": gy},
                {"y": T([n], [value(v, alpha, beta) for v in x.data]),
                 "gx": T([n], [g * slope(v, alpha, beta) for g, v in zip(gy.data, x.data)])})


def activation_specials(folder, op, x, y):
    """Forward only, at values where the result is known without computing."""
    folder.case("activation", op, {}, {"x": T([len(x)], x)}, {"y": T([len(y)], y)})


def softmax_row(row):
    most = max(row)
    total = math.fsum(math.exp(v - most) for v in row)
    return [math.exp(v - most) / total for v in row], [v - most - math.log(total) for v in row]


def softmax(folder, op, shape, axis):
    x, gy = floats(*shape, low=-6.0, high=6.0), floats(*shape)
    y, gx = T(shape, x.data), T(shape, x.data)
    step, length = strides(shape)[axis], shape[axis]
    for start in (i for i in range(len(x.data)) if i // step % length == 0):
        at = [start + step * k for k in range(length)]
        p, logs = softmax_row([x.data[i] for i in at])
        g = [gy.data[i] for i in at]
        inner = math.fsum(a * b for a, b in zip(g, p)) if op == "softmax" else math.fsum(g)
        for i, pi, li, gi in zip(at, p, logs, g):
            y.data[i] = pi if op == "softmax" else li
            gx.data[i] = pi * (gi - inner) if op == "softmax" else gi - pi * inner
    folder.case(op, op, {"axis": axis}, {"x": x, "gy": gy}, {"y": y, "gx": gx})


# ---- losses --------------------------------------------------------------------------------------------------------


def reduced(terms, slopes, weights, reduction, counted=None):
    """Loss and gradients of the positions' terms; a mean divides by the sum of `counted`, else of the weights."""
    weighted = [w * t for w, t in zip(weights, terms)]
    if reduction == "none":
        return weighted, [[w * s for s in row] for w, row in zip(weights, slopes)]
    divisor = math.fsum(counted or weights) if reduction == "mean" else 1
    if divisor == 0:
        return [NAN], None
    return [math.fsum(weighted) / divisor], [[w * s / divisor for s in row] for w, row in zip(weights, slopes)]


def elementwise_loss(folder, op, shape, reduction, keys, sample_weight=False):
    bce = op.startswith("bce")
    x = floats(*shape, low=0.02, high=0.98) if op == "bce" else floats(*shape, low=-4, high=4)
    target = floats(*shape, low=0, high=1) if bce else floats(*shape, low=-4, high=4)
    weights = floats(*shape, low=0.25, high=2.0) if sample_weight else T(shape, [1.0] * len(x.data))
    s, delta, clip = f32(keys.get("label_smoothing", 0)), f32(keys.get("delta", 1)), f32(keys.get("clip", 0))
    terms, slopes = [], []
    for v, t in zip(x.data, target.data):
        d = v - t
        if bce:
            t = (1 - s) * t + s / 2
            p = min(max(v, clip), 1 - clip) if op == "bce" else sigmoid(v)
            terms.append(-t * math.log(p) - (1 - t) * math.log(1 - p) if op == "bce" else softplus(v) - t * v)
            slopes.append([(p - t) / (p * (1 - p)) * (p == v) if op == "bce" else p - t])
        elif op == "mse":
            terms.append(d * d)
            slopes.append([2 * d])
        elif op == "l1":
            terms.append(abs(d))
            slopes.append([math.copysign(1, d) if d else 0.0])
        else:
            terms.append(d * d / 2 if abs(d) <= delta else delta * (abs(d) - delta / 2))
            slopes.append([min(max(d, -delta), delta)])
    loss, gx = reduced(terms, slopes, weights.data, reduction)
    inputs = {"x": x, "target": target, **({"sample_weight": weights} if sample_weight else {})}
    folder.case(op, op, {"reduction": reduction, **keys}, inputs,
                {"loss": T(shape if reduction == "none" else [], loss), "gx": T(shape, [g for row in gx for g in row])})


def cross_entropy(folder, n, k, reduction, origin="logits", soft=False, smoothing=0.0, ignore=None, ignored=0,
                  weighted=False, sampled=False, dtype="int32"):
    """Rows of K logits, probabilities or their logarithms against class numbers or, soft, rows of probabilities."""
    raw = floats(n, k, low=-3.0, high=3.0)
    rows = [raw.data[i * k:(i + 1) * k] for i in range(n)]
    if origin != "logits":
        rows = [[f32(v) for v in softmax_row(row)[origin == "log_probabilities"]] for row in rows]
    x = T([n, k], [v for row in rows for v in row])
    if soft:
        target = T([n, k], [f32(v) for i in range(n) for v in softmax_row(floats(k).data)[0]])
    else:
        target = labels(n, k, dtype)
        for i in rng.sample(range(n), ignored):
            target.data[i] = ignore
    class_weight = floats(k, low=0.25, high=2.0) if weighted else T([k], [1.0] * k)
    sample = floats(n, low=0.25, high=2.0) if sampled else T([n], [1.0] * n)
    s = f32(smoothing)
    terms, slopes, counted, weights = [], [], [], []
    for i, row in enumerate(rows):
        skipped = not soft and target.data[i] == ignore
        t = target.data[i * k:(i + 1) * k] if soft else [float(j == target.data[i]) for j in range(k)]
        share = [class_weight.data[j] * ((1 - s) * t[j] + s / k) for j in range(k)]
        p, logs = softmax_row(row) if origin == "logits" else (row, row)
        if origin == "probabilities":
            logs = [math.log(v) for v in row]
        terms.append(-math.fsum(a * b for a, b in zip(share, logs)))
        slopes.append([math.fsum(share) * p[j] - share[j] for j in range(k)] if origin == "logits"
                      else [-share[j] / row[j] for j in range(k)] if origin == "probabilities" else [-v for v in share])
        weights.append(0.0 if skipped else sample.data[i])
        counted.append(0.0 if skipped else sample.data[i] * (1.0 if soft else class_weight.data[target.data[i]]))
    loss, gx = reduced(terms, slopes, weights, reduction, counted)
    keys = {"reduction": reduction, "from": origin, "target": "soft" if soft else "index", "label_smoothing": s}
    if ignore is not None:
        keys["ignore_index"] = ignore
    inputs = {"x": x, "target": target}
    if weighted:
        inputs["class_weight"] = class_weight
    if sampled:
        inputs["sample_weight"] = sample
    outputs = {"loss": T([n] if reduction == "none" else [], loss)}
    if gx:
        outputs["gx"] = T([n, k], [g for row in gx for g in row])
    folder.case("cross_entropy", "cross_entropy", keys, inputs, outputs)


# ---- optimisers ----------------------------------------------------------------------------------------------------


def optimizer(folder, op, n, lr, form, **options):
    """Ten steps on p'Ap/2 - b'p with A symmetric and positive."""
    o = {"momentum": 0.0, "nesterov": 0, "dampening": 0.0, "weight_decay": 0.0, "beta1": 0.9, "beta2": 0.999,
         "eps": 1e-3, "alpha": 0.9, "amsgrad": 0, "centered": 0, **options}
    o = {key: v if isinstance(v, int) else f32(v) for key, v in o.items()}
    lr, keras = f32(lr), form == "keras"
    a = T([n, n], [0.0] * (n * n))
    for i, j in product(range(n), repeat=2):
        a.data[i * n + j] = 1.0 + i / n if i == j else 0.25 / (1 + abs(i - j))
    a.data = [f32(v) for v in a.data]
    b, p0 = floats(n), floats(n)
    p, m, v, most, mean = list(p0.data), [0.0] * n, [0.0] * n, [0.0] * n, [0.0] * n
    path, gradients = list(p), []
    for t in range(1, 11):
        raw = [math.fsum(a[i, j] * p[j] for j in range(n)) - b.data[i] for i in range(n)]
        gradients += raw
        for i in range(n):
            g = raw[i] + (o["weight_decay"] * p[i] if op != "adamw" else 0.0)
            if op == "sgd" and keras:
                m[i] = o["momentum"] * m[i] - lr * g
                p[i] += o["momentum"] * m[i] - lr * g if o["nesterov"] else m[i]
            elif op == "sgd":
                m[i] = g if t == 1 else o["momentum"] * m[i] + (1 - o["dampening"]) * g
                p[i] -= lr * (g + o["momentum"] * m[i] if o["nesterov"] else m[i])
            elif op == "rmsprop":
                v[i] = o["alpha"] * v[i] + (1 - o["alpha"]) * g * g
                mean[i] = o["alpha"] * mean[i] + (1 - o["alpha"]) * g
                spread = v[i] - (mean[i] ** 2 if o["centered"] else 0.0)
                d = g / (math.sqrt(spread + o["eps"]) if keras else math.sqrt(spread) + o["eps"])
                m[i] = o["momentum"] * m[i] + (lr * d if keras else d)
                p[i] -= m[i] if keras else lr * m[i]
            else:
                if op == "adamw":
                    p[i] -= lr * o["weight_decay"] * p[i]
                m[i] = o["beta1"] * m[i] + (1 - o["beta1"]) * g
                v[i] = o["beta2"] * v[i] + (1 - o["beta2"]) * g * g
                most[i] = max(most[i], v[i]) if o["amsgrad"] else v[i]
                first, second = 1 - o["beta1"] ** t, 1 - o["beta2"] ** t
                p[i] -= (lr * math.sqrt(second) / first * m[i] / (math.sqrt(most[i]) + o["eps"]) if keras
                         else lr / first * m[i] / (math.sqrt(most[i] / second) + o["eps"]))
        path += p
    used = {"sgd": ("momentum", "nesterov", "dampening", "weight_decay"),
            "rmsprop": ("momentum", "weight_decay", "alpha", "eps", "centered"),
            }.get(op, ("weight_decay", "beta1", "beta2", "eps", "amsgrad"))
    folder.case("optimizer", op, {"form": form, "steps": 10, "lr": f"{lr:.9g}", **{k: o[k] for k in used}},
                {"A": a, "b": b, "p0": p0}, {"g": T([10, n], gradients), "p": T([11, n], path)})


# ---- the cases -----------------------------------------------------------------------------------------------------


def main(root):
    torch, keras, onnx = (Folder(root, name) for name in ("torch", "keras", "onnx"))
    for n, i, o, bias in ((1, 15, 16, True), (3, 16, 17, False), (5, 17, 33, True), (2, 33, 15, True)):
        dense(torch, "linear", "linear", n, i, o, bias, True)
    for n, i, o, bias in ((2, 17, 15, True), (1, 33, 16, False), (4, 15, 33, True), (17, 16, 1, True)):
        dense(keras, "dense", "dense", n, i, o, bias, False)
    for numbers in ((3, 5, 17, 0, 0, 1, 1, None), (4, 16, 33, 1, 0, 0.5, 1, [33]), (5, 17, 16, 0, 1, 1, -2, [1, 16]),
                    (6, 3, 15, 1, 1, 2, 0.25, [6, 1]), (2, 33, 18, 0, 0, 1, 1, [1]), (3, 4, 5, 1, 0, 1.5, 3, []),
                    (7, 8, 17, 0, 1, -1, 1, [7, 17]), (3, 6, 4, 0, 0, 1, 0, [3, 4])):
        gemm(onnx, *numbers)
    transpose(onnx, [17, 33], [1, 0])
    transpose(onnx, [2, 3, 5, 7], [0, 2, 3, 1])
    transpose(onnx, [2, 3, 2, 3, 2, 3], [5, 0, 4, 1, 3, 2])

    for op, n in zip(ACTIVATIONS, (33, 17, 31, 15, 16, 47, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)):
        activation(torch, op, n)
    inf = float("inf")
    activation_specials(torch, "relu", [NAN, -inf, inf, -1.0, 0.0, 2.0], [NAN, 0.0, inf, 0.0, 0.0, 2.0])
    activation_specials(torch, "tanh", [NAN, -inf, inf, -100.0, 0.0, 100.0], [NAN, -1.0, 1.0, -1.0, 0.0, 1.0])
    activation_specials(torch, "sigmoid", [NAN, -inf, inf, 0.0, 100.0], [NAN, 0.0, 1.0, 0.5, 1.0])
    for op in ("softmax", "log_softmax"):
        for shape, axis in (([3, 17], 1), ([33, 4], 0), ([2, 5, 7], 1), ([3, 1, 2, 16], 3), ([5, 10], 1)):
            softmax(torch, op, shape, axis)

    elementwise_loss(torch, "mse", [3, 17], "mean", {}, sample_weight=True)
    elementwise_loss(torch, "l1", [33], "none", {}, sample_weight=True)
    elementwise_loss(torch, "huber", [5, 5], "mean", {"delta": 0.75}, sample_weight=True)
    elementwise_loss(torch, "huber", [15], "sum", {})
    elementwise_loss(torch, "bce", [4, 5], "mean", {"label_smoothing": 0.25})
    elementwise_loss(torch, "bce", [31], "sum", {"clip": 0.125})
    elementwise_loss(torch, "bce_with_logits", [16], "mean", {"label_smoothing": 0.5}, sample_weight=True)
    elementwise_loss(torch, "bce_with_logits", [3, 6], "none", {"label_smoothing": 0.125})
    cross_entropy(torch, 7, 10, "mean", ignore=-100, ignored=3)
    cross_entropy(torch, 9, 5, "mean", ignore=2, ignored=2, weighted=True, dtype="int64")
    cross_entropy(torch, 8, 17, "mean", weighted=True, smoothing=0.125)
    cross_entropy(torch, 6, 4, "sum", ignore=255, ignored=2, weighted=True, smoothing=0.25)
    cross_entropy(torch, 17, 3, "none", ignore=-1, ignored=4, smoothing=0.25)
    cross_entropy(torch, 5, 16, "mean", soft=True, smoothing=0.25)
    cross_entropy(torch, 33, 2, "mean", sampled=True)
    cross_entropy(torch, 6, 7, "mean", origin="probabilities")
    cross_entropy(torch, 5, 9, "sum", origin="probabilities", soft=True)
    cross_entropy(torch, 4, 33, "mean", origin="log_probabilities", weighted=True, ignore=0, ignored=1)
    cross_entropy(torch, 3, 4, "mean", ignore=1, ignored=3)  # nothing is left: 0 / 0

    optimizer(torch, "sgd", 5, 0.1, "keras", momentum=0.9)
    optimizer(torch, "sgd", 17, 0.05, "keras", momentum=0.8, nesterov=1, weight_decay=0.01)
    optimizer(torch, "sgd", 16, 0.05, "pytorch", momentum=0.8, dampening=0.5, weight_decay=0.1)
    optimizer(torch, "adam", 15, 0.05, "keras", weight_decay=0.01)
    optimizer(torch, "adam", 18, 0.05, "keras", amsgrad=1, beta1=0.8, beta2=0.9)
    optimizer(torch, "adam", 3, 0.05, "pytorch", amsgrad=1, beta2=0.9)
    optimizer(torch, "adamw", 4, 0.02, "keras", weight_decay=0.1)
    optimizer(torch, "adamw", 33, 0.02, "pytorch", weight_decay=0.1, amsgrad=1)
    optimizer(torch, "rmsprop", 6, 0.02, "keras", momentum=0.5)
    optimizer(torch, "rmsprop", 7, 0.02, "keras", centered=1, eps=0.01)
    optimizer(torch, "rmsprop", 19, 0.02, "pytorch", momentum=0.5, centered=1, weight_decay=0.01, eps=0.01)
    for folder in (torch, keras, onnx):
        folder.write()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent / "vectors")
