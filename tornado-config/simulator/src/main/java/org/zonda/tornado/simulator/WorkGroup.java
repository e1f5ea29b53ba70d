package org.zonda.tornado.simulator;

import java.util.List;

/**
 * The work-items of a group. Where the kernel has barriers or exchanges they are coroutines: each
 * runs until it waits, and when all wait at the same place all go on. Where it has none they run
 * one after another.
 */
final class WorkGroup {
  /** Work-items of a sub-group. */
  static final int LANES = 32;

  private final Launch launch;
  private final Kernel kernel;
  private final KernelCode code;
  private final Object[] arguments;
  private final WorkItem[] items;
  private final Coroutine[] coroutines;
  private RuntimeException failure;

  WorkGroup(Launch launch, Kernel kernel, Object[] arguments) {
    this.launch = launch;
    this.kernel = kernel;
    this.code = kernel.code();
    this.arguments = arguments;
    this.items = new WorkItem[launch.groupItems()];
    for (int i = 0; i < items.length; i++) {
      items[i] =
          new WorkItem(
              launch,
              i,
              i % launch.localX,
              i / launch.localX % launch.localY,
              i / launch.localX / launch.localY);
    }
    if (kernel.exchanges() && items.length % LANES != 0) {
      throw launch.refused(
          "groups of "
              + items.length
              + " work-items; exchanges within a sub-group need a multiple of "
              + LANES);
    }
    coroutines = kernel.waits() ? new Coroutine[items.length] : null;
    if (kernel.waits()) {
      for (int i = 0; i < items.length; i++) {
        WorkItem item = items[i];
        coroutines[i] = new Coroutine(() -> live(item));
      }
    }
  }

  /** Runs the launch's current group. */
  void run() {
    if (coroutines == null) {
      for (WorkItem item : items) {
        runToEnd(item);
        check();
      }
      return;
    }
    for (WorkItem item : items) {
      item.state = WorkItem.State.READY;
    }
    while (round()) {
      Clock.barrier();
    }
  }

  private void live(WorkItem item) {
    while (true) {
      runToEnd(item);
      item.state = WorkItem.State.DONE;
      Coroutine.pause();
    }
  }

  private void runToEnd(WorkItem item) {
    Clock.beginItem(item.number());
    try {
      code.run(item, arguments);
    } catch (KernelFault e) {
      failure = e;
    } catch (RuntimeException | StackOverflowError e) {
      failure = launch.fault(FaultKind.EXCEPTION, e.toString(), e.getStackTrace());
    }
  }

  private void check() {
    if (failure != null) {
      throw failure;
    }
  }

  /** Lets all items run to the next barrier; whether there was one. */
  private boolean round() {
    int step = kernel.exchanges() ? LANES : items.length;
    for (int first = 0; first < items.length; first += step) {
      advance(first, first + step);
    }
    return meet(0, items.length) == WorkItem.State.BARRIER;
  }

  private void advance(int from, int to) {
    WorkItem.State reached;
    do {
      for (int i = from; i < to; i++) {
        WorkItem item = items[i];
        if (item.state != WorkItem.State.DONE) {
          item.state = WorkItem.State.READY;
          Clock.beginItem(i);
          coroutines[i].resume();
          check();
        }
      }
      reached = meet(from, to);
      if (reached == WorkItem.State.EXCHANGE) {
        exchange(from, to);
      }
    } while (reached == WorkItem.State.EXCHANGE);
  }

  /** What all of these items have reached; a fault where they are not at one place. */
  private WorkItem.State meet(int from, int to) {
    WorkItem first = items[from];
    for (int i = from + 1; i < to; i++) {
      WorkItem item = items[i];
      if (item.state != first.state
          || item.state != WorkItem.State.DONE && item.site != first.site) {
        throw launch.groupFault(
            FaultKind.DIVERGENT_BARRIER, standing(first) + ", but " + standing(item));
      }
    }
    return first.state;
  }

  private String standing(WorkItem item) {
    String where =
        switch (item.state) {
          case READY -> "runs";
          case DONE -> "has left the kernel";
          case BARRIER -> "waits at " + kernel.siteName(item.site);
          case EXCHANGE -> "waits for its sub-group at " + kernel.siteName(item.site);
        };
    return launch.item(item.number()) + " " + where;
  }

  private void exchange(int from, int to) {
    List<WorkItem> lanes = List.of(items).subList(from, to);
    switch (items[from].exchange) {
      case SUM -> {
        float[] values = new float[LANES];
        for (int i = 0; i < LANES; i++) {
          values[i] = lanes.get(i).value;
        }
        for (int step = LANES / 2; step > 0; step /= 2) {
          for (int i = 0; i < step; i++) {
            values[i] += values[i + step];
          }
        }
        lanes.forEach(lane -> lane.value = values[0]);
      }
      case SHUFFLE_DOWN -> {
        for (int i = 0; i < LANES; i++) {
          WorkItem lane = lanes.get(i);
          int source = i + lane.delta;
          if (lane.delta >= 0 && source < LANES) {
            lane.value = lanes.get(source).value;
          }
        }
      }
      case BROADCAST_FIRST -> {
        float value = items[from].value;
        lanes.forEach(lane -> lane.value = value);
      }
      case MULTIPLY_HALVES -> TensorCore.multiplyHalves(lanes);
      case MULTIPLY_BYTES -> TensorCore.multiplyBytes(lanes);
    }
  }
}
