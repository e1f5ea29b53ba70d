package org.zonda.runtime.tornado;

import java.util.List;
import org.zonda.kernels.ExpertKernels;
import org.zonda.model.graph.Operation;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Routes rows to experts, computes each row's own experts, and mixes their results. With many rows
 * too, each row is multiplied by its experts by itself.
 */
final class MixtureTasks implements StepTasks {

  private final StageMemory stage;
  private final Operation.Experts operation;
  private final boolean accumulates;
  private final Products router;
  private final Products gatedUp;
  private final Products down;
  private final IntArray route;
  private final Slot logits;
  private final Slot shares;
  private final Slot gated;
  private final Slot results;
  private final Place in;
  private final Place out;

  MixtureTasks(StageMemory stage, List<Step.Mixture> layers, Places places) {
    this.stage = stage;
    Step.Mixture first = layers.getFirst();
    List<Operation.Experts> all = layers.stream().map(Step.Mixture::operation).toList();
    operation = first.operation();
    accumulates = first.residual().isPresent();
    router = Products.unbiased(stage, all.stream().map(op -> List.of(op.router())).toList());
    gatedUp =
        Products.unbiased(stage, all.stream().map(op -> List.of(op.gate(), op.up())).toList());
    down = Products.unbiased(stage, all.stream().map(op -> List.of(op.down())).toList());
    long routes = (long) stage.rows() * operation.used();
    route = stage.program.allocate(new IntArray(Math.toIntExact(routes)));
    List<Slot> workspace = places.workspace(first);
    logits = workspace.get(0);
    shares = workspace.get(1);
    gated = workspace.get(2);
    results = workspace.get(3);
    in = places.of(operation.input());
    out = places.of(first.outputs().getFirst());
  }

  @Override
  public void add(Target target) {
    String what = operation.output().name();
    int used = operation.used();
    Input x = Input.of(operation.input(), in);
    router.add(target, what + "_router", x, logits.array(), false);
    addRoute(target, what + "_route");
    gatedUp.addRoutedGated(
        target, what + "_gated", route, used, x, gated.array(), operation.activation());
    Input inner = new Input(this, gated.array(), used);
    down.addRouted(target, what + "_down", route, used, inner, results.array());
    addMix(target, what);
  }

  private void addRoute(Target target, String what) {
    int experts = operation.router().rows();
    FloatArray weights = shares.array();
    target
        .tasks()
        .add(
            what,
            Grid.rows(stage.profile.normGroup(), 1),
            (g, n) ->
                g.task(
                    n,
                    stage.kernels.of("expert.route", ExpertKernels::route),
                    stage.program.context,
                    target.pass(),
                    logits.array(),
                    route,
                    weights,
                    experts,
                    operation.used(),
                    experts));
  }

  private void addMix(Target target, String what) {
    int width = operation.output().width();
    target
        .tasks()
        .add(
            what,
            Grid.elements(stage.profile.elementGroup(), width),
            (g, n) ->
                g.task(
                    n,
                    stage.kernels.of("expert.mixture", ExpertKernels::mixture),
                    stage.program.context,
                    target.pass(),
                    results.array(),
                    shares.array(),
                    out.array(),
                    operation.used(),
                    width,
                    out.stride(),
                    accumulates ? ExpertKernels.ACCUMULATE : 0));
  }
}
