package org.zonda.model.architecture;

import java.util.List;
import java.util.stream.Collectors;
import org.zonda.model.ModelSource;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.graph.Transformer;

/** The registry of architectures: adding one is one line here. */
public final class Architectures {

  private static final List<Architecture> ALL =
      List.of(
          new Llama(),
          new Falcon(),
          new GptNeoX(),
          new GptJ(),
          new Gpt2(),
          new Bloom(),
          new Mpt(),
          new StableLm(),
          new Qwen2(),
          new Qwen3(),
          new Qwen3Moe(),
          new Phi2(),
          new Phi3(),
          new Gemma(),
          new Gemma2(),
          new Gemma3(),
          new Granite(),
          new StarCoder2(),
          new Bert());

  private Architectures() {}

  /**
   * Describes a model by its {@code general.architecture}, to be used with the whole context that
   * it was made for.
   *
   * @param source the model
   * @return its forward pass
   * @throws UnsupportedModelException if the architecture is unknown; the message lists the known
   * @throws org.zonda.model.ZondaException if metadata or tensors are not what the architecture
   *     asks for, or say more than it understands
   */
  public static Transformer describe(ModelSource source) {
    return describe(source, 0);
  }

  /**
   * Describes a model by its {@code general.architecture}.
   *
   * @param source the model
   * @param context positions that will be in use, by which some models choose between factors of
   *     their rotary frequencies; 0 for what the model was made for
   * @return its forward pass
   * @throws UnsupportedModelException if the architecture is unknown; the message lists the known
   * @throws org.zonda.model.ZondaException if metadata or tensors are not what the architecture
   *     asks for, or say more than it understands
   */
  public static Transformer describe(ModelSource source, int context) {
    String name = source.metadata().getString("general.architecture");
    Architecture architecture =
        ALL.stream()
            .filter(known -> known.names().contains(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnsupportedModelException(
                        source.label()
                            + ": architecture '"
                            + name
                            + "' is not supported; known: "
                            + known()));
    ModelFields fields = new ModelFields(source, context);
    Transformer transformer = architecture.describe(fields);
    Leftovers.refuse(fields);
    return transformer;
  }

  /**
   * All architectures.
   *
   * @return an unmodifiable list, in the order of the table of models
   */
  public static List<Architecture> all() {
    return ALL;
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
