package org.zonda.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Block;
import org.zonda.model.graph.Decoder;
import org.zonda.runtime.backend.Batch;
import org.zonda.runtime.backend.Executor;
import org.zonda.runtime.backend.ExecutorOptions;
import org.zonda.runtime.backend.Logits;

/** A model on the CPU: the plan of its blocks, and its KV cache. */
final class CpuExecutor implements Executor {

  private final Decoder decoder;
  private final ExecutorOptions options;
  private final PagedKvCache cache;
  private final BlockPlan embedding;
  private final List<BlockPlan> layers = new ArrayList<>();
  private final BlockPlan head;

  /** Hidden states of the rows whose logits are wanted, gathered from all chunks. */
  private final Buffer wanted = new Buffer();

  CpuExecutor(
      WorkerPool pool,
      Kernels kernels,
      Decoder decoder,
      ModelSource weights,
      ExecutorOptions options) {
    this.decoder = decoder;
    this.options = options;
    cache =
        new PagedKvCache(kernels, decoder.attentions(), options.cacheType(), options.sequences());
    BlockPlan.Machine machine =
        new BlockPlan.Machine(
            pool,
            kernels,
            new MatrixMultiplier(pool, kernels),
            new CausalAttention(pool, kernels, cache),
            weights);
    List<Buffer> free = new ArrayList<>();
    embedding = new BlockPlan(machine, decoder.embedding(), new Buffer(), free);
    Buffer hidden = embedding.output();
    for (Block block : decoder.layers()) {
      BlockPlan layer = new BlockPlan(machine, block, hidden, free);
      layers.add(layer);
      hidden = layer.output();
    }
    // The head has buffers of its own: a row of logits is long, but few are wanted at once.
    head = new BlockPlan(machine, decoder.head(), wanted, new ArrayList<>());
  }

  @Override
  public Decoder decoder() {
    return decoder;
  }

  @Override
  public ExecutorOptions options() {
    return options;
  }

  @Override
  public Logits forward(Batch batch) {
    int[] lengths = check(batch);
    for (int sequence = 0; sequence < lengths.length; sequence++) {
      cache.reserve(sequence, lengths[sequence]);
    }
    wanted.ensure(batch.outputs());
    int outputs = 0;
    for (int from = 0; from < batch.size(); from += options.batchSize()) {
      int to = Math.min(batch.size(), from + options.batchSize());
      float[] hidden = runLayers(new Pass(batch, from, to));
      int width = decoder.hiddenWidth();
      for (int row = from; row < to; row++) {
        if (batch.wantsLogits(row)) {
          System.arraycopy(hidden, (row - from) * width, wanted.data, outputs++ * width, width);
        }
      }
    }
    if (outputs > 0) {
      head.run(new Pass(batch, 0, outputs));
    }
    for (int sequence = 0; sequence < lengths.length; sequence++) {
      cache.setLength(sequence, lengths[sequence]);
    }
    return new Logits(outputs, decoder.vocabularySize(), head.output().data);
  }

  private float[] runLayers(Pass pass) {
    embedding.run(pass);
    BlockPlan last = embedding;
    for (BlockPlan layer : layers) {
      layer.run(pass);
      last = layer;
    }
    return last.output().data;
  }

  /** Checks every row before anything is changed; returns the sequences' new lengths. */
  private int[] check(Batch batch) {
    int[] lengths = new int[options.sequences()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = cache.length(i);
    }
    for (int row = 0; row < batch.size(); row++) {
      int sequence = batch.sequence(row);
      if (sequence < 0 || sequence >= lengths.length) {
        throw new ZondaException(
            "sequence "
                + sequence
                + " does not exist; there are "
                + lengths.length
                + ", from 0 on");
      }
      int token = batch.token(row);
      if (token < 0 || token >= decoder.vocabularySize()) {
        throw new ZondaException(
            "token "
                + token
                + " is not in the vocabulary; expected 0 to "
                + (decoder.vocabularySize() - 1));
      }
      if (batch.position(row) != lengths[sequence]) {
        throw new ZondaException(
            "position "
                + batch.position(row)
                + " of sequence "
                + sequence
                + " does not continue it; expected "
                + lengths[sequence]);
      }
      if (lengths[sequence] >= options.contextLength()) {
        throw new ZondaException(
            "position "
                + lengths[sequence]
                + " is beyond the context of "
                + options.contextLength()
                + " positions");
      }
      lengths[sequence]++;
    }
    return lengths;
  }

  @Override
  public int length(int sequence) {
    return cache.length(sequence);
  }

  @Override
  public void truncate(int sequence, int length) {
    if (length < 0 || length > cache.length(sequence)) {
      throw new IllegalArgumentException(
          "sequence " + sequence + " has " + cache.length(sequence) + " positions, not " + length);
    }
    cache.setLength(sequence, length);
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
