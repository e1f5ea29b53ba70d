package org.zonda.runtime.backend;

import java.util.ArrayList;
import java.util.List;
import org.zonda.model.graph.Operation.Attention;
import org.zonda.model.graph.Transformer;

/**
 * The consecutive blocks of a model that one stage runs.
 *
 * @param embedding whether it begins with the embedding; else it is given hidden states
 * @param from its first layer
 * @param to the layer after its last
 * @param head whether it ends with the head
 */
public record Part(boolean embedding, int from, int to, boolean head) {

  /** Checks the layers. */
  public Part {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("layers " + from + " to " + to);
    }
  }

  /**
   * All of a model.
   *
   * @param transformer the model
   * @return the part that is the whole
   */
  public static Part whole(Transformer transformer) {
    return new Part(true, 0, transformer.layers().size(), true);
  }

  public int layers() {
    return to - from;
  }

  /**
   * The attention operations of its layers.
   *
   * @param transformer whose part it is
   * @return in the order of their places in the KV cache, which are consecutive
   */
  public List<Attention> attentions(Transformer transformer) {
    return transformer.layers().subList(from, to).stream()
        .flatMap(block -> block.operations().stream())
        .filter(Attention.class::isInstance)
        .map(Attention.class::cast)
        .toList();
  }

  /**
   * What it is, for people.
   *
   * @param transformer whose part it is
   * @return such as {@code all layers}, {@code embedding and layers 0 to 11}
   */
  public String describe(Transformer transformer) {
    return describe(transformer.layers().size());
  }

  /**
   * What it is, for people.
   *
   * @param all how many layers the transformer has
   * @return such as {@code all layers}, {@code embedding and layers 0 to 11}
   */
  public String describe(int all) {
    if (embedding && head && layers() == all) {
      return "all layers";
    }
    List<String> blocks = new ArrayList<>();
    if (embedding) {
      blocks.add("embedding");
    }
    if (layers() > 0) {
      blocks.add(layers() == 1 ? "layer " + from : "layers " + from + " to " + (to - 1));
    }
    if (head) {
      blocks.add("head");
    }
    return switch (blocks.size()) {
      case 0 -> "nothing";
      case 1 -> blocks.getFirst();
      case 2 -> String.join(" and ", blocks);
      default -> "embedding, " + blocks.get(1) + " and head";
    };
  }
}
