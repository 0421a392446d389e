#!/usr/bin/env python3
"""The Llama of bench/BesideTorch.cs in PyTorch, for comparison: the same weights, the same batches, the same optimizer.

    torch_llama.py gradients FOLDER [--threads N]             loss and gradients of the first batch -> FOLDER/torch.safetensors
    torch_llama.py train FOLDER --steps N [--threads N]       N steps of AdamW, one batch after the other

FOLDER holds weights.safetensors (names of GGUF; the shape of the model stands in its metadata) and batches.safetensors (tokens
[batches, sequences, length + 1], of which the last column of a sequence is a target only). One line of JSON goes to the standard
output: the losses, tokens per second without the first two steps, and the peak of resident memory. Needs torch and numpy, no more.
"""
import argparse
import json
import resource
import struct
import time

import numpy
import torch
import torch.nn.functional as F

DTYPES = {"F32": numpy.float32, "I32": numpy.int32}


def read(path):
    """The tensors and the metadata of a safetensors file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    return {
        name: numpy.frombuffer(data[slice(*entry["data_offsets"])], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
    }, metadata


def write(path, tensors):
    """Writes tensors of F32 as safetensors."""
    header, end = {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [end, end + tensor.nbytes]}
        end += tensor.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(numpy.ascontiguousarray(tensor).tobytes())


class Llama:
    def __init__(self, folder):
        weights, metadata = read(f"{folder}/weights.safetensors")
        self.weights = {name: torch.tensor(value, requires_grad=True) for name, value in weights.items()}
        self.layers, self.heads, self.kv_heads = (int(metadata[key]) for key in ("layers", "heads", "kv_heads"))
        self.epsilon, self.rope_base = float(metadata["epsilon"]), float(metadata["rope_base"])

    def loss(self, batch):
        """Nats per token of sequences [B, T + 1]."""
        tokens, targets = batch[:, :-1], batch[:, 1:]
        x = F.embedding(tokens, self.weights["token_embd.weight"])                      # [B, T, D]
        mask = torch.full((tokens.shape[1], tokens.shape[1]), float("-inf")).triu(1)
        angles = self.angles(tokens.shape[1])
        for layer in range(self.layers):
            name = f"blk.{layer}."
            x = x + self.attention(name, self.norm(x, name + "attn_norm.weight"), angles, mask)
            x = x + self.feed_forward(name, self.norm(x, name + "ffn_norm.weight"))
        x = self.norm(x, "output_norm.weight")
        head = self.weights.get("output.weight", self.weights["token_embd.weight"])
        return F.cross_entropy(F.linear(x, head).flatten(0, 1), targets.flatten())

    def norm(self, x, name):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.epsilon) * self.weights[name]

    def angles(self, length):
        width = self.weights["blk.0.attn_q.weight"].shape[0] // self.heads
        rates = self.rope_base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
        turns = torch.outer(torch.arange(length, dtype=torch.float64), rates)
        return turns.cos().float(), turns.sin().float()                                 # [T, W / 2]

    def turned(self, x, angles):
        """Rotary positions on adjacent pairs of [B, H, T, W]."""
        cos, sin = angles
        even, odd = x[..., 0::2], x[..., 1::2]
        return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)

    def attention(self, name, x, angles, mask):
        def heads(part, count):
            return F.linear(x, self.weights[name + part]).unflatten(-1, (count, -1)).transpose(1, 2)

        q = self.turned(heads("attn_q.weight", self.heads), angles)                     # [B, H, T, W]
        k = self.turned(heads("attn_k.weight", self.kv_heads), angles)
        v = heads("attn_v.weight", self.kv_heads)
        if self.kv_heads < self.heads:
            k, v = (part.repeat_interleave(self.heads // self.kv_heads, 1) for part in (k, v))
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + mask).softmax(-1)
        return F.linear((weights @ v).transpose(1, 2).flatten(-2), self.weights[name + "attn_output.weight"])

    def feed_forward(self, name, x):
        gate, up = (F.linear(x, self.weights[name + part]) for part in ("ffn_gate.weight", "ffn_up.weight"))
        return F.linear(F.silu(gate) * up, self.weights[name + "ffn_down.weight"])


def gradients(model, batches, folder):
    loss = model.loss(batches[0])
    loss.backward()
    write(f"{folder}/torch.safetensors", {name: weight.grad.numpy() for name, weight in model.weights.items()})
    return {"losses": [loss.item()]}


def train(model, batches, steps, options):
    weights = model.weights.values()
    optimizer = torch.optim.AdamW(
        [{"params": [w for w in weights if w.dim() > 1], "weight_decay": float(options["weight_decay"])},
         {"params": [w for w in weights if w.dim() == 1], "weight_decay": 0.0}],
        lr=float(options["rate"]), betas=(float(options["beta1"]), float(options["beta2"])), eps=float(options["adam_epsilon"]), foreach=True)
    losses, begin, warm_up = [], time.perf_counter(), min(2, steps - 1)
    for step in range(steps):
        if step == warm_up:
            begin = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = model.loss(batches[step % len(batches)])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    tokens = (steps - warm_up) * batches[0, :, 1:].numel()
    return {"losses": losses, "rate": tokens / (time.perf_counter() - begin)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["gradients", "train"])
    parser.add_argument("folder")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    model = Llama(arguments.folder)
    tensors, options = read(f"{arguments.folder}/batches.safetensors")
    batches = torch.tensor(tensors["tokens"], dtype=torch.long)
    result = (gradients(model, batches, arguments.folder) if arguments.mode == "gradients"
              else train(model, batches, arguments.steps, options))
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
