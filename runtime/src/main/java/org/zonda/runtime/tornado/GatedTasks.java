package org.zonda.runtime.tornado;

import java.util.List;
import org.zonda.kernels.ElementKernels;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Value;

/** Multiplies by gate and up, and gates: in one kernel for few rows, in two for many. */
final class GatedTasks implements StepTasks {

  private final StageMemory stage;
  private final Operation.Gate gate;
  private final Products products;
  private final Slot both;
  private final Value input;
  private final Place in;
  private final Place out;

  GatedTasks(StageMemory stage, List<Step.Gated> layers, Places places) {
    this.stage = stage;
    Step.Gated first = layers.getFirst();
    gate = first.operation();
    products =
        new Products(
            stage,
            layers.stream()
                .map(layer -> List.of(layer.gate().weight(), layer.up().weight()))
                .toList(),
            layers.stream().map(layer -> List.of(layer.gate().bias(), layer.up().bias())).toList());
    both = places.workspace(first).getFirst();
    input = first.gate().input();
    in = places.of(input);
    out = places.of(gate.output());
  }

  @Override
  public void add(Target target) {
    String what = gate.output().name();
    Input x = Input.of(input, in);
    if (target.few()) {
      products.addGated(target, what, x, out.array(), gate.activation());
      return;
    }
    products.add(target, what + "_product", x, both.array(), false);
    int width = gate.output().width();
    target
        .tasks()
        .add(
            what,
            Grid.elements(stage.profile.elementGroup(), width),
            (g, n) ->
                g.task(
                    n,
                    stage.kernels.of("element.gate", ElementKernels::gate),
                    stage.program.context,
                    target.pass(),
                    both.array(),
                    both.array(),
                    out.array(),
                    ActivationCodes.of(gate.activation()),
                    width,
                    1,
                    0,
                    2 * width,
                    width,
                    2 * width,
                    0,
                    width));
  }
}
