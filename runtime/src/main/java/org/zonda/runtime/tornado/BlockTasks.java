package org.zonda.runtime.tornado;

import java.util.List;
import java.util.stream.IntStream;
import org.zonda.kernels.Rows;
import org.zonda.model.graph.Block;
import org.zonda.runtime.backend.MeasuredStep;

/** The steps of a block, or of several equal ones that run one after the other. */
final class BlockTasks {

  private final StageMemory stage;
  private final Block block;
  private final Slot output;
  private final Places places;
  private final List<StepTasks> steps;

  /** For each step, what it is in each block. */
  private final List<List<MeasuredStep>> measured;

  /**
   * Makes blocks ready and takes their weights.
   *
   * @param stage what the steps share
   * @param blocks equal but for their weights
   * @param input where the first's input lies
   * @param output where each's output has to lie, and so the next one's input
   */
  BlockTasks(StageMemory stage, List<Block> blocks, Slot input, Slot output) {
    this.stage = stage;
    this.output = output;
    block = blocks.getFirst();
    List<List<Step>> fused =
        blocks.stream().map(each -> Fusion.of(each, stage.weights::format)).toList();
    List<Step> first = fused.getFirst();
    places = new Places(block, first, input, output, stage.free, stage::sharedSlot);
    output.fit(block.output().width());
    steps =
        IntStream.range(0, first.size())
            .mapToObj(
                i -> StepTasks.of(stage, fused.stream().map(all -> all.get(i)).toList(), places))
            .toList();
    measured =
        IntStream.range(0, first.size())
            .mapToObj(
                i ->
                    IntStream.range(0, blocks.size())
                        .mapToObj(
                            layer -> measured(stage, blocks.get(layer), fused.get(layer).get(i)))
                        .toList())
            .toList();
  }

  private static MeasuredStep measured(StageMemory stage, Block block, Step step) {
    return MeasuredStep.of(
        block.name(), step.operations(), stage.weights.source(), stage.options.cacheType());
  }

  /**
   * Adds the launches of one block.
   *
   * @param target where to
   */
  void add(Target target) {
    for (int i = 0; i < steps.size(); i++) {
      target.tasks().compute(new TaskList.Work(measured.get(i), target.slot()));
      steps.get(i).add(target);
    }
    target.tasks().control();
    Place place = places.of(block.output());
    if (place.slot() != output) {
      int width = block.output().width();
      target
          .tasks()
          .add(
              "copy",
              Grid.elements(stage.profile.elementGroup(), width),
              (g, n) ->
                  g.task(
                      n,
                      stage.kernels.of("rows.copy", Rows::copy),
                      stage.program.context,
                      target.pass(),
                      place.array(),
                      output.array(),
                      width));
    }
  }
}
