package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;

/** An array of single-precision numbers outside the Java heap. */
public final class FloatArray extends TornadoNativeArray {

  /** An array of so many elements, all zero. */
  public FloatArray(int numberOfElements) {
    super(numberOfElements, Float.BYTES);
  }

  private FloatArray(MemorySegment withHeader) {
    super(withHeader, Float.BYTES);
  }

  /** A copy of a Java array. */
  public static FloatArray fromArray(float[] values) {
    return fromSegment(MemorySegment.ofArray(values));
  }

  /** An array of the given elements. */
  public static FloatArray fromElements(float... values) {
    return fromArray(values);
  }

  /** A copy of a segment that holds elements and nothing else. */
  public static FloatArray fromSegment(MemorySegment segment) {
    FloatArray array = new FloatArray(elements(segment.byteSize(), Float.BYTES));
    array.getSegment().copyFrom(segment);
    return array;
  }

  /**
   * A view of a segment that begins with room for the header ({@link #ARRAY_HEADER} bytes), into
   * which the number of elements is written.
   */
  public static FloatArray fromSegmentShallow(MemorySegment segment) {
    return new FloatArray(segment);
  }

  /** Sets all elements of an array to a value. */
  public static void initialize(FloatArray array, float value) {
    array.init(value);
  }

  /** A new array of the elements of several, one after another. */
  public static FloatArray concat(FloatArray... arrays) {
    return fromSegment(join(arrays));
  }

  /** A copy of what remains in a buffer. */
  public static FloatArray fromFloatBuffer(FloatBuffer buffer) {
    FloatArray array = new FloatArray(buffer.remaining());
    array.getSegment().copyFrom(MemorySegment.ofBuffer(buffer));
    return array;
  }

  /** A copy in the Java heap. */
  public float[] toHeapArray() {
    return getSegment().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** Writes an element. */
  public void set(int index, float value) {
    segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset(index), value);
  }

  /** Reads an element. */
  public float get(int index) {
    return segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset(index));
  }

  /** Sets all elements to a value. */
  public void init(float value) {
    for (int i = 0; i < getSize(); i++) {
      set(i, value);
    }
  }

  @Override
  public void clear() {
    getSegment().fill((byte) 0);
  }

  @Override
  public int getElementSize() {
    return Float.BYTES;
  }

  @Override
  public int getSize() {
    return size();
  }

  @Override
  public MemorySegment getSegment() {
    return data();
  }

  @Override
  public MemorySegment getSegmentWithHeader() {
    return segment();
  }

  @Override
  public long getNumBytesOfSegmentWithHeader() {
    return segment().byteSize();
  }

  @Override
  public long getNumBytesOfSegment() {
    return segment().byteSize() - ARRAY_HEADER;
  }

  /** A copy of {@code length} elements from {@code offset} on. */
  public FloatArray slice(int offset, int length) {
    return fromSegment(part(offset, length));
  }
}
