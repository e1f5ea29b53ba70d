package org.zonda.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.backend.Chunk;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;
import org.zonda.runtime.backend.OperationRecorder;
import org.zonda.runtime.backend.Part;
import org.zonda.runtime.backend.Stage;
import org.zonda.runtime.backend.TopLogits;

/** A part of a model on the CPU: the plan of its blocks, and its layers' KV cache. */
final class CpuStage implements Stage {

  private final String description;
  private final int width;
  private final int outputWidth;
  private final boolean embeds;
  private final PagedKvCache cache;
  private final List<BlockPlan> blocks = new ArrayList<>();

  /** Where hidden states come in; a stage with the embedding writes its own. */
  private final Buffer input = new Buffer();

  private final Buffer output;

  /** Null in a stage without the head. */
  private final BlockPlan head;

  /** Hidden states of the rows that the head takes. */
  private final Buffer wanted = new Buffer();

  /** The rows of the last run. */
  private Chunk chunk;

  CpuStage(
      String description,
      WorkerPool pool,
      Kernels kernels,
      List<Way> ways,
      Transformer transformer,
      ModelSource weights,
      ExecutorOptions options,
      Part part) {
    this.description = description;
    width = transformer.hiddenWidth();
    outputWidth = transformer.outputWidth();
    embeds = part.embedding();
    cache =
        new PagedKvCache(part.attentions(transformer), options.cacheType(), options.sequences());
    BlockPlan.Machine machine =
        new BlockPlan.Machine(
            pool,
            kernels,
            new MatrixMultiplier(pool, ways),
            new PagedAttention(pool, kernels, cache),
            new Rotations(),
            weights,
            options.cacheType(),
            new OperationRecorder(options));
    List<Block> run = new ArrayList<>();
    if (embeds) {
      run.add(transformer.embedding());
    }
    run.addAll(transformer.layers().subList(part.from(), part.to()));
    input.fit(width);
    Buffer hidden = input;
    List<Buffer> free = new ArrayList<>();
    for (Block block : run) {
      BlockPlan plan = new BlockPlan(machine, block, hidden, free);
      blocks.add(plan);
      hidden = plan.output();
    }
    output = hidden;
    // The head has buffers of its own: a row of logits is long, but few are wanted at once.
    head =
        part.head() ? new BlockPlan(machine, transformer.head(), wanted, new ArrayList<>()) : null;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void reserve(int sequence, int length) {
    cache.reserve(sequence, length);
  }

  @Override
  public void truncate(int sequence, int length) {
    cache.truncate(sequence, length);
  }

  @Override
  public void fork(int from, int to, int length) {
    cache.fork(from, to, length);
  }

  @Override
  public void run(Chunk rows, float[] hidden) {
    chunk = rows;
    if (!embeds) {
      input.ensure(rows.rows());
      System.arraycopy(hidden, 0, input.data, 0, rows.rows() * width);
    }
    for (BlockPlan block : blocks) {
      block.run(rows);
    }
  }

  @Override
  public void hidden(float[] into) {
    System.arraycopy(output.data, 0, into, 0, chunk.rows() * width);
  }

  @Override
  public void logits(int[] rows, int count, float[] into, int offset) {
    Buffer out = head.output();
    if (offset == 0) {
      // No copy of what may be megabytes: the head writes where the caller wants it.
      float[] own = out.data;
      out.data = into;
      try {
        runHead(rows, count);
      } finally {
        out.data = own;
      }
    } else {
      runHead(rows, count);
      System.arraycopy(out.data, 0, into, offset, count * outputWidth);
    }
  }

  @Override
  public TopLogits top(int[] rows, int count, int best) {
    runHead(rows, count);
    return TopLogits.of(new Logits(count, outputWidth, head.output().data), best);
  }

  private void runHead(int[] rows, int count) {
    wanted.ensure(count);
    for (int i = 0; i < count; i++) {
      System.arraycopy(output.data, rows[i] * width, wanted.data, i * width, width);
    }
    head.run(chunk.select(rows, count));
  }

  @Override
  public long cacheBytes() {
    return cache.bytes();
  }

  @Override
  public void close() {
    // Everything is on the heap; the pool belongs to the backend.
  }
}
