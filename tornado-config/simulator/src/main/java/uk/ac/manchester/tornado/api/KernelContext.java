package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What a work-item knows and can do: its ids, local memory, barriers, atomics and the exchange
 * within a sub-group of 32 items. A context has a meaning only inside a kernel, where the simulator
 * (as the device compilers do) puts its own in the place of every member; the host only hands it
 * over as the first argument of a task.
 */
public class KernelContext {

  /** The id among all work-items, in x. */
  public final Integer globalIdx = Integer.valueOf(0);

  /** The id among all work-items, in y. */
  public final Integer globalIdy = Integer.valueOf(0);

  /** The id among all work-items, in z. */
  public final Integer globalIdz = Integer.valueOf(0);

  /** The number of the group, in x. */
  public final Integer groupIdx = Integer.valueOf(0);

  /** The number of the group, in y. */
  public final Integer groupIdy = Integer.valueOf(0);

  /** The number of the group, in z. */
  public final Integer groupIdz = Integer.valueOf(0);

  /** The id within the group, in x. */
  public final Integer localIdx = Integer.valueOf(0);

  /** The id within the group, in y. */
  public final Integer localIdy = Integer.valueOf(0);

  /** The id within the group, in z. */
  public final Integer localIdz = Integer.valueOf(0);

  /** The number of all work-items, in x. */
  public final Integer globalGroupSizeX = Integer.valueOf(0);

  /** The number of all work-items, in y. */
  public final Integer globalGroupSizeY = Integer.valueOf(0);

  /** The number of all work-items, in z. */
  public final Integer globalGroupSizeZ = Integer.valueOf(0);

  /** The number of work-items of a group, in x. */
  public final Integer localGroupSizeX = Integer.valueOf(0);

  /** The number of work-items of a group, in y. */
  public final Integer localGroupSizeY = Integer.valueOf(0);

  /** The number of work-items of a group, in z. */
  public final Integer localGroupSizeZ = Integer.valueOf(0);

  /** A context to be handed to tasks. */
  public KernelContext() {}

  /** Waits for all items of the group; orders their accesses to local and global memory. */
  public void localBarrier() {
    org.zonda.tornado.simulator.Interim.barrier();
  }

  /** Waits for all items of the group; orders their accesses to global and local memory. */
  public void globalBarrier() {
    org.zonda.tornado.simulator.Interim.barrier();
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public int[] allocateIntLocalArray(int size) {
    return org.zonda.tornado.simulator.Interim.local(size, int[]::new);
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public byte[] allocateByteLocalArray(int size) {
    return org.zonda.tornado.simulator.Interim.local(size, byte[]::new);
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public HalfFloat[] allocateHalfFloatLocalArray(int size) {
    return org.zonda.tornado.simulator.Interim.local(size, HalfFloat[]::new);
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public long[] allocateLongLocalArray(int size) {
    return org.zonda.tornado.simulator.Interim.local(size, long[]::new);
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public float[] allocateFloatLocalArray(int size) {
    return org.zonda.tornado.simulator.Interim.local(size, float[]::new);
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public double[] allocateDoubleLocalArray(int size) {
    return org.zonda.tornado.simulator.Interim.local(size, double[]::new);
  }

  /** The sum of a value over the sub-group. PTX, CUDA. */
  public float simdSum(float value) {
    throw outside();
  }

  /** The value of the item {@code delta} lanes further in the sub-group. PTX, CUDA. */
  public float simdShuffleDown(float value, int delta) {
    throw outside();
  }

  /** The value of the sub-group's first item. PTX, CUDA. */
  public float simdBroadcastFirst(float value) {
    throw outside();
  }

  /** Adds to an element of device memory, undivided. */
  public void atomicAdd(IntArray array, int index, int value) {
    array.set(index, array.get(index) + value);
  }

  /** Adds to an element of local memory, undivided. */
  public void atomicAdd(int[] array, int index, int value) {
    array[index] += value;
  }

  /** Adds to an element of device memory, undivided. PTX, CUDA. */
  public void atomicAdd(FloatArray array, int index, float value) {
    throw outside();
  }

  /** A lane's part of a 16 x 8 accumulator, filled with a value. PTX, CUDA. */
  public float[] mmaFragment(float value) {
    throw outside();
  }

  /** A lane's part of a 16 x 16 tile of half-precision numbers, two a word. PTX, CUDA. */
  public HalfFloat[] mmaLoadA(int[] tile, int k) {
    throw outside();
  }

  /** As {@link #mmaLoadA(int[], int)}, from a byte offset on. */
  public HalfFloat[] mmaLoadA(int[] tile, int k, int byteOffset) {
    throw outside();
  }

  /** A lane's part of a 16 x 8 tile of half-precision numbers, two a word. PTX, CUDA. */
  public HalfFloat[] mmaLoadB(int[] tile, int k) {
    throw outside();
  }

  /** As {@link #mmaLoadB(int[], int)}, from a byte offset on. */
  public HalfFloat[] mmaLoadB(int[] tile, int k, int byteOffset) {
    throw outside();
  }

  /** The product of two tiles plus the accumulator, by the whole sub-group. PTX, CUDA. */
  public float[] mma(HalfFloat[] a, HalfFloat[] b, float[] c, MMAShape shape) {
    throw outside();
  }

  /** Writes an accumulator to a matrix of {@code columns} columns. PTX, CUDA. */
  public void mmaStore(float[] d, FloatArray c, int row, int column, int columns) {
    throw outside();
  }

  /** A lane's part of a 16 x 8 accumulator of integers. PTX, CUDA. */
  public int[] mmaFragmentInt(int value) {
    throw outside();
  }

  /** A lane's part of a 16 x 32 tile of signed bytes, four a word. PTX, CUDA. */
  public byte[] mmaLoadAInt8(int[] tile, int k) {
    throw outside();
  }

  /** A lane's part of a 32 x 8 tile of signed bytes, four a word. PTX, CUDA. */
  public byte[] mmaLoadBInt8(int[] tile, int k) {
    throw outside();
  }

  /** The product of two tiles plus the accumulator, by the whole sub-group. PTX, CUDA. */
  public int[] mmaInt8(byte[] a, byte[] b, int[] c, MMAShape shape) {
    throw outside();
  }

  /** Writes an accumulator to a matrix of {@code columns} columns. PTX, CUDA. */
  public void mmaStoreInt(int[] d, IntArray c, int row, int column, int columns) {
    throw outside();
  }

  private static IllegalStateException outside() {
    return new IllegalStateException("a KernelContext can be used by a kernel on a device only");
  }
}
