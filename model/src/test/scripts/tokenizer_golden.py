"""Writes the reference data of golden/tokenizer: what other tokenizers make of our own texts.

    pip install tokenizers==0.23.2 sentencepiece==0.2.2
    python3 tokenizer_golden.py ../resources/golden/tokenizer

Needed only to make the files anew; the tests read them as they are.
"""

import io
import json
import random
import sys

import sentencepiece
import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers, trainers

BYTES = dict(add_prefix_space=False)

# The expressions as the models' tokenizer.json files have them.
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
TEKKEN = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
GPT4O = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
DEEPSEEK3 = [
    r"\p{N}{1,3}",
    "[一-龥぀-ゟ゠-ヿ]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
]
DEEPSEEK_CODER = [r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+"]
BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"

TEXTS = ["Hello world", " Hello  world", "I'm sure they'll say 'RE you? WE'VE it's don't", "line one\nline two\r\n\r\n  indented\n\n", "   ", "\t\tx \t y", "trailing   ",
 "3 33 333 3333 33333 333333", "3.14 and 1,000,000 €5", "naïve café Straße ÜBER", "нещо на Български", "你好，世界！こんにちは 안녕하세요", "កាន់តែពិសេសអាច", "🚀 ok 😶‍🌫️ ✅", "हिन्दी में", "العربية ١٢٣",
 "camelCase HTTPServer XMLHttpRequest iPhone", "foo(bar)[0] == {x: 1}; // done\n\treturn a/b/c;\n", "a\u00a0b\u2003c\u3000d\u2028e\u0085f\u001cg\u200bh\ufeffi", "x²+y₃=Ⅳ ½ ①", "e\u0301 n\u0303", "'\u017f K'S", "---===///***", "__init__ #tag @user $x ~/.cfg", "𝐀𝐁 𐐀𐐨 𠀀", "ﬁ ǅ ʰ ª"]

CORPUS = ["The wind Zonda comes down from the Andes, dry and warm.", "In Mendoza the Zonda bends the poplars; in San Juan it lifts the dust.", "The llama watches the wind and the wind watches the llama.", "Once upon a time there was a little wind who wanted to be warm.", "El viento Zonda baja de los Andes: seco, cálido y fuerte.", "Wenn der Wind weht, wärmt er die Straßen.", "你好，风。你好，世界。", "for (int i = 0; i < 10; i++) {\n    wind += i;\n}\n", "1 22 333 4444 1980 2024 12345", "It's warm, isn't it? They're sure we'll see."]


def add_random_texts():
    random.seed(7)
    parts = list(" \n\r\t\u00a0\u2003\u0085") + list("  aAbBzZéÉßяЯ中あ한अ้ع") + list("019٣Ⅳ½") + list(".,!?'\"/-_$+<=>^|~`()[]") + list("€😀\u0301\u200d\u200b。،𝐀") + ["'s", "'LL", "\r\n", "  "]
    for _ in range(60):
        TEXTS.append("".join(random.choice(parts) for _ in range(random.randint(1, 24))))


def cuts(*expressions):
    return [pre_tokenizers.Split(Regex(e), "isolated") for e in expressions]


def pre_tokenizer(*steps):
    return pre_tokenizers.Sequence(list(steps))


def digits():
    return pre_tokenizers.Digits(individual_digits=True)


def gpt2():
    return pre_tokenizers.ByteLevel(use_regex=True, **BYTES)


PRE_TOKENIZERS = {
    "gpt-2": gpt2(),
    "llama-bpe": pre_tokenizer(*cuts(LLAMA3)),
    "qwen2": pre_tokenizer(*cuts(QWEN2)),
    "tekken": pre_tokenizer(*cuts(TEKKEN)),
    "gpt-4o": pre_tokenizer(*cuts(GPT4O)),
    "deepseek-v3": pre_tokenizer(*cuts(*DEEPSEEK3)),
    "deepseek-coder": pre_tokenizer(*cuts(*DEEPSEEK_CODER), digits()),
    "smollm": pre_tokenizer(digits(), gpt2()),
    "bloom": pre_tokenizer(*cuts(BLOOM)),
}


def words():
    def cut(pre, text):
        return [text[a:b] for _, (a, b) in pre.pre_tokenize_str(text)]

    return {
        "source": f"words that Hugging Face tokenizers {tokenizers.__version__} cuts by the published expressions",
        "texts": TEXTS,
        "words": {name: [cut(pre, text) for text in TEXTS] for name, pre in PRE_TOKENIZERS.items()},
    }


def byte_level(name, ignore_merges):
    pre = PRE_TOKENIZERS[name]
    if name != "gpt-2":
        pre = pre_tokenizer(pre, pre_tokenizers.ByteLevel(use_regex=False, **BYTES))
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=[], initial_alphabet=alphabet, show_progress=False)
    trained.train_from_iterator(CORPUS * 3, trainer)
    model = json.loads(trained.to_str())["model"]
    vocabulary = model["vocab"]
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model["merges"]]
    if ignore_merges:  # words that no merges lead to
        for word in ["ĠAconcagua", "volcano", "ĠĠĠĠ"]:
            vocabulary.setdefault(word, len(vocabulary))
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = pre
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in specials])
    texts = CORPUS + ["<|im_start|>user\nIs the Zonda warm?<|im_end|>\n<|im_start|>assistant\n", "<|im_end|><|im_end|> wind<|endoftext|>", "the volcano Aconcagua volcano", "    indented    twice"] + TEXTS[:40]
    return {
        "pre": name,
        "tokens": sorted(vocabulary, key=vocabulary.get) + specials,
        "merges": [" ".join(m) for m in merges],
        "cases": [{"text": text, "ids": tokenizer.encode(text).ids} for text in texts],
    }


def sentence_piece(name, **options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 3), model_writer=model, model_type="bpe",
        normalization_rule_name="identity", remove_extra_whitespaces=False, minloglevel=2, **options)
    sp = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    ids = range(sp.get_piece_size())

    def type_of(i):
        return 2 if sp.is_unknown(i) else 3 if sp.is_control(i) else 6 if sp.is_byte(i) else 5 if sp.is_unused(i) else 1

    return {
        "name": name,
        "space_prefix": options.get("add_dummy_prefix", True),
        "tokens": [sp.id_to_piece(i) for i in ids],
        "scores": [sp.get_score(i) for i in ids],
        "types": [type_of(i) for i in ids],
        "cases": [{"text": t, "ids": sp.encode(t)} for t in CORPUS + ["Hello world", "  two  spaces "] + TEXTS],
    }


def trained_set(program, members):
    return {"source": f"vocabularies trained on ten sentences of our own and encoded by {program}", "tokenizers": members}


def main(folder):
    add_random_texts()
    files = {
        "pretokenizers": words(),
        "byte-level-bpe": trained_set(f"Hugging Face tokenizers {tokenizers.__version__}", [byte_level("gpt-2", False), byte_level("llama-bpe", True), byte_level("qwen2", False)]),
        "sentencepiece": trained_set(f"SentencePiece {sentencepiece.__version__}", [
            sentence_piece("byte fallback", vocab_size=400, byte_fallback=True),
            sentence_piece("no byte tokens", vocab_size=160, character_coverage=0.98),
            sentence_piece("no space prefix", vocab_size=380, byte_fallback=True, add_dummy_prefix=False)]),
    }
    for name, content in files.items():
        with open(f"{folder}/{name}.json", "w") as file:
            json.dump(content, file, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1])
