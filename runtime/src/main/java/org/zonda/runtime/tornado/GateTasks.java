package org.zonda.runtime.tornado;

import org.zonda.kernels.ElementKernels;
import org.zonda.model.graph.Operation;

/** Gates one row with another. */
final class GateTasks implements StepTasks {

  private final StageMemory stage;
  private final Operation.Gate operation;
  private final Place gate;
  private final Place up;
  private final Place out;

  GateTasks(StageMemory stage, Step.Gate step, Places places) {
    this.stage = stage;
    operation = step.operation();
    gate = places.of(operation.gate());
    up = places.of(operation.up());
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
                    ElementKernels::gate,
                    stage.program.context,
                    target.pass(),
                    gate.array(),
                    up.array(),
                    out.array(),
                    ActivationCodes.of(operation.activation()),
                    width,
                    1,
                    gate.offset(),
                    gate.stride(),
                    up.offset(),
                    up.stride(),
                    out.stride()));
  }
}
