package org.zonda.model.architecture;

import java.util.Optional;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;

/** How the hidden states of a text's tokens become one vector. */
public enum Pooling {
  /** The mean of all of them, the special tokens around the text too. */
  MEAN,
  /** The first token's, which is {@code [CLS]} in encoders. */
  CLS,
  /** The last token's, which is the only one in a decoder that saw the whole text. */
  LAST;

  /**
   * What a model was trained for, as its {@code pooling_type} says: 1 mean, 2 cls, 3 last.
   *
   * @param source the model
   * @return its pooling, or empty where the key is absent or 0, which is none
   * @throws ZondaException if it is 4, which ranks pairs of texts, or has no meaning
   */
  public static Optional<Pooling> of(ModelSource source) {
    String key = source.metadata().getString("general.architecture") + ".pooling_type";
    long type = source.metadata().contains(key) ? source.metadata().getLong(key) : 0;
    return switch ((int) Math.clamp(type, -1, 5)) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(MEAN);
      case 2 -> Optional.of(CLS);
      case 3 -> Optional.of(LAST);
      case 4 ->
          throw new ZondaException(
              "%s: %s is 4: the model ranks pairs of texts and has no embedding; choose a pooling to compute one all the same"
                  .formatted(source.label(), key));
      default ->
          throw new ZondaException(
              "%s: %s is %d; expected 0 (none), 1 (mean), 2 (cls) or 3 (last); choose a pooling to go on"
                  .formatted(source.label(), key, type));
    };
  }
}
