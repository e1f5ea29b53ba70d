package org.zonda.runtime;

import java.util.Objects;
import java.util.Optional;
import org.zonda.model.architecture.Pooling;

/**
 * How texts become vectors.
 *
 * @param pooling how tokens become one vector; empty for what the model was trained for: what its
 *     metadata says, else the mean for an encoder and the last token for a decoder
 * @param normalised whether vectors are scaled to length 1, so that their products are cosines
 * @param truncated whether a text that is too long is cut at its end; else it is refused
 */
public record EmbeddingOptions(Optional<Pooling> pooling, boolean normalised, boolean truncated) {

  /** The model's pooling, normalised; texts that are too long are refused. */
  public static final EmbeddingOptions DEFAULT =
      new EmbeddingOptions(Optional.empty(), true, false);

  /** Checks that nothing is null. */
  public EmbeddingOptions {
    Objects.requireNonNull(pooling, "pooling");
  }

  public EmbeddingOptions withPooling(Pooling value) {
    return new EmbeddingOptions(Optional.of(value), normalised, truncated);
  }

  public EmbeddingOptions withNormalised(boolean value) {
    return new EmbeddingOptions(pooling, value, truncated);
  }

  public EmbeddingOptions withTruncated(boolean value) {
    return new EmbeddingOptions(pooling, normalised, value);
  }
}
