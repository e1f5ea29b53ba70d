package org.zonda.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerPoolTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void runsEveryTaskOnceInEveryOfManyJobs(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int job = 0; job < 2000; job++) {
        int tasks = job % 7;
        AtomicIntegerArray runs = new AtomicIntegerArray(7);
        pool.run(
            tasks,
            (worker, i) -> {
              assertThat(worker).isBetween(0, threads - 1);
              runs.incrementAndGet(i);
            });
        for (int i = 0; i < 7; i++) {
          assertThat(runs.get(i)).isEqualTo(i < tasks ? 1 : 0);
        }
      }
    }
  }

  @Test
  void wakesSleepers() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3)) {
      for (int i = 0; i < 5; i++) {
        Thread.sleep(5);
        AtomicIntegerArray runs = new AtomicIntegerArray(4);
        pool.run(4, (worker, task) -> runs.incrementAndGet(task));
        assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1]");
      }
    }
  }

  @Test
  void aTasksFailureReachesTheCallerAndThePoolGoesOn() {
    try (WorkerPool pool = new WorkerPool(2)) {
      for (int round = 0; round < 50; round++) {
        int failing = round % 8;
        assertThatThrownBy(
                () ->
                    pool.run(
                        8,
                        (worker, i) -> {
                          if (i == failing) {
                            throw new ArithmeticException("task " + i);
                          }
                        }))
            .isInstanceOf(ArithmeticException.class)
            .hasMessage("task " + failing);
      }
      AtomicIntegerArray runs = new AtomicIntegerArray(2);
      pool.run(2, (worker, i) -> runs.incrementAndGet(i));
      assertThat(runs.toString()).isEqualTo("[1, 1]");
    }
  }
}
