package org.zonda.model.synthetic;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The sizes of a llama model. Adding a shape is one line here.
 *
 * <p>Sources: the configurations published with Llama 3.1 and 3.2 (Meta) and TinyLlama
 * (arXiv:2401.02385). {@code llama-15m} is nobody's: the smallest that still has every part.
 *
 * @param name what users call it
 * @param layers blocks of attention and feed-forward
 * @param width floats of the hidden state
 * @param heads query heads, each of {@code width / heads} floats
 * @param kvHeads key and value heads
 * @param feedForward floats inside the feed-forward
 * @param vocabulary tokens
 * @param context positions
 * @param ropeBase base of the rotary frequencies
 * @param tied whether the embedding table serves as the output matrix too
 */
public record SyntheticShape(
    String name,
    int layers,
    int width,
    int heads,
    int kvHeads,
    int feedForward,
    int vocabulary,
    int context,
    float ropeBase,
    boolean tied) {

  private static final List<SyntheticShape> ALL =
      List.of(
          new SyntheticShape("llama-15m", 8, 256, 8, 4, 768, 32_000, 2048, 10_000, true),
          new SyntheticShape("tinyllama-1.1b", 22, 2048, 32, 4, 5632, 32_000, 2048, 10_000, false),
          new SyntheticShape("llama-1b", 16, 2048, 32, 8, 8192, 128_256, 131_072, 500_000, true),
          new SyntheticShape("llama-3b", 28, 3072, 24, 8, 8192, 128_256, 131_072, 500_000, true),
          new SyntheticShape(
              "llama-8b", 32, 4096, 32, 8, 14_336, 128_256, 131_072, 500_000, false));

  /**
   * All shapes, smallest first.
   *
   * @return an unmodifiable list
   */
  public static List<SyntheticShape> all() {
    return ALL;
  }

  static Optional<SyntheticShape> find(String name) {
    return ALL.stream().filter(shape -> shape.name.equalsIgnoreCase(name)).findFirst();
  }

  /** The names for a message. */
  static String known() {
    return ALL.stream().map(SyntheticShape::name).collect(Collectors.joining(", "));
  }

  int headWidth() {
    return width / heads;
  }

  int kvWidth() {
    return kvHeads * headWidth();
  }
}
