#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the trained model as GGUF v3: Q8_0 matrices, F32 norms.

python3 export.py [build/model.pt] [story.gguf]
"""
import os
import re
import struct
import sys

import numpy as np
import torch

from tokenizer import BOS, EOS, IM_END, UNK, Tokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "..", "src", "main", "resources", "org", "zonda", "app", "story.gguf")
U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
ALIGN = 32
TEMPLATE = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
            "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")


def string(s):
    b = s.encode("utf-8")
    return struct.pack("<Q", len(b)) + b


def value(kind, v):
    if kind == STRING:
        return string(v)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], v)


def entry(key, kind, v):
    if isinstance(kind, tuple):
        return string(key) + struct.pack("<IIQ", ARRAY, kind[1], len(v)) + b"".join(value(kind[1], x) for x in v)
    return string(key) + struct.pack("<I", kind) + value(kind, v)


def q8_0(w):
    """Rows of blocks of 32: an fp16 scale max|x|/127, then 32 int8."""
    x = w.astype(np.float32).reshape(-1, 32)
    d = np.abs(x).max(1, keepdims=True) / np.float32(127)
    q = np.rint(x / np.where(d == 0, 1, d)).astype(np.int8)
    out = np.zeros(len(x), np.dtype([("d", "<f2"), ("q", "i1", 32)]))
    out["d"], out["q"] = d[:, 0].astype(np.float16), q
    return out.tobytes()


def main():
    source = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "build", "model.pt")
    target = sys.argv[2] if len(sys.argv) > 2 else TARGET
    ck = torch.load(source)
    c, state = ck["config"], {k: v.numpy() for k, v in ck["model"].items()}
    tok = Tokenizer.load(os.path.join(HERE, "tokenizer.json"))
    assert len(tok.tokens) == c["vocab"]
    count = sum(v.size for v in state.values())
    log = open(os.path.join(HERE, "training.log"), encoding="utf-8").read()
    train = re.findall(r"step +\d+  loss ([0-9.]+)", log)[-1]
    about = (f"A very small language model of {count} parameters for little stories and short chats, trained from scratch by the Zonda project on texts that "
             f"its own grammar wrote (app/embedded-model/corpus.py): {ck['tokens']} tokens in {ck['step']} steps on a CPU, seed {ck.get('seed', 20)}, "
             f"final training loss {train}, loss on held-out documents {ck.get('held', float('nan')):.4f} (before Q8_0). It knows nothing else.")
    meta = [
        ("general.architecture", STRING, "llama"),
        ("general.name", STRING, f"Zonda Stories {count / 1e6:.1f}M"),
        ("general.author", STRING, "The Zonda authors"),
        ("general.license", STRING, "apache-2.0"),
        ("general.description", STRING, about),
        ("general.quantization_version", U32, 2),
        ("general.file_type", U32, 7),
        ("general.alignment", U32, ALIGN),
        ("llama.context_length", U32, c["context"]),
        ("llama.embedding_length", U32, c["dim"]),
        ("llama.block_count", U32, c["layers"]),
        ("llama.feed_forward_length", U32, c["ffn"]),
        ("llama.attention.head_count", U32, c["heads"]),
        ("llama.attention.head_count_kv", U32, c["kv_heads"]),
        ("llama.attention.layer_norm_rms_epsilon", F32, c["eps"]),
        ("llama.rope.dimension_count", U32, c["dim"] // c["heads"]),
        ("llama.rope.freq_base", F32, c["theta"]),
        ("llama.vocab_size", U32, c["vocab"]),
        ("tokenizer.ggml.model", STRING, "llama"),
        ("tokenizer.ggml.pre", STRING, "default"),
        ("tokenizer.ggml.tokens", (ARRAY, STRING), tok.tokens),
        ("tokenizer.ggml.scores", (ARRAY, F32), tok.scores),
        ("tokenizer.ggml.token_type", (ARRAY, I32), tok.types),
        ("tokenizer.ggml.bos_token_id", U32, BOS),
        ("tokenizer.ggml.eos_token_id", U32, EOS),
        ("tokenizer.ggml.eot_token_id", U32, IM_END),
        ("tokenizer.ggml.unknown_token_id", U32, UNK),
        ("tokenizer.ggml.add_bos_token", BOOL, True),
        ("tokenizer.ggml.add_eos_token", BOOL, False),
        ("tokenizer.ggml.add_space_prefix", BOOL, True),
        ("tokenizer.chat_template", STRING, TEMPLATE),
    ]
    tensors = [(k, state[k]) for k in ("token_embd.weight", "output_norm.weight")]
    for i in range(c["layers"]):
        for part in ("attn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_norm", "ffn_gate", "ffn_up", "ffn_down"):
            tensors.append((f"blk.{i}.{part}.weight", state[f"blk.{i}.{part}.weight"]))
    assert len(tensors) == len(state)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(meta)) + b"".join(entry(*m) for m in meta)
    data = b""
    for name, w in tensors:
        two = w.ndim == 2
        head += string(name) + struct.pack("<I", w.ndim) + b"".join(struct.pack("<Q", n) for n in reversed(w.shape)) + struct.pack("<IQ", 8 if two else 0, len(data))
        data += q8_0(w) if two else w.astype("<f4").tobytes()
        data += bytes(-len(data) % ALIGN)
    head += bytes(-len(head) % ALIGN)
    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    with open(target, "wb") as f:
        f.write(head + data)
    print(f"{os.path.basename(target)}: {len(head) + len(data)} bytes, {len(tensors)} tensors, {count} parameters")
    print(about)


if __name__ == "__main__":
    main()
