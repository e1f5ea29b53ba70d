package org.zonda.runtime.tornado;

import org.zonda.kernels.ElementKernels;
import org.zonda.model.graph.Operation;

/** Adds rows. */
final class AddTasks implements StepTasks {

  private final StageMemory stage;
  private final Operation.Add operation;
  private final Place left;
  private final Place right;
  private final Place out;

  AddTasks(StageMemory stage, Step.Add step, Places places) {
    this.stage = stage;
    operation = step.operation();
    left = places.of(operation.left());
    right = places.of(operation.right());
    out = places.of(operation.output());
  }

  @Override
  public void add(Target target) {
    int width = operation.output().width();
    target
        .tasks()
        .add(
            operation.output().name(),
            Grid.elements(stage.profile.elementGroup(), width),
            (g, n) ->
                g.task(
                    n,
                    ElementKernels::add,
                    stage.program.context,
                    target.pass(),
                    left.array(),
                    right.array(),
                    out.array(),
                    width,
                    left.stride(),
                    right.stride(),
                    out.stride()));
  }
}
