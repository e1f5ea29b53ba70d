package uk.ac.manchester.tornado.api.math;

/** Elementary functions that a kernel may call; on the host they are those of {@link Math}. */
public class TornadoMath {

  /** All methods are static. */
  public TornadoMath() {}

  /** The smaller value. */
  public static float min(float a, float b) {
    return Math.min(a, b);
  }

  /** The smaller value. */
  public static double min(double a, double b) {
    return Math.min(a, b);
  }

  /** The smaller value. */
  public static long min(long a, long b) {
    return Math.min(a, b);
  }

  /** The smaller value. */
  public static int min(int a, int b) {
    return Math.min(a, b);
  }

  /** The smaller value. */
  public static short min(short a, short b) {
    return (short) Math.min(a, b);
  }

  /** The smaller value. */
  public static byte min(byte a, byte b) {
    return (byte) Math.min(a, b);
  }

  /** The larger value. */
  public static float max(float a, float b) {
    return Math.max(a, b);
  }

  /** The larger value. */
  public static double max(double a, double b) {
    return Math.max(a, b);
  }

  /** The larger value. */
  public static long max(long a, long b) {
    return Math.max(a, b);
  }

  /** The larger value. */
  public static int max(int a, int b) {
    return Math.max(a, b);
  }

  /** The larger value. */
  public static short max(short a, short b) {
    return (short) Math.max(a, b);
  }

  /** The larger value. */
  public static byte max(byte a, byte b) {
    return (byte) Math.max(a, b);
  }

  /** The absolute value. */
  public static float abs(float a) {
    return Math.abs(a);
  }

  /** The absolute value. */
  public static double abs(double a) {
    return Math.abs(a);
  }

  /** The absolute value. */
  public static long abs(long a) {
    return Math.abs(a);
  }

  /** The absolute value. */
  public static int abs(int a) {
    return Math.abs(a);
  }

  /** The absolute value. */
  public static short abs(short a) {
    return (short) Math.abs(a);
  }

  /** The absolute value. */
  public static byte abs(byte a) {
    return (byte) Math.abs(a);
  }

  /** The value, brought into a range. */
  public static long clamp(long value, long min, long max) {
    return Math.min(Math.max(value, min), max);
  }

  /** The value, brought into a range. */
  public static int clamp(int value, int min, int max) {
    return Math.min(Math.max(value, min), max);
  }

  /** The value, brought into a range. */
  public static float clamp(float value, float min, float max) {
    return Math.min(Math.max(value, min), max);
  }

  /** The value, brought into a range. */
  public static double clamp(double value, double min, double max) {
    return Math.min(Math.max(value, min), max);
  }

  /** The value, brought into a range. */
  public static short clamp(short value, short min, short max) {
    return (short) Math.min(Math.max(value, min), max);
  }

  /** The value, brought into a range. */
  public static byte clamp(byte value, byte min, byte max) {
    return (byte) Math.min(Math.max(value, min), max);
  }

  /** e to the power of a value. */
  public static float exp(float a) {
    return (float) Math.exp(a);
  }

  /** e to the power of a value. */
  public static double exp(double a) {
    return Math.exp(a);
  }

  /** The square root. */
  public static float sqrt(float a) {
    return (float) Math.sqrt(a);
  }

  /** The square root. */
  public static double sqrt(double a) {
    return Math.sqrt(a);
  }

  /** The largest whole number not above a value. */
  public static float floor(float a) {
    return (float) Math.floor(a);
  }

  /** The largest whole number not above a value. */
  public static double floor(double a) {
    return Math.floor(a);
  }

  /** The smallest whole number not below a value. */
  public static float ceil(float a) {
    return (float) Math.ceil(a);
  }

  /** The smallest whole number not below a value. */
  public static double ceil(double a) {
    return Math.ceil(a);
  }

  /** The natural logarithm. */
  public static float log(float a) {
    return (float) Math.log(a);
  }

  /** The natural logarithm. */
  public static double log(double a) {
    return Math.log(a);
  }

  /** The arc tangent. */
  public static float atan(float a) {
    return (float) Math.atan(a);
  }

  /** The arc tangent. */
  public static double atan(double a) {
    return Math.atan(a);
  }

  /** The tangent. */
  public static float tan(float a) {
    return (float) Math.tan(a);
  }

  /** The tangent. */
  public static double tan(double a) {
    return Math.tan(a);
  }

  /** The hyperbolic tangent. */
  public static float tanh(float a) {
    return (float) Math.tanh(a);
  }

  /** The hyperbolic tangent. */
  public static double tanh(double a) {
    return Math.tanh(a);
  }

  /** The arc cosine. */
  public static float acos(float a) {
    return (float) Math.acos(a);
  }

  /** The arc cosine. */
  public static double acos(double a) {
    return Math.acos(a);
  }

  /** The arc sine. */
  public static float asin(float a) {
    return (float) Math.asin(a);
  }

  /** The arc sine. */
  public static double asin(double a) {
    return Math.asin(a);
  }

  /** The cosine of an angle in radians. */
  public static float cos(float a) {
    return (float) Math.cos(a);
  }

  /** The cosine of an angle in radians. */
  public static double cos(double a) {
    return Math.cos(a);
  }

  /** The sine of an angle in radians. */
  public static float sin(float a) {
    return (float) Math.sin(a);
  }

  /** The sine of an angle in radians. */
  public static double sin(double a) {
    return Math.sin(a);
  }

  /** The sign: -1, 0 or 1. */
  public static float signum(float a) {
    return Math.signum(a);
  }

  /** The sign: -1, 0 or 1. */
  public static double signum(double a) {
    return Math.signum(a);
  }

  /** Degrees in radians. */
  public static float toRadians(float a) {
    return (float) Math.toRadians(a);
  }

  /** Degrees in radians. */
  public static double toRadians(double a) {
    return Math.toRadians(a);
  }

  /** The part after the point. */
  public static float fract(float a) {
    return a - floor(a);
  }

  /** The logarithm to base two. */
  public static float log2(float a) {
    return (float) (Math.log(a) / Math.log(2));
  }

  /** A value to a power. */
  public static float pow(float a, float b) {
    return (float) Math.pow(a, b);
  }

  /** The angle of the point (b, a). */
  public static float atan2(float a, float b) {
    return (float) Math.atan2(a, b);
  }

  /** The sine of a half-turns. */
  public static float sinpi(float a) {
    return (float) Math.sin(a * Math.PI);
  }

  /** The cosine of a half-turns. */
  public static float cospi(float a) {
    return (float) Math.cos(a * Math.PI);
  }

  /** The inverse hyperbolic cosine. */
  public static float acosh(float a) {
    return (float) Math.log(a + Math.sqrt((double) a * a - 1));
  }

  /** The inverse hyperbolic sine. */
  public static float asinh(float a) {
    return (float) Math.log(a + Math.sqrt((double) a * a + 1));
  }

  /** The part after the point. */
  public static double fract(double a) {
    return a - floor(a);
  }

  /** The logarithm to base two. */
  public static double log2(double a) {
    return (Math.log(a) / Math.log(2));
  }

  /** A value to a power. */
  public static double pow(double a, double b) {
    return Math.pow(a, b);
  }

  /** The angle of the point (b, a). */
  public static double atan2(double a, double b) {
    return Math.atan2(a, b);
  }

  /** The sine of a half-turns. */
  public static double sinpi(double a) {
    return Math.sin(a * Math.PI);
  }

  /** The cosine of a half-turns. */
  public static double cospi(double a) {
    return Math.cos(a * Math.PI);
  }

  /** The inverse hyperbolic cosine. */
  public static double acosh(double a) {
    return Math.log(a + Math.sqrt(a * a - 1));
  }

  /** The inverse hyperbolic sine. */
  public static double asinh(double a) {
    return Math.log(a + Math.sqrt(a * a + 1));
  }

  /** Pi. */
  public static float floatPI() {
    return (float) Math.PI;
  }

  /** Pi. */
  public static double PI() {
    return Math.PI;
  }
}
