package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.HalfFloat;

/** An array of half-precision numbers outside the Java heap. */
public final class HalfFloatArray extends TornadoNativeArray {

  /** An array of so many elements, all zero. */
  public HalfFloatArray(int numberOfElements) {
    super(numberOfElements, Short.BYTES);
  }

  private HalfFloatArray(MemorySegment withHeader) {
    super(withHeader, Short.BYTES);
  }

  /** A copy of a Java array. */
  public static HalfFloatArray fromArray(HalfFloat[] values) {
    HalfFloatArray array = new HalfFloatArray(values.length);
    for (int i = 0; i < values.length; i++) {
      array.set(i, values[i]);
    }
    return array;
  }

  /** An array of the given elements. */
  public static HalfFloatArray fromElements(HalfFloat... values) {
    return fromArray(values);
  }

  /** A copy of a segment that holds elements and nothing else. */
  public static HalfFloatArray fromSegment(MemorySegment segment) {
    HalfFloatArray array = new HalfFloatArray(elements(segment.byteSize(), Short.BYTES));
    array.getSegment().copyFrom(segment);
    return array;
  }

  /**
   * A view of a segment that begins with room for the header ({@link #ARRAY_HEADER} bytes), into
   * which the number of elements is written.
   */
  public static HalfFloatArray fromSegmentShallow(MemorySegment segment) {
    return new HalfFloatArray(segment);
  }

  /** Sets all elements of an array to a value. */
  public static void initialize(HalfFloatArray array, HalfFloat value) {
    array.init(value);
  }

  /** A new array of the elements of several, one after another. */
  public static HalfFloatArray concat(HalfFloatArray... arrays) {
    return fromSegment(join(arrays));
  }

  /** A copy in the Java heap. */
  public HalfFloat[] toHeapArray() {
    HalfFloat[] values = new HalfFloat[getSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(i);
    }
    return values;
  }

  /** A copy of the bits in the Java heap. */
  public short[] toShortArray() {
    return getSegment().toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
  }

  /** Writes an element. */
  public void set(int index, HalfFloat value) {
    segment().set(ValueLayout.JAVA_SHORT_UNALIGNED, offset(index), value.getHalfFloatValue());
  }

  /** Reads an element. */
  public HalfFloat get(int index) {
    return new HalfFloat(segment().get(ValueLayout.JAVA_SHORT_UNALIGNED, offset(index)));
  }

  /** Sets all elements to a value. */
  public void init(HalfFloat value) {
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
    return Short.BYTES;
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
  public HalfFloatArray slice(int offset, int length) {
    return fromSegment(part(offset, length));
  }
}
