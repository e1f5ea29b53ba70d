package org.zonda.runtime.tornado;

import java.util.List;
import java.util.stream.Collectors;
import org.zonda.model.graph.Operation.Linear;
import org.zonda.model.graph.Value;

/** Multiplies by joined matrices. */
final class ProjectTasks implements StepTasks {

  private final String what;
  private final Products products;
  private final boolean accumulates;
  private final Value input;
  private final Place in;
  private final Place out;

  ProjectTasks(StageMemory stage, List<Step.Project> layers, Places places) {
    Step.Project first = layers.getFirst();
    what =
        first.linears().stream()
            .map(linear -> linear.output().name())
            .collect(Collectors.joining("_"));
    products =
        new Products(
            stage,
            layers.stream()
                .map(layer -> layer.linears().stream().map(Linear::weight).toList())
                .toList(),
            layers.stream()
                .map(layer -> layer.linears().stream().map(Linear::bias).toList())
                .toList());
    accumulates = first.residual().isPresent();
    input = first.linears().getFirst().input();
    in = places.of(input);
    out = places.of(first.outputs().getFirst());
  }

  @Override
  public void add(Target target) {
    products.add(target, what, Input.of(input, in), out.array(), accumulates);
  }
}
