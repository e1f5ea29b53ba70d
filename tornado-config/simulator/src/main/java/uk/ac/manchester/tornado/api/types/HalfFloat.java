package uk.ac.manchester.tornado.api.types;

/** A number in IEEE 754 half precision. */
public class HalfFloat {
  private final short bits;

  /** The nearest half-precision number. */
  public HalfFloat(float value) {
    this.bits = Float.floatToFloat16(value);
  }

  /** The number of these bits. */
  public HalfFloat(short bits) {
    this.bits = bits;
  }

  /** The sum, rounded once. */
  public static HalfFloat add(HalfFloat a, HalfFloat b) {
    return new HalfFloat(a.getFloat32() + b.getFloat32());
  }

  /** The difference, rounded once. */
  public static HalfFloat sub(HalfFloat a, HalfFloat b) {
    return new HalfFloat(a.getFloat32() - b.getFloat32());
  }

  /** The product, rounded once. */
  public static HalfFloat mult(HalfFloat a, HalfFloat b) {
    return new HalfFloat(a.getFloat32() * b.getFloat32());
  }

  /** The quotient, rounded once. */
  public static HalfFloat div(HalfFloat a, HalfFloat b) {
    return new HalfFloat(a.getFloat32() / b.getFloat32());
  }

  /** The bits. */
  public short getHalfFloatValue() {
    return bits;
  }

  /** The number in single precision; exact. */
  public float getFloat32() {
    return Float.float16ToFloat(bits);
  }

  @Override
  public String toString() {
    return "HalfFloat: " + getFloat32();
  }
}
