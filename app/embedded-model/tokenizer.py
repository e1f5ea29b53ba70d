# SPDX-License-Identifier: Apache-2.0
"""The tokenizer of the embedded model: SentencePiece-style BPE, as GGUF's `llama` model has it.

Ids: 0 <unk>, 1 <s> (BOS), 2 </s> (EOS), 3..258 the bytes <0x00>..<0xFF>, 259 <|im_start|>,
260 <|im_end|>, then the learned merges and then the single characters.  A piece's score is minus its
rank, so that merging the best-scored adjacent pair first is exactly BPE.

Pieces never hold a digit, a newline or punctuation together with anything else, and never cross a
word: a piece is  ▁?letters+  or a single character.  So the tokens of a prompt that ends in a newline
are always a prefix of the tokens of prompt + reply.
"""
import collections
import json
import re

SPACE = "\u2581"
UNK, BOS, EOS, BYTE0, IM_START, IM_END, FIRST = 0, 1, 2, 3, 259, 260, 261
SPECIAL = {"<s>": BOS, "</s>": EOS, "<|im_start|>": IM_START, "<|im_end|>": IM_END}
SPLIT = re.compile("(" + "|".join(re.escape(s) for s in SPECIAL) + ")")
WORD = re.compile(SPACE + r"?[A-Za-z]+|.", re.S)


def fragments(text):
    """(is_special, text) in order; the space prefix goes on every fragment of text."""
    for part in SPLIT.split(text):
        if part:
            yield (True, part) if part in SPECIAL else (False, SPACE + part.replace(" ", SPACE))


def learn(texts, size):
    """The pieces of a vocabulary of `size`, learned by BPE from the texts."""
    words = collections.Counter()
    for text in texts:
        for special, part in fragments(text):
            if not special:
                words.update(WORD.findall(part))
    chars = sorted(set(chr(i) for i in range(33, 127)) | {SPACE, "\n"} | {c for w in words for c in w})
    merges = size - FIRST - len(chars)
    table = {w: list(w) for w in words if len(w) > 1}
    pieces = []
    while len(pieces) < merges:
        pairs = collections.Counter()
        for w, parts in table.items():
            n = words[w]
            for a, b in zip(parts, parts[1:]):
                pairs[a + b] += n
        best = max(pairs, key=lambda k: (pairs[k], k))
        pieces.append(best)
        for w, parts in table.items():
            if best in w:
                i, out = 0, []
                while i < len(parts):
                    if i + 1 < len(parts) and parts[i] + parts[i + 1] == best:
                        out.append(best)
                        i += 2
                    else:
                        out.append(parts[i])
                        i += 1
                table[w] = out
    return pieces + chars


class Tokenizer:
    def __init__(self, pieces):
        self.pieces = pieces
        self.tokens = (["<unk>", "<s>", "</s>"] + [f"<0x{i:02X}>" for i in range(256)] + ["<|im_start|>", "<|im_end|>"] + pieces)
        self.scores = [0.0] * FIRST + [-float(i) for i in range(len(pieces))]
        self.types = [2, 3, 3] + [6] * 256 + [3, 3] + [1] * len(pieces)
        self.ids = {p: FIRST + i for i, p in enumerate(pieces)}
        self.cache = {}

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as f:
            return cls(json.load(f))

    def save(self, path):
        with open(path, "w", encoding="utf-8") as f:
            json.dump(self.pieces, f, ensure_ascii=True, indent=0)
            f.write("\n")

    def merge(self, text):
        """SentencePiece's way: merge the adjacent pair with the best score until none is left."""
        parts = list(text)
        while True:
            best, at = None, -1
            for i in range(len(parts) - 1):
                k = self.ids.get(parts[i] + parts[i + 1])
                if k is not None and (best is None or k < best):
                    best, at = k, i
            if at < 0:
                break
            parts[at:at + 2] = [parts[at] + parts[at + 1]]
        out = []
        for p in parts:
            if p in self.ids:
                out.append(self.ids[p])
            else:
                out += [BYTE0 + b for b in p.encode("utf-8")]
        return out

    def encode(self, text, bos=True, plain=False):
        """`plain` merges whole fragments without the split into words: slower, and the same result."""
        out = [BOS] if bos else []
        for special, part in fragments(text):
            if special:
                out.append(SPECIAL[part])
            elif plain:
                out += self.merge(part)
            else:
                for w in WORD.findall(part):
                    ids = self.cache.get(w)
                    if ids is None:
                        ids = self.cache[w] = self.merge(w)
                    out += ids
        return out

    def decode(self, ids, strip=True):
        data = b""
        for i in ids:
            if BYTE0 <= i < BYTE0 + 256:
                data += bytes([i - BYTE0])
            elif i >= FIRST:
                data += self.tokens[i].replace(SPACE, " ").encode("utf-8")
        text = data.decode("utf-8", "replace")
        return text[1:] if strip and text.startswith(" ") else text
