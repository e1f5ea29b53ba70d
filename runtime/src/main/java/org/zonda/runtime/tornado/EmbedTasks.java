package org.zonda.runtime.tornado;

import java.util.List;

/** Looks up the tokens' rows. */
final class EmbedTasks implements StepTasks {

  private final StageMemory stage;
  private final DeviceMatrix table;
  private final Place out;

  EmbedTasks(StageMemory stage, Step.Embed step, Places places) {
    this.stage = stage;
    table = stage.weights.matrices(List.of(List.of(step.operation().table())));
    out = places.of(step.operation().output());
  }

  @Override
  public void add(Target target) {
    target
        .tasks()
        .add(
            "embed",
            Grid.elements(stage.profile.elementGroup(), table.columns()),
            (g, n) ->
                table
                    .format()
                    .embed(
                        g,
                        n,
                        table,
                        stage.program.context,
                        target.pass(),
                        out.array(),
                        stage.rows()));
  }
}
