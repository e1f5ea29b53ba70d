package org.zonda.runtime.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.zonda.kernels.Rows;
import org.zonda.kernels.TopKernels;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.TopLogits;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The head: gathers the wanted rows, computes their logits, and brings back all of them or only the
 * best. Of each kind there is a graph for the last row of a pass, which needs nothing more from the
 * host, and one for several rows.
 */
final class DeviceHead {

  /** Most rows that are computed at once. */
  private static final int SEVERAL = 16;

  /** Most shares of a row in which the best are looked for at the same time. */
  private static final int MOST_SHARES = 64;

  private static final PassSize ONE = new PassSize(1, 1);

  /** The graphs that end alike. */
  private record Graphs(DeviceGraph last, DeviceGraph several) {}

  private final StageMemory stage;
  private final int vocabulary;
  private final int width;
  private final Slot hidden;
  private final Slot gathered;
  private final Slot logits;
  private final BlockTasks block;
  private final PassArray wanted;
  private final int shares;

  private final IntArray candidateIds;
  private final FloatArray candidates;
  private final IntArray bestIds;
  private final FloatArray best;

  private Graphs toLogits;
  private Graphs toBestOne;
  private Graphs toBest;

  /**
   * Makes the head ready and takes its weights.
   *
   * @param hidden where the hidden states of a pass lie
   */
  DeviceHead(StageMemory stage, Transformer transformer, Slot hidden) {
    this.stage = stage;
    this.hidden = hidden;
    width = transformer.hiddenWidth();
    vocabulary = transformer.outputWidth();
    int rows = Math.min(SEVERAL, stage.rows());
    wanted = new PassArray(rows, 0, 0);
    gathered = stage.slot(rows, false);
    gathered.fit(width);
    // What has no operation, an encoder's head, puts out what was gathered.
    logits = transformer.head().operations().isEmpty() ? gathered : stage.slot(rows, false);
    block = new BlockTasks(stage, List.of(transformer.head()), gathered, logits);
    shares = Math.clamp(Grid.groups(vocabulary, 8 * stage.profile.normGroup()), 1, MOST_SHARES);
    candidateIds = stage.program.allocate(new IntArray(rows * shares * most()));
    candidates = stage.program.allocate(new FloatArray(rows * shares * most()));
    bestIds = stage.program.allocate(new IntArray(rows * most()));
    best = stage.program.allocate(new FloatArray(rows * most()));
  }

  /** The most logits of a row that are brought back alone. */
  private int most() {
    return Math.min(TopLogits.MOST, vocabulary);
  }

  /** Adds the graphs, after all memory has been planned. */
  void addGraphs(IntArray pass, boolean captures) {
    toLogits = graphs("logits", 0, pass, captures);
    toBestOne = graphs("best", 1, pass, captures);
    toBest = most() == 1 ? toBestOne : graphs("best_" + most(), most(), pass, captures);
  }

  private Graphs graphs(String name, int count, IntArray pass, boolean captures) {
    TaskList last = tasks(pass, stage.rows(), true, count);
    TaskList several = tasks(wanted.array(), wanted.capacity(), false, count);
    return new Graphs(
        stage.program.graph(name + "_last", last, List.of(), captures),
        stage.program.graph(name + "_several", several, List.of(wanted.array()), false));
  }

  private TaskList tasks(IntArray pass, int capacity, boolean few, int count) {
    TaskList tasks = new TaskList();
    tasks.add(
        "gather",
        Grid.elements(stage.profile.elementGroup(), width),
        (g, n) ->
            g.task(
                n,
                stage.kernels.of("rows.gather", Rows::gather),
                stage.program.context,
                pass,
                hidden.array(),
                gathered.array(),
                width,
                capacity));
    block.add(new Target(tasks, pass, stage.program.cursor, 0, few));
    if (count > 0) {
      addBest(tasks, pass, count);
    }
    return tasks;
  }

  private void addBest(TaskList tasks, IntArray pass, int count) {
    int group = stage.profile.normGroup();
    tasks.add(
        "candidates",
        Grid.rows(group, shares),
        (g, n) ->
            g.task(
                n,
                stage.kernels.of("top.candidates", TopKernels::candidates),
                stage.program.context,
                pass,
                logits.array(),
                candidateIds,
                candidates,
                vocabulary,
                vocabulary,
                shares,
                count));
    tasks.add(
        "merge",
        Grid.rows(Math.max(group, MOST_SHARES), 1),
        (g, n) ->
            g.task(
                n,
                stage.kernels.of("top.merge", TopKernels::merge),
                stage.program.context,
                pass,
                candidateIds,
                candidates,
                bestIds,
                best,
                shares,
                count));
  }

  /** Compiles the graphs that generation needs, on the pass that was run last. */
  void warmUp() {
    stage.program.run(toLogits.last(), ONE);
    stage.program.run(toBestOne.last(), ONE);
  }

  /** {@link org.zonda.runtime.backend.Stage#logits}, for a pass of some rows. */
  void logits(int passRows, int[] rows, int count, float[] into, int offset) {
    for (int done = 0; done < count; ) {
      int taken = run(toLogits, passRows, rows, done, count);
      stage.program.fetch(logits.array(), (long) taken * vocabulary);
      copy(logits.array().getSegment(), into, offset + done * vocabulary, taken * vocabulary);
      done += taken;
    }
  }

  /** {@link org.zonda.runtime.backend.Stage#top}, for a pass of some rows. */
  TopLogits top(int passRows, int[] rows, int count, int wantedBest) {
    int computed = wantedBest == 1 ? 1 : most();
    int[] ids = new int[count * wantedBest];
    float[] values = new float[count * wantedBest];
    for (int done = 0; done < count; ) {
      int taken = run(computed == 1 ? toBestOne : toBest, passRows, rows, done, count);
      stage.program.fetch(bestIds, (long) taken * computed);
      stage.program.fetch(best, (long) taken * computed);
      for (int row = 0; row < taken; row++) {
        for (int i = 0; i < wantedBest; i++) {
          ids[(done + row) * wantedBest + i] = bestIds.get(row * computed + i);
          values[(done + row) * wantedBest + i] = best.get(row * computed + i);
        }
      }
      done += taken;
    }
    return new TopLogits(count, wantedBest, ids, values);
  }

  /** Runs some of the rows that are left; returns how many. */
  private int run(Graphs graphs, int passRows, int[] rows, int done, int count) {
    int taken = Math.min(count - done, wanted.capacity());
    stage.program.times.rows(rows, done, taken);
    if (count == 1 && rows[0] == passRows - 1) {
      stage.program.run(graphs.last(), ONE);
      return 1;
    }
    wanted.want(rows, done, taken);
    stage.program.run(graphs.several(), new PassSize(taken, 0));
    return taken;
  }

  static void copy(MemorySegment from, float[] into, int offset, int count) {
    MemorySegment.copy(from, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, into, offset, count);
  }
}
