package org.zonda.tornado.simulator;

import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/**
 * A work-item: what stands in a kernel where its source has the kernel context. The methods are the
 * context's fields and methods; those that have to meet other items take the number of the place in
 * the kernel where they are called.
 */
public final class WorkItem {
  /** Where an item stands between two runs of it. */
  enum State {
    /** It can go on. */
    READY,
    /** It waits for the whole group. */
    BARRIER,
    /** It waits for its sub-group. */
    EXCHANGE,
    /** It has left the kernel. */
    DONE
  }

  /** The exchanges within a sub-group. */
  enum Exchange {
    SUM,
    SHUFFLE_DOWN,
    BROADCAST_FIRST,
    MULTIPLY_HALVES,
    MULTIPLY_BYTES
  }

  private final Launch launch;
  private final int number;
  private final int x;
  private final int y;
  private final int z;

  /** Where it stands, and at which place in the kernel. */
  State state = State.READY;

  int site;

  /** What it brings to an exchange, and then what it gets. */
  Exchange exchange;

  float value;
  int delta;
  HalfFloat[] leftHalves;
  HalfFloat[] rightHalves;
  float[] floats;
  byte[] leftBytes;
  byte[] rightBytes;
  int[] ints;

  WorkItem(Launch launch, int number, int x, int y, int z) {
    this.launch = launch;
    this.number = number;
    this.x = x;
    this.y = y;
    this.z = z;
  }

  /** The number within the group, counted along x first. */
  int number() {
    return number;
  }

  /** As {@code KernelContext.globalIdx}. */
  public Integer globalIdx() {
    return launch.groupX * launch.localX + x;
  }

  /** As {@code KernelContext.globalIdy}. */
  public Integer globalIdy() {
    return launch.groupY * launch.localY + y;
  }

  /** As {@code KernelContext.globalIdz}. */
  public Integer globalIdz() {
    return launch.groupZ * launch.localZ + z;
  }

  /** As {@code KernelContext.groupIdx}. */
  public Integer groupIdx() {
    return launch.groupX;
  }

  /** As {@code KernelContext.groupIdy}. */
  public Integer groupIdy() {
    return launch.groupY;
  }

  /** As {@code KernelContext.groupIdz}. */
  public Integer groupIdz() {
    return launch.groupZ;
  }

  /** As {@code KernelContext.localIdx}. */
  public Integer localIdx() {
    return x;
  }

  /** As {@code KernelContext.localIdy}. */
  public Integer localIdy() {
    return y;
  }

  /** As {@code KernelContext.localIdz}. */
  public Integer localIdz() {
    return z;
  }

  /** As {@code KernelContext.globalGroupSizeX}. */
  public Integer globalGroupSizeX() {
    return launch.groupsX * launch.localX;
  }

  /** As {@code KernelContext.globalGroupSizeY}. */
  public Integer globalGroupSizeY() {
    return launch.groupsY * launch.localY;
  }

  /** As {@code KernelContext.globalGroupSizeZ}. */
  public Integer globalGroupSizeZ() {
    return launch.groupsZ * launch.localZ;
  }

  /** As {@code KernelContext.localGroupSizeX}. */
  public Integer localGroupSizeX() {
    return launch.localX;
  }

  /** As {@code KernelContext.localGroupSizeY}. */
  public Integer localGroupSizeY() {
    return launch.localY;
  }

  /** As {@code KernelContext.localGroupSizeZ}. */
  public Integer localGroupSizeZ() {
    return launch.localZ;
  }

  /** As {@code KernelContext.localBarrier()}. */
  public void localBarrier(int place) {
    pause(State.BARRIER, place);
  }

  /** As {@code KernelContext.globalBarrier()}. */
  public void globalBarrier(int place) {
    pause(State.BARRIER, place);
  }

  /** As {@code KernelContext.simdSum(float)}. */
  public float simdSum(float own, int place) {
    return exchange(Exchange.SUM, own, 0, place);
  }

  /** As {@code KernelContext.simdShuffleDown(float, int)}. */
  public float simdShuffleDown(float own, int lanes, int place) {
    return exchange(Exchange.SHUFFLE_DOWN, own, lanes, place);
  }

  /** As {@code KernelContext.simdBroadcastFirst(float)}. */
  public float simdBroadcastFirst(float own, int place) {
    return exchange(Exchange.BROADCAST_FIRST, own, 0, place);
  }

  private float exchange(Exchange kind, float own, int lanes, int place) {
    exchange = kind;
    value = own;
    delta = lanes;
    pause(State.EXCHANGE, place);
    return value;
  }

  /** As {@code KernelContext.mmaFragment(float)}. */
  public float[] mmaFragment(float fill) {
    return new float[] {fill, fill, fill, fill};
  }

  /** As {@code KernelContext.mmaFragmentInt(int)}. */
  public int[] mmaFragmentInt(int fill) {
    return new int[] {fill, fill, fill, fill};
  }

  /** As {@code KernelContext.mmaLoadA(int[], int)}. */
  public HalfFloat[] mmaLoadA(int[] tile, int k) {
    return mmaLoadA(tile, k, 0);
  }

  /** As {@code KernelContext.mmaLoadA(int[], int, int)}. */
  public HalfFloat[] mmaLoadA(int[] tile, int k, int byteOffset) {
    return TensorCore.halves(TensorCore.left(tile, byteOffset, lane()));
  }

  /** As {@code KernelContext.mmaLoadB(int[], int)}. */
  public HalfFloat[] mmaLoadB(int[] tile, int k) {
    return mmaLoadB(tile, k, 0);
  }

  /** As {@code KernelContext.mmaLoadB(int[], int, int)}. */
  public HalfFloat[] mmaLoadB(int[] tile, int k, int byteOffset) {
    return TensorCore.halves(TensorCore.right(tile, byteOffset, lane()));
  }

  /** As {@code KernelContext.mmaLoadAInt8(int[], int)}. */
  public byte[] mmaLoadAInt8(int[] tile, int k) {
    return TensorCore.bytes(TensorCore.left(tile, 0, lane()));
  }

  /** As {@code KernelContext.mmaLoadBInt8(int[], int)}. */
  public byte[] mmaLoadBInt8(int[] tile, int k) {
    return TensorCore.bytes(TensorCore.right(tile, 0, lane()));
  }

  /** As {@code KernelContext.mma(HalfFloat[], HalfFloat[], float[], MMAShape)}. */
  public float[] mma(HalfFloat[] a, HalfFloat[] b, float[] c, MMAShape shape, int place) {
    checkShape(shape, MMAShape.M16N8K16);
    leftHalves = a;
    rightHalves = b;
    floats = c;
    exchange = Exchange.MULTIPLY_HALVES;
    pause(State.EXCHANGE, place);
    return floats;
  }

  /** As {@code KernelContext.mmaInt8(byte[], byte[], int[], MMAShape)}. */
  public int[] mmaInt8(byte[] a, byte[] b, int[] c, MMAShape shape, int place) {
    checkShape(shape, MMAShape.M16N8K32);
    leftBytes = a;
    rightBytes = b;
    ints = c;
    exchange = Exchange.MULTIPLY_BYTES;
    pause(State.EXCHANGE, place);
    return ints;
  }

  /** As {@code KernelContext.mmaStore(float[], FloatArray, int, int, int)}. */
  public void mmaStore(float[] d, DeviceFloats c, int row, int column, int columns) {
    for (int i = 0; i < d.length; i++) {
      int at = (row + TensorCore.row(lane(), i)) * columns;
      c.set(at + column + TensorCore.column(lane(), i), d[i]);
    }
  }

  /** As {@code KernelContext.mmaStoreInt(int[], IntArray, int, int, int)}. */
  public void mmaStoreInt(int[] d, DeviceInts c, int row, int column, int columns) {
    for (int i = 0; i < d.length; i++) {
      int at = (row + TensorCore.row(lane(), i)) * columns;
      c.set(at + column + TensorCore.column(lane(), i), d[i]);
    }
  }

  /** The lane, which the backends take from the id in x alone. */
  private int lane() {
    if (launch.localX % WorkGroup.LANES != 0) {
      throw launch.fault(
          FaultKind.REFUSED_LAUNCH,
          "groups of "
              + launch.localX
              + " items in x; products of matrices need a multiple of "
              + WorkGroup.LANES);
    }
    return x % WorkGroup.LANES;
  }

  private void checkShape(MMAShape shape, MMAShape needed) {
    if (shape != needed) {
      throw launch.fault(
          FaultKind.LACKING_OPERATION, "a product of the shape " + shape + ", not " + needed);
    }
  }

  private void pause(State reached, int place) {
    state = reached;
    site = place;
    Coroutine.pause();
  }

  /** As {@code KernelContext.allocateIntLocalArray(int)}. */
  public int[] allocateIntLocalArray(int size, int place) {
    return launch.local(place, int[].class, size);
  }

  /** As {@code KernelContext.allocateByteLocalArray(int)}. */
  public byte[] allocateByteLocalArray(int size, int place) {
    return launch.local(place, byte[].class, size);
  }

  /** As {@code KernelContext.allocateHalfFloatLocalArray(int)}. */
  public HalfFloat[] allocateHalfFloatLocalArray(int size, int place) {
    return launch.local(place, HalfFloat[].class, size);
  }

  /** As {@code KernelContext.allocateLongLocalArray(int)}. */
  public long[] allocateLongLocalArray(int size, int place) {
    return launch.local(place, long[].class, size);
  }

  /** As {@code KernelContext.allocateFloatLocalArray(int)}. */
  public float[] allocateFloatLocalArray(int size, int place) {
    return launch.local(place, float[].class, size);
  }

  /** As {@code KernelContext.allocateDoubleLocalArray(int)}. */
  public double[] allocateDoubleLocalArray(int size, int place) {
    return launch.local(place, double[].class, size);
  }

  /** As {@code KernelContext.atomicAdd(IntArray, int, int)}. */
  public void atomicAdd(DeviceInts array, int index, int add) {
    array.atomicAdd(index, add);
  }

  /** As {@code KernelContext.atomicAdd(int[], int, int)}. */
  public void atomicAdd(int[] array, int index, int add) {
    Monitor.atomicAdd(array, index, add);
  }

  /** As {@code KernelContext.atomicAdd(FloatArray, int, float)}. */
  public void atomicAdd(DeviceFloats array, int index, float add) {
    array.atomicAdd(index, add);
  }
}
