package org.zonda.model.architecture;

import java.util.List;
import java.util.stream.Collectors;
import org.zonda.model.ModelSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.graph.Transformer;

/** The registry of architectures: adding one is one line here. */
public final class Architectures {

  private static final List<Architecture> ALL = List.of(new Llama());

  private Architectures() {}

  /**
   * Describes a model by its {@code general.architecture}.
   *
   * @param source the model
   * @return its forward pass
   * @throws UnsupportedModelException if the architecture is unknown; the message lists the known
   */
  public static Transformer describe(ModelSource source) {
    String name = source.metadata().getString("general.architecture");
    return ALL.stream()
        .filter(architecture -> architecture.names().contains(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UnsupportedModelException(
                    source.label()
                        + ": architecture '"
                        + name
                        + "' is not supported; known: "
                        + known()))
        .describe(source);
  }

  /**
   * The supported architectures for a message.
   *
   * @return names separated by commas
   */
  public static String known() {
    return ALL.stream()
        .flatMap(architecture -> architecture.names().stream())
        .collect(Collectors.joining(", "));
  }
}
