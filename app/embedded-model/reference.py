# SPDX-License-Identifier: Apache-2.0
"""A plain NumPy reference for the embedded model: reads the GGUF, dequantises it, runs it in float32."""
import os
import struct

import numpy as np

from tokenizer import FIRST, Tokenizer

SCALAR = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}


def read_gguf(path):
    raw = open(path, "rb").read()
    at = 4

    def take(fmt):
        nonlocal at
        v = struct.unpack_from(fmt, raw, at)[0]
        at += struct.calcsize(fmt)
        return v

    def text():
        nonlocal at
        n = take("<Q")
        at += n
        return raw[at - n:at].decode("utf-8")

    def value(kind):
        if kind == 8:
            return text()
        if kind == 9:
            inner, n = take("<I"), take("<Q")
            return [value(inner) for _ in range(n)]
        return take(SCALAR[kind])

    assert raw[:4] == b"GGUF" and take("<I") == 3
    count, pairs = take("<Q"), take("<Q")
    meta = {}
    for _ in range(pairs):
        key = text()
        meta[key] = value(take("<I"))
    infos = []
    for _ in range(count):
        name = text()
        shape = [take("<Q") for _ in range(take("<I"))][::-1]
        infos.append((name, shape, take("<I"), take("<Q")))
    base = -(-at // meta.get("general.alignment", 32)) * meta.get("general.alignment", 32)
    out = {}
    for name, shape, kind, offset in infos:
        n = int(np.prod(shape))
        if kind == 0:
            w = np.frombuffer(raw, "<f4", n, base + offset)
        else:
            assert kind == 8, kind
            b = np.frombuffer(raw, np.dtype([("d", "<f2"), ("q", "i1", 32)]), n // 32, base + offset)
            w = b["d"].astype(np.float32)[:, None] * b["q"].astype(np.float32)
        out[name] = w.reshape(shape).astype(np.float32)
    return meta, out


class Reference:
    def __init__(self, path):
        self.meta, self.w = read_gguf(path)
        m = self.meta
        assert m["general.architecture"] == "llama"
        self.layers, self.heads, self.kv = m["llama.block_count"], m["llama.attention.head_count"], m["llama.attention.head_count_kv"]
        self.eps, self.context = m["llama.attention.layer_norm_rms_epsilon"], m["llama.context_length"]
        self.hd = m["llama.rope.dimension_count"]
        f = m["llama.rope.freq_base"] ** (-np.arange(0, self.hd, 2) / self.hd)
        a = np.outer(np.arange(self.context), f)
        self.cos, self.sin = np.cos(a).astype(np.float32)[:, None], np.sin(a).astype(np.float32)[:, None]
        self.tok = Tokenizer(m["tokenizer.ggml.tokens"][FIRST:])
        assert self.tok.tokens == m["tokenizer.ggml.tokens"] and self.tok.types == m["tokenizer.ggml.token_type"]
        self.reset()

    def reset(self):
        shape = (self.layers, self.context, self.kv, self.hd)
        self.k, self.v, self.n = np.zeros(shape, np.float32), np.zeros(shape, np.float32), 0

    def norm(self, x, name):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.eps) * self.w[name]

    def rope(self, x, at):
        c, s = self.cos[at:at + len(x)], self.sin[at:at + len(x)]
        a, b = x[..., 0::2], x[..., 1::2]
        return np.stack((a * c - b * s, a * s + b * c), -1).reshape(x.shape)

    def forward(self, ids):
        """The logits [len(ids), vocab] of the next tokens; the keys and values are kept."""
        w, at, t = self.w, self.n, len(ids)
        end = at + t
        x = w["token_embd.weight"][ids]
        seen = np.where(np.arange(end)[None, :] <= np.arange(at, end)[:, None], 0, -np.inf).astype(np.float32)
        for i in range(self.layers):
            p = f"blk.{i}."
            h = self.norm(x, p + "attn_norm.weight")
            q = self.rope((h @ w[p + "attn_q.weight"].T).reshape(t, self.heads, self.hd), at)
            self.k[i, at:end] = self.rope((h @ w[p + "attn_k.weight"].T).reshape(t, self.kv, self.hd), at)
            self.v[i, at:end] = (h @ w[p + "attn_v.weight"].T).reshape(t, self.kv, self.hd)
            g = self.heads // self.kv
            out = np.empty((t, self.heads, self.hd), np.float32)
            for j in range(self.heads):
                s = q[:, j] @ self.k[i, :end, j // g].T / np.sqrt(np.float32(self.hd)) + seen
                s = np.exp(s - s.max(-1, keepdims=True))
                out[:, j] = (s / s.sum(-1, keepdims=True)) @ self.v[i, :end, j // g]
            x = x + out.reshape(t, -1) @ w[p + "attn_output.weight"].T
            h = self.norm(x, p + "ffn_norm.weight")
            gate = h @ w[p + "ffn_gate.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * (h @ w[p + "ffn_up.weight"].T)) @ w[p + "ffn_down.weight"].T
        self.n = end
        return self.norm(x, "output_norm.weight") @ w["token_embd.weight"].T

    def generate(self, prompt, limit=300, temperature=0.0, rng=None, stop=(1, 2, 259, 260)):
        """Tokens of the prompt, the generated tokens (the stop token included), the logits after the prompt, the smallest lead."""
        self.reset()
        ids = self.tok.encode(prompt)
        logits = first = self.forward(ids)[-1]
        out, lead = [], np.inf
        while len(out) < limit and self.n < self.context:
            if temperature:
                z = logits.astype(np.float64) / temperature
                z = np.exp(z - z.max())
                k = int(rng.choice(len(z), p=z / z.sum()))
            else:
                k = int(logits.argmax())
                two = np.partition(logits, -2)[-2:]
                lead = min(lead, float(two[1] - two[0]))
            out.append(k)
            if k in stop or self.n >= self.context:
                break
            logits = self.forward([k])[0]
        return ids, out, first, lead

    def text(self, ids):
        """The generated tokens as text (no space is taken off: it continues the prompt)."""
        return self.tok.decode(ids, strip=False)


def chat_prompt(messages):
    return "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in messages) + "<|im_start|>assistant\n"
