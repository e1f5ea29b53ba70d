package org.zonda.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.zonda.model.ZondaException;

/** Threads that all do the same at once. */
final class Team implements AutoCloseable {

  private final int threads;
  private final ExecutorService pool;

  Team(int threads) {
    this.threads = threads;
    pool = Executors.newFixedThreadPool(threads);
  }

  /**
   * Has each thread do a task and waits for all.
   *
   * @param task by the number of the thread
   * @return what they return, in order
   * @throws ZondaException if this thread is interrupted, or what a task throws
   */
  <T> List<T> all(IntFunction<T> task) {
    List<Callable<T>> tasks =
        IntStream.range(0, threads).mapToObj(i -> (Callable<T>) () -> task.apply(i)).toList();
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : pool.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ZondaException("the speed of the machine could not be measured: interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
