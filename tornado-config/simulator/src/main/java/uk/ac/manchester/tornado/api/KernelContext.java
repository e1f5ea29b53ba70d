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
  public final Integer globalIdx = 0;

  /** The id among all work-items, in y. */
  public final Integer globalIdy = 0;

  /** The id among all work-items, in z. */
  public final Integer globalIdz = 0;

  /** The number of the group, in x. */
  public final Integer groupIdx = 0;

  /** The number of the group, in y. */
  public final Integer groupIdy = 0;

  /** The number of the group, in z. */
  public final Integer groupIdz = 0;

  /** The id within the group, in x. */
  public final Integer localIdx = 0;

  /** The id within the group, in y. */
  public final Integer localIdy = 0;

  /** The id within the group, in z. */
  public final Integer localIdz = 0;

  /** The number of all work-items, in x. */
  public final Integer globalGroupSizeX = 0;

  /** The number of all work-items, in y. */
  public final Integer globalGroupSizeY = 0;

  /** The number of all work-items, in z. */
  public final Integer globalGroupSizeZ = 0;

  /** The number of work-items of a group, in x. */
  public final Integer localGroupSizeX = 0;

  /** The number of work-items of a group, in y. */
  public final Integer localGroupSizeY = 0;

  /** The number of work-items of a group, in z. */
  public final Integer localGroupSizeZ = 0;

  /** A context to be handed to tasks. */
  public KernelContext() {}

  /** Waits for all items of the group; orders their accesses to local and global memory. */
  public void localBarrier() {
    throw outside();
  }

  /** Waits for all items of the group; orders their accesses to global and local memory. */
  public void globalBarrier() {
    throw outside();
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public int[] allocateIntLocalArray(int size) {
    throw outside();
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public byte[] allocateByteLocalArray(int size) {
    throw outside();
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public HalfFloat[] allocateHalfFloatLocalArray(int size) {
    throw outside();
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public long[] allocateLongLocalArray(int size) {
    throw outside();
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public float[] allocateFloatLocalArray(int size) {
    throw outside();
  }

  /** An array shared by the items of a group; each call in the text is one array. */
  public double[] allocateDoubleLocalArray(int size) {
    throw outside();
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
    throw outside();
  }

  /** Adds to an element of local memory, undivided. */
  public void atomicAdd(int[] array, int index, int value) {
    throw outside();
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
