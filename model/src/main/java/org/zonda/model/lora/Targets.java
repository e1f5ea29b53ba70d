package org.zonda.model.lora;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Embed;
import org.zonda.model.graph.Operation.Experts;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Operation.Norm;
import org.zonda.model.graph.Transformer;
import org.zonda.model.graph.Weight;
import org.zonda.model.tensor.Tensor;

/** Which tensors of a model adapters can change: the matrices of its linear layers. */
final class Targets {

  private final ModelSource base;

  /** What each tensor is used as; where there are two uses, the one that forbids a change. */
  private final Map<String, Class<?>> uses = new HashMap<>();

  Targets(ModelSource base, Transformer transformer) {
    this.base = base;
    Stream.of(List.of(transformer.embedding()), transformer.layers(), List.of(transformer.head()))
        .flatMap(List::stream)
        .map(Block::operations)
        .flatMap(List::stream)
        .forEach(this::note);
  }

  private void note(Operation operation) {
    switch (operation) {
      case Linear op -> uses.putIfAbsent(op.weight().name(), Linear.class);
      case Embed op -> uses.put(op.table().name(), Embed.class);
      case Norm op -> uses.put(op.weight().name(), Norm.class);
      case Experts op ->
          Stream.of(op.router(), op.gate(), op.up(), op.down())
              .map(Weight::name)
              .forEach(name -> uses.put(name, Experts.class));
      default -> {}
    }
  }

  /** Refuses a pair that does not fit the base. */
  void check(LowRank pair, String label) {
    String name = pair.target();
    Tensor tensor = base.findTensor(name).orElseThrow(() -> missing(name, label));
    Class<?> use = uses.get(name);
    if (use != Linear.class) {
      throw new ZondaException(
          "%s: changes '%s' of %s, %s; adapters are supported for the matrices of linear layers"
              .formatted(label, name, base.label(), describe(use)));
    }
    if (pair.columns() != tensor.dimension(0) || pair.rows() != tensor.dimension(1)) {
      throw new ZondaException(
          "%s: '%s' and '%s' are for a matrix of %d x %d, but '%s' of %s has %d x %d; the adapter was made for another model"
              .formatted(
                  label,
                  pair.a().name(),
                  pair.b().name(),
                  pair.rows(),
                  pair.columns(),
                  name,
                  base.label(),
                  tensor.dimension(1),
                  tensor.dimension(0)));
    }
  }

  private ZondaException missing(String name, String label) {
    String why =
        name.equals("output.weight")
            ? "its output is its embedding table, which adapters cannot change"
            : "the adapter was made for another model";
    return new ZondaException(
        "%s: changes '%s', which %s does not have; %s".formatted(label, name, base.label(), why));
  }

  private static String describe(Class<?> use) {
    if (use == Embed.class) {
      return "an embedding table";
    }
    if (use == Experts.class) {
      return "a part of a mixture of experts";
    }
    return use == Norm.class ? "the weight of a norm" : "which multiplies nothing";
  }
}
