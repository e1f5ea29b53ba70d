package org.zonda.runtime.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed set of threads that share the tasks of one job at a time. The caller works too, so a pool
 * of n has n - 1 threads of its own. Tasks are claimed one by one, so that a core which is slowed
 * down by other programs does less; a job ends when its last task does, whether or not every worker
 * woke up for it.
 *
 * <p>Between jobs workers spin for a short while, since the next operation of a forward pass is
 * microseconds away, and then sleep. One caller at a time.
 */
final class WorkerPool implements AutoCloseable {

  /** A part of a job. */
  interface Task {
    /**
     * Does it.
     *
     * @param worker who does it, from 0 to {@code threads() - 1}, for scratch memory
     * @param index which one, from 0
     */
    void run(int worker, int index);
  }

  private static final long SPIN_NANOS = 60_000;

  /** The job at hand: claimed and completed tasks are counted apart. */
  private static final class Job {
    final Task task;
    final int tasks;
    final AtomicInteger claimed = new AtomicInteger();
    final AtomicInteger completed = new AtomicInteger();
    volatile Throwable failure;

    Job(Task task, int tasks) {
      this.task = task;
      this.tasks = tasks;
    }

    void work(int worker) {
      int done = 0;
      for (int i = claimed.getAndIncrement(); i < tasks; i = claimed.getAndIncrement()) {
        try {
          task.run(worker, i);
        } catch (Throwable e) {
          failure = e;
        }
        done++;
      }
      if (done > 0) {
        completed.addAndGet(done);
      }
    }
  }

  private final Thread[] threads;
  private final AtomicInteger sleepers = new AtomicInteger();
  private volatile Job job;
  private volatile boolean closed;

  WorkerPool(int size) {
    threads = new Thread[size - 1];
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] =
          Thread.ofPlatform()
              .daemon()
              .name("zonda-worker-" + worker)
              .unstarted(() -> serve(worker));
    }
    for (Thread thread : threads) {
      thread.start();
    }
  }

  /** Workers including the caller. */
  int threads() {
    return threads.length + 1;
  }

  /** Runs tasks 0 to {@code tasks - 1} and returns when all are done. */
  void run(int tasks, Task task) {
    if (tasks <= 1 || threads.length == 0) {
      for (int i = 0; i < tasks; i++) {
        task.run(0, i);
      }
      return;
    }
    Job mine = new Job(task, tasks);
    job = mine;
    if (sleepers.get() > 0) {
      for (Thread thread : threads) {
        LockSupport.unpark(thread);
      }
    }
    mine.work(0);
    for (int spins = 0; mine.completed.get() < tasks; spins++) {
      if (spins < 10_000) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    switch (mine.failure) {
      case null -> {}
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  private void serve(int worker) {
    Job last = null;
    while (!closed) {
      Job next = awaitJob(last);
      if (next != null) {
        next.work(worker);
        last = next;
      }
    }
  }

  /** The next job after the last one, or null when woken for nothing. */
  private Job awaitJob(Job last) {
    long end = 0;
    for (int spins = 1; job == last; spins++) {
      Thread.onSpinWait();
      if (spins % 256 == 0) {
        long now = System.nanoTime();
        if (end == 0) {
          end = now + SPIN_NANOS;
        } else if (now > end) {
          sleepers.incrementAndGet();
          if (job == last && !closed) {
            LockSupport.park(this);
          }
          sleepers.decrementAndGet();
          return null;
        }
      }
    }
    return job;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
