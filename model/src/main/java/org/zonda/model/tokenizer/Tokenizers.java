package org.zonda.model.tokenizer;

import org.zonda.model.ModelSource;
import org.zonda.model.UnsupportedModelException;

/** Makes the tokenizer that a model's metadata describes. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * Makes a model's tokenizer by {@code tokenizer.ggml.model}, and for {@code gpt2} by {@code
   * tokenizer.ggml.pre}, which counts as {@code default} where it is absent.
   *
   * @param source the model; not used any more once the tokenizer is made
   * @return its tokenizer
   * @throws org.zonda.model.ZondaException if the metadata is missing, contradictory or of an
   *     unknown kind; the message lists the known kinds
   */
  public static Tokenizer of(ModelSource source) {
    String model = source.metadata().getString("tokenizer.ggml.model");
    return switch (model) {
      case "llama" -> new SentencePieceTokenizer(Vocabulary.of(source));
      case "gpt2" -> {
        Vocabulary vocabulary = Vocabulary.of(source);
        String pre = vocabulary.text("pre").orElse("default");
        yield new BytePairTokenizer(vocabulary, PreTokenizer.of(pre, vocabulary.label()));
      }
      default ->
          throw new UnsupportedModelException(
              "%s: tokenizer.ggml.model '%s' is not supported; known: llama (SentencePiece BPE), gpt2 (byte-level BPE)"
                  .formatted(source.label(), model));
    };
  }
}
