package org.zonda.runtime.tornado;

import java.util.List;
import org.zonda.kernels.PassLayout;
import org.zonda.model.graph.Operation.Row;

/** Looks up rows of a table. */
final class EmbedTasks implements StepTasks {

  private final StageMemory stage;
  private final DeviceMatrix table;
  private final Row row;
  private final String what;
  private final Place out;

  EmbedTasks(StageMemory stage, Step.Embed step, Places places) {
    this.stage = stage;
    table = stage.weights.matrices(List.of(List.of(step.operation().table())));
    row = step.operation().row();
    what = step.operation().output().name();
    out = places.of(step.operation().output());
  }

  @Override
  public void add(Target target) {
    target
        .tasks()
        .add(
            what,
            Grid.elements(stage.profile.elementGroup(), table.columns()),
            (g, n) ->
                table
                    .format()
                    .embed(
                        g,
                        n,
                        table,
                        stage.kernels,
                        stage.program.context,
                        target.pass(),
                        out.array(),
                        list()));
  }

  /** Where the pass says which rows. */
  private int list() {
    return switch (row) {
      case TOKEN -> PassLayout.tokens();
      case POSITION -> PassLayout.positions(stage.rows());
      case SEGMENT -> PassLayout.ROWS;
    };
  }
}
