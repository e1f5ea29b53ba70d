package org.zonda.kernels;

import org.zonda.kernels.oracle.MatrixValues;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The planes of a stack of matrices, and the tasks that use them. */
interface Weights {

  /** The name that every task of the tests has. */
  String TASK = "kernel";

  /** The values that the planes mean. */
  MatrixValues values();

  /** The planes, to be copied to the device. */
  Object[] planes();

  /** Adds {@code matvec}, {@code gated} or {@code matmul}. */
  void product(TaskGraph graph, Entry entry, Arguments a);

  /** Adds {@code embed}. */
  void embed(
      TaskGraph graph,
      KernelContext c,
      IntArray pass,
      FloatArray y,
      int columns,
      int outStride,
      int capacity);

  /** Whether there are kernels for rounded inputs, and in which order they want them. */
  default int int8Order() {
    return NO_INT8;
  }

  /** Adds {@code matvecInt8} or {@code gatedInt8}; the arguments' inputs are not used. */
  default void int8Product(TaskGraph graph, Entry entry, Arguments a, IntArray xq, FloatArray xd) {
    throw new UnsupportedOperationException("no kernels for rounded inputs");
  }

  /** Says that there are no kernels for rounded inputs. */
  int NO_INT8 = -1;

  /** The kernels that have the same parameters. */
  enum Entry {
    MATVEC,
    GATED,
    MATMUL;

    /** The one of three that this is. */
    <T> T of(T matvec, T gated, T matmul) {
      return switch (this) {
        case MATVEC -> matvec;
        case GATED -> gated;
        case MATMUL -> matmul;
      };
    }
  }

  /** The parameters that do not depend on the format. */
  record Arguments(
      KernelContext c,
      IntArray pass,
      IntArray cursor,
      IntArray route,
      FloatArray x,
      FloatArray bias,
      FloatArray y,
      int slot,
      int perLayer,
      int rows,
      int columns,
      int inStride,
      int outStride,
      int flags,
      int lanes) {}
}
