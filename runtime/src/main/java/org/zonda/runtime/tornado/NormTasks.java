package org.zonda.runtime.tornado;

import java.util.List;
import org.zonda.kernels.NormKernels;
import org.zonda.model.graph.NormKind;
import org.zonda.model.graph.Operation;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Normalises rows, or their heads. */
final class NormTasks implements StepTasks {

  private final StageMemory stage;
  private final Operation.Norm norm;
  private final FloatArray weight;
  private final FloatArray bias;

  /** Floats of the weight that a layer has. */
  private final int weights;

  private final Place in;
  private final Place out;

  NormTasks(StageMemory stage, List<Step.Norm> layers, Places places) {
    this.stage = stage;
    norm = layers.getFirst().operation();
    weights = norm.isShared() ? norm.headWidth() : norm.input().width();
    List<Operation.Norm> norms = layers.stream().map(Step.Norm::operation).toList();
    weight = stage.weights.vectors(norms.stream().map(Operation.Norm::weight).toList());
    bias = norm.bias().isPresent() ? biases(norms) : zeros(norms.size());
    in = places.of(norm.input());
    out = places.of(norm.output());
  }

  private FloatArray biases(List<Operation.Norm> norms) {
    return stage.weights.vectors(norms.stream().flatMap(each -> each.bias().stream()).toList());
  }

  /** The bias of a layer norm that has none; RMS norms have no use for it. */
  private FloatArray zeros(int layers) {
    if (norm.kind() == NormKind.RMS) {
      return stage.noFloats;
    }
    FloatArray zeros = new FloatArray(Math.multiplyExact(layers, weights));
    zeros.init(0);
    return stage.program.upload(zeros);
  }

  @Override
  public void add(Target target) {
    target
        .tasks()
        .add(
            norm.output().name(),
            Grid.rows(stage.profile.normGroup(), norm.heads()),
            switch (norm.kind()) {
              case RMS -> rms(target);
              case LAYER -> layer(target);
            });
  }

  private TaskList.Task rms(Target target) {
    return (g, n) ->
        g.task(
            n,
            stage.kernels.of("norm.rms", NormKernels::rms),
            stage.program.context,
            target.pass(),
            target.cursor(),
            in.array(),
            weight,
            out.array(),
            target.slot(),
            norm.headWidth(),
            norm.heads(),
            weights,
            in.offset(),
            in.stride(),
            out.offset(),
            out.stride(),
            norm.epsilon());
  }

  private TaskList.Task layer(Target target) {
    return (g, n) ->
        g.task(
            n,
            stage.kernels.of("norm.layer", NormKernels::layer),
            stage.program.context,
            target.pass(),
            target.cursor(),
            in.array(),
            weight,
            bias,
            out.array(),
            target.slot(),
            norm.headWidth(),
            norm.heads(),
            weights,
            in.offset(),
            in.stride(),
            out.offset(),
            out.stride(),
            norm.epsilon());
  }
}
