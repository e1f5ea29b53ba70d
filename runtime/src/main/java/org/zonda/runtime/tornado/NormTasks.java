package org.zonda.runtime.tornado;

import java.util.List;
import org.zonda.kernels.NormKernels;
import org.zonda.model.graph.Operation;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Normalises rows. */
final class NormTasks implements StepTasks {

  private final StageMemory stage;
  private final Operation.Norm norm;
  private final FloatArray weight;
  private final Place in;
  private final Place out;

  NormTasks(StageMemory stage, List<Step.Norm> layers, Places places) {
    this.stage = stage;
    norm = layers.getFirst().operation();
    weight = stage.weights.vectors(layers.stream().map(step -> step.operation().weight()).toList());
    in = places.of(norm.input());
    out = places.of(norm.output());
  }

  @Override
  public void add(Target target) {
    Grid grid = Grid.rows(stage.profile.normGroup(), 1);
    switch (norm.kind()) {
      case RMS ->
          target
              .tasks()
              .add(
                  norm.output().name(),
                  grid,
                  (g, n) ->
                      g.task(
                          n,
                          NormKernels::rms,
                          stage.program.context,
                          target.pass(),
                          target.cursor(),
                          in.array(),
                          weight,
                          out.array(),
                          target.slot(),
                          norm.input().width(),
                          1,
                          in.offset(),
                          in.stride(),
                          out.offset(),
                          out.stride(),
                          norm.epsilon()));
    }
  }
}
