package org.zonda.model.chat;

import java.util.List;
import java.util.Objects;
import org.zonda.model.ModelSource;
import org.zonda.model.gguf.Metadata;

/**
 * The names of a model's BOS and EOS, which templates and formats write between turns.
 *
 * @param bos such as {@code <s>}; empty where there is none
 * @param eos such as {@code </s>}; empty where there is none
 */
public record SpecialNames(String bos, String eos) {

  /** What they are called most often. */
  public static final SpecialNames COMMON = new SpecialNames("<s>", "</s>");

  /** None at all. */
  public static final SpecialNames NONE = new SpecialNames("", "");

  static final String TOKENS = "tokenizer.ggml.tokens";

  /** Checks that both are there. */
  public SpecialNames {
    Objects.requireNonNull(bos, "bos");
    Objects.requireNonNull(eos, "eos");
  }

  /**
   * Looks them up in a model's vocabulary.
   *
   * @param source the model
   * @param otherwise what stands for one that it does not have
   * @return the names
   * @throws org.zonda.model.ZondaException if the vocabulary is of a wrong type
   */
  public static SpecialNames of(ModelSource source, SpecialNames otherwise) {
    Metadata metadata = source.metadata();
    return new SpecialNames(
        piece(metadata, "bos", otherwise.bos), piece(metadata, "eos", otherwise.eos));
  }

  private static String piece(Metadata metadata, String name, String absent) {
    String key = "tokenizer.ggml." + name + "_token_id";
    if (!metadata.contains(key) || !metadata.contains(TOKENS)) {
      return absent;
    }
    long id = metadata.getLong(key);
    List<String> pieces = metadata.getStrings(TOKENS);
    return id >= 0 && id < pieces.size() ? pieces.get((int) id) : absent;
  }
}
