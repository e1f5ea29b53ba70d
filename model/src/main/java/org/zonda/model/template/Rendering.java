package org.zonda.model.template;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a template rendered.
 *
 * @param parts in order; neighbours differ in trust, and none is empty
 */
public record Rendering(List<Part> parts) {

  /**
   * A stretch of the text.
   *
   * @param text not empty
   * @param trusted whether these are the template's words, not those of an {@link Untrusted} value
   */
  public record Part(String text, boolean trusted) {}

  /** Keeps a copy of the parts. */
  public Rendering {
    parts = List.copyOf(parts);
  }

  /**
   * The whole text.
   *
   * @return all parts, joined
   */
  public String text() {
    return parts.stream().map(Part::text).collect(Collectors.joining());
  }
}
