#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the embedded model on the prepared corpus and writes training.log and build/model.pt.

python3 train.py [--steps N] [--max-seconds S] [--resume build/model.pt --from-progress P]

Two processes of one thread each, every one with half of each batch; the parameters and the gradients
lie in shared memory, and each process updates its half of the matrices.  They wait for each other
twice a step, not at every operation, which on a busy machine is several times faster than two threads.

The learning rate is a cosine over the steps; if the machine is slower than planned, the schedule
follows the clock instead, so that the run always ends, fully decayed, within --max-seconds.
"""
import argparse
import math
import os
import multiprocessing
import platform
import sys
import time

# One thread for each process, and buffers that do not go back to the system after every use; both
# must be set before the start.
QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000"}
if __name__ == "__main__" and os.environ.get("OPENBLAS_NUM_THREADS") != "1":
    os.environ.update(QUIET)
    os.execv(sys.executable, [sys.executable] + sys.argv)

import numpy as np
import torch
import torch.nn.functional as F

from model import CONFIG, Llama
from tokenizer import BOS, EOS

HERE = os.path.dirname(os.path.abspath(__file__))
WORKERS = 2
TOKENS = 2048  # per step and process: 8 rows of 256, or 4 rows of 512


def load(name):
    z = np.load(os.path.join(HERE, "build", name + ".npz"))
    ids, weights, lens = z["ids"], z["weights"], z["lens"]
    return [(ids[e - n:e], weights[e - n:e]) for e, n in zip(np.cumsum(lens), lens)]


def pack(docs):
    """Whole documents into rows of 256 or 512 tokens, the emptiest place that fits best first."""
    rows = {256: [], 512: []}
    free = {256: [], 512: []}
    for d in sorted(docs, key=lambda d: -len(d[0])):
        n = len(d[0])
        best = None
        for t in (512, 256):
            for i, room in enumerate(free[t]):
                if n <= room and (best is None or room < best[0]):
                    best = (room, t, i)
        if best is None:
            t = 512 if n > 256 else 256
            rows[t].append([d])
            free[t].append(t - n)
        else:
            _, t, i = best
            rows[t][i].append(d)
            free[t][i] -= n
    return rows


def tensors(rows, t):
    ids = np.full((len(rows), t), EOS, np.int64)
    goal = np.full((len(rows), t), -100, np.int64)
    wt = np.zeros((len(rows), t), np.float32)
    doc = np.full((len(rows), t), -1, np.int64)
    for r, row in enumerate(rows):
        at = 0
        for k, (d, w) in enumerate(row):
            n = len(d)
            ids[r, at:at + n] = d
            doc[r, at:at + n] = k
            goal[r, at:at + n - 1] = d[1:]
            wt[r, at:at + n - 1] = w[1:]
            at += n
    return tuple(torch.from_numpy(a) for a in (ids, goal, wt, doc))


def batches(docs, rng):
    """Endless batches of whole documents, reshuffled at every epoch."""
    left = {256: [], 512: []}
    while True:
        order = rng.permutation(len(docs))
        for a in range(0, len(order), 1024):
            rows = pack([docs[i] for i in order[a:a + 1024]])
            ready = []
            for t in (256, 512):
                left[t] += rows[t]
                n = TOKENS // t
                while len(left[t]) >= n:
                    ready.append((left[t][:n], t))
                    left[t] = left[t][n:]
            for i in rng.permutation(len(ready)):
                yield tensors(*ready[i])


def evaluate(model, docs):
    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        rows = pack(docs)
        for t in (256, 512):
            for a in range(0, len(rows[t]), 16):
                ids, goal, _, doc = tensors(rows[t][a:a + 16], t)
                loss = F.cross_entropy(model(ids, doc).flatten(0, 1), goal.flatten(), ignore_index=-100, reduction="sum")
                total += loss.item()
                count += int((goal >= 0).sum())
    model.train()
    return total / count


class Muon:
    """Momentum, orthogonalised by five Newton-Schulz steps, for the matrices inside the blocks."""

    def __init__(self, params, lr, momentum=0.95):
        self.params, self.lr, self.momentum = list(params), lr, momentum
        self.buf = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self, scale):
        for p, b in zip(self.params, self.buf):
            b.lerp_(p.grad, 1 - self.momentum)
            g = p.grad.lerp(b, self.momentum)
            flip = g.shape[0] > g.shape[1]
            x = g.T if flip else g
            x = x / (x.norm() + 1e-7)
            for _ in range(5):
                a = x @ x.T
                x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
            x = x.T if flip else x
            p.mul_(1 - self.lr * scale * 0.05).add_(x, alpha=-self.lr * scale * max(1.0, p.shape[0] / p.shape[1]) ** 0.5)


def parts(model):
    """The parameters that each process updates: every other block; the embedding and the norms are the first's."""
    inner = [[p for n, p in model.named_parameters() if p.dim() == 2 and n.startswith("blk") and int(n.split(".")[1]) % WORKERS == r] for r in range(WORKERS)]
    other = [p for n, p in model.named_parameters() if not (n.startswith("blk") and p.dim() == 2)]
    return inner, other


def work(rank, a, model, grads, state, barrier, train, held, log):
    torch.set_num_threads(1)
    inner, other = parts(model)
    muon = Muon(inner[rank], a.muon_lr)
    opt = torch.optim.AdamW(other, lr=a.lr, betas=(0.9, 0.95), eps=1e-9, weight_decay=0.0) if rank == 0 else None
    params = list(model.parameters())
    feed = batches(train, np.random.default_rng([a.seed, rank, int(state[2])]))
    start = saved = time.time()
    first = step = int(state[2])
    seen, run, run_n, tick = int(state[3]), 0.0, 0, (time.time(), int(state[3]))
    while True:
        if rank == 0:  # the first process reads the clock for both
            p = a.from_progress + (1 - a.from_progress) * max((step - first) / a.steps, (time.time() - start) / a.max_seconds)
            state[0] = p
            state[1] = min((step - first + 1) / 8, 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(p, 1.0))))
        barrier.wait()
        if state[0] >= 1:
            break
        scale = float(state[1])
        ids, goal, wt, doc = next(feed)
        loss = F.cross_entropy(model(ids, doc).flatten(0, 1), goal.flatten(), ignore_index=-100, reduction="none")
        count = int((goal >= 0).sum())
        state[4 + rank], state[6 + rank] = loss.detach().sum(), count
        (loss @ wt.flatten() / wt.sum()).backward()
        torch.cat([q.grad.flatten() for q in params], out=grads[rank])
        barrier.wait()
        total = grads.mean(0)
        total *= min(1.0, 1.0 / (float(total.norm()) + 1e-6))
        at = 0
        for q in params:
            q.grad = total[at:at + q.numel()].view_as(q)
            at += q.numel()
        muon.step(scale)
        if opt:
            for g in opt.param_groups:
                g["lr"] = a.lr * scale
            opt.step()
        model.zero_grad(set_to_none=True)
        step += 1
        seen += int(state[6] + state[7])
        if rank:
            continue
        run, run_n = run + float((state[4] + state[5]) / (state[6] + state[7])), run_n + 1
        if step % 25 == 0 or step - first == 8:
            now = time.time()
            log(f"step {step:5d}  loss {run / run_n:.4f}  lr x {scale:.3f}  tokens {seen}  {(seen - tick[1]) / (now - tick[0]):.0f} tokens/s  {now - start:.0f} s")
            run, run_n, tick = 0.0, 0, (now, seen)
        if step % 500 == 0:
            log(f"step {step:5d}  held-out loss {evaluate(model, held[:100]):.4f} (100 documents)")
            tick = (time.time(), seen)
        if time.time() - saved > 180:
            torch.save({"model": model.state_dict(), "step": step, "tokens": seen, "config": CONFIG}, os.path.join(HERE, "build", "model.pt"))
            saved = time.time()
    if rank == 0:
        wall = time.time() - start
        point = {"model": model.state_dict(), "step": step, "tokens": seen, "config": CONFIG, "seconds": wall, "seed": a.seed}
        torch.save(point, os.path.join(HERE, "build", "model.pt"))
        log(f"end: {step} steps, {seen} tokens, {wall:.0f} s, {(seen - int(state[8])) / wall:.0f} tokens/s")
        point["held"] = evaluate(model, held)
        torch.save(point, os.path.join(HERE, "build", "model.pt"))
        log(f"end: held-out loss {point['held']:.4f} ({len(held)} documents)")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--steps", type=int, default=3000)
    ap.add_argument("--max-seconds", type=float, default=2450)
    ap.add_argument("--lr", type=float, default=3e-3)
    ap.add_argument("--muon-lr", type=float, default=0.02)
    ap.add_argument("--seed", type=int, default=20)
    ap.add_argument("--resume")
    ap.add_argument("--short", type=int, default=6, help="how many times an epoch uses a document under 128 tokens (the short chats)")
    ap.add_argument("--from-progress", type=float, default=0.0)
    ap.add_argument("--log", default=os.path.join(HERE, "training.log"))
    a = ap.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(1)
    out = open(a.log, "a" if a.resume else "w")

    def log(text):
        print(text, flush=True)
        out.write(text + "\n")
        out.flush()

    train, held = load("train"), load("held")
    train += [d for d in train if len(d[0]) < 128] * (a.short - 1)
    model = Llama()
    params = sum(p.numel() for p in model.parameters())
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    log(f"embedded model: {params} parameters, {CONFIG}")
    log(f"seed {a.seed}, torch {torch.__version__}, numpy {np.__version__}, python {platform.python_version()}, {platform.machine()}, {cpu}, {WORKERS} processes of one thread, float32")
    log(f"training documents {len(train)} (those under 128 tokens {a.short} times), tokens {sum(len(d) for d, _ in train)}; held-out documents {len(held)}, tokens {sum(len(d) for d, _ in held)}")
    log(f"steps {a.steps} of {TOKENS * WORKERS} token places, at most {a.max_seconds:.0f} s, "
        f"Muon lr {a.muon_lr} (block matrices, decay 0.05), AdamW lr {a.lr} (embedding, norms; betas 0.9 0.95), cosine to 0.02, warm-up 8 steps, clip 1.0")
    state = torch.zeros(9, dtype=torch.float64).share_memory_()
    if a.resume:
        ck = torch.load(a.resume)
        model.load_state_dict(ck["model"])
        state[2], state[3], state[8] = ck["step"], ck["tokens"], ck["tokens"]
        log(f"resumed after step {ck['step']} and {ck['tokens']} tokens, at {a.from_progress} of the schedule, with new optimiser state")
    model.share_memory()
    grads = torch.zeros(WORKERS, params).share_memory_()
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(WORKERS)
    others = [fork.Process(target=work, args=(r, a, model, grads, state, barrier, train, held, log), daemon=True) for r in range(1, WORKERS)]
    for p in others:
        p.start()
    work(0, a, model, grads, state, barrier, train, held, log)
    for p in others:
        p.join()


if __name__ == "__main__":
    main()
