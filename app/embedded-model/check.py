#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the exported model with the NumPy reference, writes expected.json, and measures what it can do.

python3 check.py [story.gguf] [--torch build/model.pt] [--quick]
"""
import json
import os
import random
import re
import sys

for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(k, "1")
import numpy as np

import corpus
from reference import Reference, chat_prompt
from tokenizer import EOS, IM_END

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "..", "src", "main", "resources", "org", "zonda", "app", "story.gguf")
RAW = ["Once upon a time", "One day", "There was a little dog named Biscuit", "Once upon a time, there was a girl named Zelda who had a red kite."]
CHATS = [["Hello!", "What is your name?"], ["What is 3 + 4?"], ["What colour is the sky?"], ["Tell me a story about a dog.", "What was the dog's name?"],
         ["Lily has a red ball. Tom has a blue car. What colour is the car?"], ["My name is Anna.", "What is my name?"], ["What is the capital of France?"], ["Thank you!", "Goodbye!"]]


def talk(ref, questions, **how):
    """Asks the questions one after the other; yields (prompt, result) for every reply."""
    messages = []
    for q in questions:
        messages.append(("user", q))
        prompt = chat_prompt(messages)
        result = ref.generate(prompt, **how)
        messages.append(("assistant", ref.text(result[1])))
        yield prompt, result


def reply(ref, *questions):
    return [ref.text(r[1]) for _, r in talk(ref, questions)][-1]


def expected(ref):
    cases = [(p, ref.generate(p)) for p in RAW]
    for c in CHATS:
        cases += list(talk(ref, c))
    out = []
    for prompt, (ids, got, logits, lead) in cases:
        out.append({"prompt": prompt, "prompt_ids": ids, "greedy_ids": got, "text": ref.text(got), "smallest_lead": round(lead, 4), "logits": [round(float(x), 4) for x in logits]})
    return out


def against_torch(ref, cases, path):
    import torch
    from model import Llama
    ck = torch.load(path)
    for name, quantised in (("float32 weights", False), ("the dequantised Q8_0 weights", True)):
        model = Llama(ck["config"]).eval()
        model.load_state_dict({k: torch.from_numpy(ref.w[k]) for k in ck["model"]} if quantised else ck["model"])
        same = total = 0
        worst = 0.0
        for c in cases:
            ids = c["prompt_ids"] + c["greedy_ids"]
            with torch.no_grad():
                z = model(torch.tensor([ids[:-1]]))[0].numpy()
            n = len(c["prompt_ids"])
            got = z[n - 1:].argmax(-1)
            same += int((got == np.array(c["greedy_ids"])).sum())
            total += len(got)
            worst = max(worst, float(np.abs(z[n - 1] - np.array(c["logits"])).max()))
        print(f"torch with {name}: the same top token at {same} of {total} places, largest difference of a logit {worst:.5f}")


def measure(ref):
    figures = {}

    def score(name, results):
        results = list(results)
        figures[name] = (sum(ok for ok, *_ in results), len(results))
        print(f"{name}: {figures[name][0]} of {figures[name][1]}", flush=True)
        for _, q, a in [r for r in results if not r[0]][:4]:
            print(f"    wrong: {q!r} -> {a!r}")

    def ask(q, want):
        a = reply(ref, q)
        return want.lower() in a.lower(), q[-80:], a

    score("sums a + b <= 20", (ask(f"What is {a} + {b}?", f"= {a + b}.") for a in range(21) for b in range(21 - a)))
    score("differences a - b, a <= 20", (ask(f"What is {a} - {b}?", f"= {a - b}.") for a in range(21) for b in range(a + 1)))
    r = random.Random("check words")
    score("sums in other wordings", (ask(q, ans.split("= ")[1]) for q, ans in (corpus.arithmetic(r) for _ in range(100))))
    score("sums told with apples", (ask(*corpus.word_sum(r)) for _ in range(100)))
    score("colours of common things", (ask(f"What colour is {t}?", c) for t, c in corpus.COLOUR_FACTS))

    def story_question(i, told):
        r = random.Random(f"check story {i}")
        s = corpus.Story(r)
        qs, _, key = r.choice(s.facts)
        q = r.choice(qs)
        if told:
            prompt = chat_prompt([("user", "Tell me a story."), ("assistant", s.text(False)), ("user", q)])
            a = ref.text(ref.generate(prompt)[1])
        else:
            a = reply(ref, s.text(False) + " " + q)
        return key.lower() in a.lower(), s.text(False) + " // " + q, a

    score("questions about a new story in the prompt", (story_question(i, False) for i in range(100)))
    score("questions about a new story just told", (story_question(i, True) for i in range(100, 200)))

    def context(i):
        t = corpus.context_qa(random.Random(f"check context {i}"))
        a = reply(ref, t[0][1])
        return a == t[1][1], t[0][1], a

    score("questions about two facts in the prompt", (context(i) for i in range(100)))

    def own(kind):
        one = f"Tell me a story about {corpus.an(kind)}."
        turns = [ref.text(x[1]) for _, x in talk(ref, [one, f"What was the {kind}'s name?"])]
        name = re.search(r"(?:named|called) (\w+)|^(\w+) was", turns[0])
        name = (name.group(1) or name.group(2)) if name else "?"
        return kind in turns[0] and name in turns[1], one, turns

    score("asked for a story about an animal, then its name", (own(k) for k in corpus.ANIMALS[:20]))

    def named(i):
        w = corpus.Who(random.Random(f"check name {i}"), random.Random(i).choice(["girl", "boy"]))
        a = reply(ref, f"My name is {w.name}.", "What is my name?")
        return a == f"Your name is {w.name}.", w.name, a

    score("remembers the user's name", (named(i) for i in range(50)))
    score("says that it does not know", (ask(corpus.outside(random.Random(f"check outside {i}"))[0], "not know") for i in range(50)))
    rng = np.random.default_rng(1)
    ends = []
    for i in range(20):
        _, got, _, _ = ref.generate("Once upon a time", temperature=0.8, rng=rng, limit=300)
        ends.append((got[-1] == EOS, "t 0.8", ref.text(got)))
    score("stories at temperature 0.8 that end within 300 tokens", ends)
    return figures


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    weights = args.pop() if "--torch" in sys.argv else None
    ref = Reference(args[0] if args else TARGET)
    cases = expected(ref)
    for c in cases:
        print("-" * 60)
        print(c["prompt"] + "»" + c["text"] + ("" if c["greedy_ids"][-1] in (EOS, IM_END) else " [no end]"), f"({len(c['greedy_ids'])} tokens, smallest lead {c['smallest_lead']})")
    if "--quick" in sys.argv:
        return
    rng = np.random.default_rng(7)
    for p in ("Once upon a time", "Once upon a time", "One day"):
        print("-" * 60)
        print("temperature 0.8: " + p + "»" + ref.text(ref.generate(p, temperature=0.8, rng=rng)[1]))
    print("-" * 60)
    if weights:
        against_torch(ref, cases, weights)
    with open(os.path.join(HERE, "expected.json"), "w", encoding="utf-8") as f:
        f.write('{"model": %s, "note": %s, "cases": [\n' % (json.dumps(ref.meta["general.name"]), json.dumps(
            "Greedy outputs of the NumPy reference (check.py) on the exported Q8_0 file, dequantised, in float32; greedy_ids ends with the stop token; "
            "logits are those after the prompt's last token; smallest_lead is the least distance between the two best logits at any step.")))
        f.write(",\n".join(json.dumps(c, ensure_ascii=True) for c in cases) + "\n]}\n")
    measure(ref)


if __name__ == "__main__":
    main()
