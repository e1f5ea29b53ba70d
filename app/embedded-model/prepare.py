#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Learns the tokenizer (tokenizer.json) and writes the tokenised corpus (build/*.npy).

python3 prepare.py [documents] [seed] [vocabulary size]
"""
import os
import sys
import time

import numpy as np

import corpus
from tokenizer import EOS, IM_END, IM_START, Tokenizer, learn

HERE = os.path.dirname(os.path.abspath(__file__))


def weights(ids, heads):
    """1 for every token, 2 for the short replies (under 48 tokens): they are few, and they matter."""
    w = np.ones(len(ids), np.int8)
    n = len(heads)
    for i in range(len(ids) - n):
        if ids[i] == IM_START and ids[i + 1:i + 1 + n] == heads:
            start = i + 1 + n
            end = ids.index(IM_END, start) + 1
            if end - start < 48:
                w[start:end] = 2
    return w


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 120000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 768
    start = time.time()
    seen, texts = set(), []
    # small chats (sums, colours, greetings) repeat by nature; texts over 300 characters are kept once
    for i in range(count):
        t = corpus.render(corpus.document(seed, i))
        if len(t) > 300:
            if t in seen:
                continue
            seen.add(t)
        texts.append(t)
    held, i = [], 0
    while len(held) < 1000:  # held-out: another seed, long texts only, none of them in the training set
        t = corpus.render(corpus.document(seed + 1, i))
        i += 1
        if len(t) > 300 and t not in seen:
            held.append(t)
    print(f"{len(texts)} documents, {sum(map(len, texts))} characters, {len(seen)} different long texts, {time.time() - start:.0f} s", flush=True)
    tok = Tokenizer(learn(texts[:20000], size))
    tok.save(os.path.join(HERE, "tokenizer.json"))
    for t in texts[:200]:
        assert tok.encode(t) == tok.encode(t, plain=True)
    os.makedirs(os.path.join(HERE, "build"), exist_ok=True)
    for name, part in (("train", texts), ("held", held)):
        docs = [tok.encode(t) + [EOS] for t in part]
        docs = [d for d in docs if len(d) <= 512]
        lens = np.array([len(d) for d in docs])
        heads = tok.encode("assistant\n", bos=False)
        np.savez(os.path.join(HERE, "build", name + ".npz"), ids=np.concatenate([np.array(d, np.int16) for d in docs]), lens=lens,
                 weights=np.concatenate([weights(d, heads) for d in docs]))
        print(f"{name}: {len(docs)} documents, {lens.sum()} tokens, mean {lens.mean():.0f}, max {lens.max()}, over 256: {(lens > 256).mean():.3f}")
    print(f"{len(tok.tokens)} tokens in the vocabulary, {sum(map(len, texts)) / sum(len(tok.encode(t)) for t in texts):.2f} characters per token, {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
