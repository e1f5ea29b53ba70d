# SPDX-License-Identifier: Apache-2.0
"""The llama architecture in PyTorch, for training: RMSNorm, interleaved RoPE, GQA, SwiGLU, tied embeddings."""
import math

import torch
import torch.nn.functional as F
from torch import nn

CONFIG = dict(vocab=768, context=512, dim=160, layers=6, heads=5, kv_heads=1, ffn=448, eps=1e-5, theta=10000.0)


class RMSNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


def rope(x, cos, sin):
    """x: [batch, time, heads, head dim]; the pairs are (2i, 2i+1), as GGUF's llama has them."""
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.kv, self.hd = c["heads"], c["kv_heads"], c["dim"] // c["heads"]
        self.attn_norm = RMSNorm(c["dim"], c["eps"])
        self.attn_q = nn.Linear(c["dim"], self.heads * self.hd, bias=False)
        self.attn_k = nn.Linear(c["dim"], self.kv * self.hd, bias=False)
        self.attn_v = nn.Linear(c["dim"], self.kv * self.hd, bias=False)
        self.attn_output = nn.Linear(self.heads * self.hd, c["dim"], bias=False)
        self.ffn_norm = RMSNorm(c["dim"], c["eps"])
        self.ffn_gate = nn.Linear(c["dim"], c["ffn"], bias=False)
        self.ffn_up = nn.Linear(c["dim"], c["ffn"], bias=False)
        self.ffn_down = nn.Linear(c["ffn"], c["dim"], bias=False)

    def forward(self, x, cos, sin, mask):
        n, t, _ = x.shape
        g = self.heads // self.kv
        h = self.attn_norm(x)
        q = rope(self.attn_q(h).view(n, t, self.heads, self.hd), cos, sin)
        k = rope(self.attn_k(h).view(n, t, self.kv, self.hd), cos, sin)
        v = self.attn_v(h).view(n, t, self.kv, self.hd).transpose(1, 2)
        q = q.view(n, t, self.kv, g, self.hd).permute(0, 2, 3, 1, 4).reshape(n, self.kv, g * t, self.hd)
        s = q @ (k.permute(0, 2, 3, 1) / math.sqrt(self.hd))
        s = (s.view(n, self.kv, g, t, t) + mask).softmax(-1).view(n, self.kv, g * t, t)
        o = (s @ v).view(n, self.kv, g, t, self.hd).permute(0, 3, 1, 2, 4).reshape(n, t, -1)
        x = x + self.attn_output(o)
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))


class Llama(nn.Module):
    def __init__(self, c=CONFIG):
        super().__init__()
        self.c = c
        self.token_embd = nn.Embedding(c["vocab"], c["dim"])
        self.blk = nn.ModuleList(Block(c) for _ in range(c["layers"]))
        self.output_norm = RMSNorm(c["dim"], c["eps"])
        for name, p in self.named_parameters():
            if p.dim() == 2:
                std = 0.04
                if "attn_output" in name or "ffn_down" in name:
                    std /= math.sqrt(2 * c["layers"])
                nn.init.normal_(p, 0.0, std)
        hd = c["dim"] // c["heads"]
        f = c["theta"] ** (-torch.arange(0, hd, 2).float() / hd)
        a = torch.outer(torch.arange(c["context"]).float(), f)
        self.register_buffer("cos", a.cos()[None, :, None, :], persistent=False)
        self.register_buffer("sin", a.sin()[None, :, None, :], persistent=False)

    def forward(self, ids, doc=None):
        """Logits.  `doc` numbers the documents in each row: a token sees only its own document."""
        t = ids.shape[1]
        seen = torch.ones(t, t, dtype=torch.bool).tril()[None]
        if doc is not None:
            seen = seen & (doc[:, :, None] == doc[:, None, :])
        mask = torch.zeros(seen.shape).masked_fill_(~seen, -1e9)[:, None, None]
        x = self.token_embd(ids)
        for b in self.blk:
            x = b(x, self.cos[:, :t], self.sin[:, :t], mask)
        return F.linear(self.output_norm(x), self.token_embd.weight)
