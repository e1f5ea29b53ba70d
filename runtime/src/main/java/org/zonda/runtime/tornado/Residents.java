package org.zonda.runtime.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.zonda.kernels.Touch;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** The arrays that stay on the device, and the graph that brings them there. */
final class Residents {

  /** Arrays that one task of {@link Touch} takes. */
  private static final int TOUCHED = 4;

  private final List<TornadoNativeArray> uploaded = new ArrayList<>();
  private final List<TornadoNativeArray> allocated = new ArrayList<>();
  private final IntArray intSink = new IntArray(1);
  private final FloatArray floatSink = new FloatArray(1);

  Residents() {
    allocated.add(intSink);
    allocated.add(floatSink);
  }

  /**
   * Adds small arrays until those of each type can be cleared four at a time: TornadoVM 5.2 waits
   * for ever if a task is given an array again after a place where it is written.
   */
  void fillUp() {
    fillUp(IntArray.class, () -> new IntArray(1));
    fillUp(FloatArray.class, () -> new FloatArray(1));
    fillUp(HalfFloatArray.class, () -> new HalfFloatArray(1));
  }

  private <A extends TornadoNativeArray> void fillUp(Class<A> type, Supplier<A> more) {
    while (allocated.stream().filter(type::isInstance).count() % TOUCHED != 0) {
      allocated.add(more.get());
    }
  }

  /** Adds one whose contents come from the host. */
  void upload(TornadoNativeArray array) {
    uploaded.add(array);
  }

  /** Adds one that kernels write first. */
  void allocate(TornadoNativeArray array) {
    allocated.add(array);
  }

  List<TornadoNativeArray> arrays() {
    return Stream.concat(uploaded.stream(), allocated.stream()).toList();
  }

  long bytes() {
    return arrays().stream().mapToLong(TornadoNativeArray::getNumBytesOfSegmentWithHeader).sum();
  }

  /** Declares the arrays as the graph's own. */
  void own(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, uploaded.toArray());
    graph.transferToDevice(DataTransferMode.UNDER_DEMAND, allocated.toArray());
    graph.persistOnDevice(arrays().toArray());
  }

  /** Launches that use every array, without which it would get no memory. */
  TaskList tasks(KernelContext k) {
    TaskList tasks = new TaskList();
    for (List<IntArray> a : fours(uploaded, IntArray.class)) {
      tasks.add(
          "readInts",
          Grid.single(),
          (g, n) -> g.task(n, Touch::readInts, k, a.get(0), a.get(1), a.get(2), a.get(3), intSink));
    }
    for (List<FloatArray> a : fours(uploaded, FloatArray.class)) {
      tasks.add(
          "readFloats",
          Grid.single(),
          (g, n) ->
              g.task(n, Touch::readFloats, k, a.get(0), a.get(1), a.get(2), a.get(3), floatSink));
    }
    for (List<HalfFloatArray> a : fours(uploaded, HalfFloatArray.class)) {
      tasks.add(
          "readHalves",
          Grid.single(),
          (g, n) ->
              g.task(n, Touch::readHalves, k, a.get(0), a.get(1), a.get(2), a.get(3), floatSink));
    }
    for (List<IntArray> a : fours(allocated, IntArray.class)) {
      tasks.add(
          "clearInts",
          Grid.single(),
          (g, n) -> g.task(n, Touch::clearInts, k, a.get(0), a.get(1), a.get(2), a.get(3)));
    }
    for (List<FloatArray> a : fours(allocated, FloatArray.class)) {
      tasks.add(
          "clearFloats",
          Grid.single(),
          (g, n) -> g.task(n, Touch::clearFloats, k, a.get(0), a.get(1), a.get(2), a.get(3)));
    }
    for (List<HalfFloatArray> a : fours(allocated, HalfFloatArray.class)) {
      tasks.add(
          "clearHalves",
          Grid.single(),
          (g, n) -> g.task(n, Touch::clearHalves, k, a.get(0), a.get(1), a.get(2), a.get(3)));
    }
    return tasks;
  }

  /** The arrays of a type in groups of four, the last filled up with its last array. */
  private static <A> List<List<A>> fours(List<TornadoNativeArray> arrays, Class<A> type) {
    List<A> ofType = arrays.stream().filter(type::isInstance).map(type::cast).toList();
    List<List<A>> groups = new ArrayList<>();
    for (int from = 0; from < ofType.size(); from += TOUCHED) {
      List<A> group = new ArrayList<>();
      for (int i = from; i < from + TOUCHED; i++) {
        group.add(ofType.get(Math.min(i, ofType.size() - 1)));
      }
      groups.add(group);
    }
    return groups;
  }
}
