package org.zonda.model.quantize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufWriter;
import org.zonda.model.quantize.QuantizationReport.TensorResult;

/**
 * Writes a model as a plan says. Tensors are converted in chunks, a few at once on as many threads,
 * and written in order: memory does not grow with the model. The file appears under its name only
 * when it is complete.
 */
public final class Quantizer {

  /** Chunks in memory for each thread: one being converted, one waiting to be written. */
  private static final int CHUNKS_PER_THREAD = 2;

  /** The most threads that may convert: more would only hold more of the model in memory. */
  public static final int MAX_THREADS = 1024;

  /** Hears how far it has come. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Some more is done.
     *
     * @param done bytes of the source that were converted and written
     * @param total bytes of the source
     */
    void at(long done, long total);
  }

  private final QuantizationPlan plan;
  private final int threads;
  private final Listener listener;
  private final BooleanSupplier cancelled;
  private final List<TensorResult> results = new ArrayList<>();
  private long done;

  private Quantizer(
      QuantizationPlan plan, int threads, Listener listener, BooleanSupplier cancelled) {
    this.plan = plan;
    this.threads = threads;
    this.listener = listener;
    this.cancelled = cancelled;
  }

  /**
   * Writes the file.
   *
   * @param plan what becomes of each tensor
   * @param inputs the files of the source, none of which may be the target
   * @param target the new file
   * @param overwrite whether a file of that name is replaced
   * @param threads how many convert, 1 to {@link #MAX_THREADS}
   * @param listener hears of the progress, in this thread
   * @param cancelled asked between chunks; true ends it with nothing left behind
   * @return what it cost
   * @throws ZondaException if the target is an input, exists, or does not fit on its disk; if a
   *     number cannot be stored; or if reading or writing fails. No file is left behind then
   * @throws IllegalArgumentException if that number of threads is out of its range
   * @throws CancellationException if it was cancelled
   */
  public static QuantizationReport write(
      QuantizationPlan plan,
      List<Path> inputs,
      Path target,
      boolean overwrite,
      int threads,
      Listener listener,
      BooleanSupplier cancelled) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "number of threads is " + threads + "; expected 1 to " + MAX_THREADS);
    }
    long start = System.nanoTime();
    refuseInput(inputs, target);
    Quantizer quantizer = new Quantizer(plan, threads, listener, cancelled);
    GgufWriter writer = new GgufWriter(plan.metadata());
    try (ExecutorService pool = Executors.newFixedThreadPool(threads, Quantizer::thread)) {
      for (TensorPlan tensor : plan.tensors()) {
        writer.tensor(
            tensor.source().name(),
            tensor.type(),
            tensor.source().shape(),
            channel -> quantizer.convert(tensor, pool, channel));
      }
      long bytes = writer.size();
      requireSpace(target, bytes, usableSpace(target));
      try {
        if (overwrite) {
          writer.overwrite(target);
        } else {
          writer.write(target);
        }
      } finally {
        pool.shutdownNow(); // after a failure, chunks that nobody will write
      }
      return new QuantizationReport(
          plan, quantizer.results, bytes, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private static Thread thread(Runnable work) {
    return Thread.ofPlatform().daemon().name("zonda-quantize").unstarted(work);
  }

  private static void refuseInput(List<Path> inputs, Path target) {
    try {
      for (Path input : inputs) {
        if (Files.exists(target) && Files.isSameFile(input, target)) {
          throw new ZondaException(
              target + ": is the file that is read; name another one to write to");
        }
      }
    } catch (IOException e) {
      throw new ZondaException(target + ": cannot be compared with the input: " + e, e);
    }
  }

  private static long usableSpace(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ZondaException(target + ": cannot be written: there is no directory " + folder);
    }
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE; // unknown; writing will tell
    }
  }

  /** Before hours of work: what is replaced stays until the new file is complete. */
  static void requireSpace(Path target, long needed, long usable) {
    if (needed > usable) {
      throw new ZondaException(
          "%s: takes %d bytes, but only %d are free on its disk; free some or write elsewhere"
              .formatted(target, needed, usable));
    }
  }

  private void convert(TensorPlan tensor, ExecutorService pool, WritableByteChannel channel)
      throws IOException {
    Queue<Future<TensorChunk>> ahead = new ArrayDeque<>();
    long elements = tensor.source().elements();
    RoundingError error = RoundingError.NONE;
    for (long first = 0; first < elements || !ahead.isEmpty(); ) {
      if (first < elements && ahead.size() < (long) threads * CHUNKS_PER_THREAD) {
        long from = first;
        ahead.add(pool.submit(() -> TensorChunk.convert(tensor, from, plan.source().label())));
        first += TensorChunk.ELEMENTS;
      } else {
        TensorChunk chunk = await(ahead.remove());
        for (ByteBuffer bytes = ByteBuffer.wrap(chunk.bytes()); bytes.hasRemaining(); ) {
          channel.write(bytes);
        }
        error = error.plus(chunk.error());
        done += tensor.source().type().bytes(written(chunk, tensor));
        listener.at(done, plan.sourceBytes());
      }
    }
    results.add(new TensorResult(tensor, error));
  }

  /** The elements of a chunk. */
  private static long written(TensorChunk chunk, TensorPlan tensor) {
    return (long) chunk.bytes().length / tensor.type().blockBytes() * tensor.type().blockElements();
  }

  private TensorChunk await(Future<TensorChunk> chunk) {
    try {
      if (cancelled.getAsBoolean()) {
        throw new CancellationException("quantising was cancelled");
      }
      return chunk.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("quantising was interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case Throwable other -> throw new IllegalStateException(other);
      }
    }
  }
}
