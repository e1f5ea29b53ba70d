package org.zonda.model.tokenizer;

import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.ZondaException;

/** Makes the tokenizer that a model's metadata describes. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * Makes a model's tokenizer by {@code tokenizer.ggml.model}, and for {@code gpt2} by {@code
   * tokenizer.ggml.pre}, which counts as {@code default} where it is absent.
   *
   * @param source the model; not used any more once the tokenizer is made
   * @return its tokenizer
   * @throws ZondaException if the metadata is missing, contradictory or of an unknown kind; the
   *     message lists the known kinds
   */
  public static Tokenizer of(ModelSource source) {
    return of(source, Optional.empty());
  }

  /**
   * Makes a model's tokenizer as {@link #of(ModelSource)} does, but cuts words as another
   * pre-tokenizer: where the model's own is unknown, or said wrongly.
   *
   * @param source the model; not used any more once the tokenizer is made
   * @param preTokenizer what to read instead of {@code tokenizer.ggml.pre}, or empty
   * @return its tokenizer, whose description says so
   * @throws ZondaException as {@link #of(ModelSource)}; also if the pre-tokenizer is unknown or the
   *     model has none
   */
  public static Tokenizer of(ModelSource source, Optional<String> preTokenizer) {
    String model = source.metadata().getString("tokenizer.ggml.model");
    if (preTokenizer.isPresent() && !model.equals("gpt2")) {
      throw new ZondaException(
          "%s: pre-tokenizer '%s' was asked for, but tokenizer.ggml.model is '%s'; only gpt2 (byte-level BPE) has one"
              .formatted(source.label(), preTokenizer.get(), model));
    }
    return switch (model) {
      case "llama" -> new SentencePieceTokenizer(Vocabulary.of(source));
      case "gpt2" -> {
        Vocabulary vocabulary = Vocabulary.of(source);
        String declared = vocabulary.text("pre").orElse("default");
        yield new BytePairTokenizer(
            vocabulary,
            preTokenizer
                .map(PreTokenizer::chosen)
                .orElseGet(() -> PreTokenizer.of(declared, vocabulary.label())));
      }
      case "bert" -> new WordPieceTokenizer(Vocabulary.of(source));
      case "t5" -> new UnigramTokenizer(Vocabulary.of(source));
      default ->
          throw new UnsupportedModelException(
              "%s: tokenizer.ggml.model '%s' is not supported; known: llama (SentencePiece BPE), gpt2 (byte-level BPE), bert (WordPiece), t5 (SentencePiece unigram)"
                  .formatted(source.label(), model));
    };
  }
}
