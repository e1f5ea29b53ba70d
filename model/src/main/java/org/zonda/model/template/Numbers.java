package org.zonda.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Python's numbers: integers without end, here Long where they fit and else BigInteger, floats, and
 * booleans, which are 0 and 1.
 */
final class Numbers {

  private static final int MAX_BITS = 1 << 12;
  private static final String TOO_LONG =
      "this integer has more than %d bits, the most that one may have".formatted(MAX_BITS);
  private static final int FIRST_POSITIVE_EXPONENT = 16;
  private static final int LAST_NEGATIVE_EXPONENT = -5;

  private Numbers() {}

  static boolean isNumber(Object value) {
    return isInteger(value) || value instanceof Double;
  }

  /** Whether it is an integer or a boolean. */
  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof Boolean || value instanceof BigInteger;
  }

  static Object narrow(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw new TemplateException(TOO_LONG);
    }
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  static BigInteger integer(Object value) {
    return switch (value) {
      case Boolean flag -> flag ? BigInteger.ONE : BigInteger.ZERO;
      case BigInteger integer -> integer;
      default -> BigInteger.valueOf((Long) value);
    };
  }

  /** An integer as an int; beyond its range, the nearest. */
  static int clamp(Object value) {
    BigInteger integer = integer(value);
    return integer.bitLength() < Integer.SIZE
        ? integer.intValue()
        : integer.signum() > 0 ? Integer.MAX_VALUE : Integer.MIN_VALUE;
  }

  static double real(Object value) {
    return value instanceof Double number ? number : integer(value).doubleValue();
  }

  /** The order of two numbers; not-a-number is after all. */
  static int compare(Object a, Object b) {
    if (isInteger(a) && isInteger(b)) {
      return integer(a).compareTo(integer(b));
    }
    double x = real(a);
    double y = real(b);
    if (Double.isFinite(x) && Double.isFinite(y)) {
      return exact(a).compareTo(exact(b));
    }
    // Neither equal nor less nor greater: no answer is right, but this one is not equal.
    return Double.isNaN(x) || Double.isNaN(y) ? 1 : Double.compare(x, y);
  }

  private static BigDecimal exact(Object value) {
    return value instanceof Double number ? new BigDecimal(number) : new BigDecimal(integer(value));
  }

  static Object binary(String operator, Object a, Object b) {
    return isInteger(a) && isInteger(b) && !operator.equals("/")
        ? integers(operator, integer(a), integer(b))
        : reals(operator, real(a), real(b));
  }

  private static Object integers(String operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case "+" -> narrow(a.add(b));
      case "-" -> narrow(a.subtract(b));
      case "*" -> narrow(a.multiply(b));
      case "//" -> narrow(floorDivide(operator, a, b)[0]);
      case "%" -> narrow(floorDivide(operator, a, b)[1]);
      default -> power(a, b);
    };
  }

  /** Quotient and remainder; the remainder has the divisor's sign. */
  private static BigInteger[] floorDivide(String operator, BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw zeroDivisor(operator);
    }
    BigInteger[] parts = a.divideAndRemainder(b);
    if (parts[1].signum() != 0 && parts[1].signum() != b.signum()) {
      parts[0] = parts[0].subtract(BigInteger.ONE);
      parts[1] = parts[1].add(b);
    }
    return parts;
  }

  private static TemplateException zeroDivisor(String operator) {
    return new TemplateException(
        "the divisor of %s is 0; any other number works".formatted(operator));
  }

  private static Object power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return reals("**", base.doubleValue(), exponent.doubleValue());
    }
    if (base.bitLength() > 1 || base.signum() < 0 && !base.equals(BigInteger.ONE.negate())) {
      BigInteger bits = exponent.multiply(BigInteger.valueOf(Math.max(1, base.bitLength() - 1)));
      if (bits.compareTo(BigInteger.valueOf(MAX_BITS)) > 0) {
        throw new TemplateException(TOO_LONG);
      }
      return narrow(base.pow(exponent.intValue()));
    }
    // 0, 1 and -1 stay small.
    boolean odd = exponent.testBit(0);
    return exponent.signum() == 0 ? (Object) 1L : narrow(odd ? base : base.abs());
  }

  private static Object reals(String operator, double a, double b) {
    boolean divides = operator.equals("/") || operator.equals("//") || operator.equals("%");
    if (divides && b == 0) {
      throw zeroDivisor(operator);
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> floorDivide(a, b);
      case "%" -> floorModulo(a, b);
      default -> power(a, b);
    };
  }

  private static double power(double base, double exponent) {
    double power = Math.pow(base, exponent);
    boolean finite = Double.isFinite(base) && Double.isFinite(exponent);
    if (finite && !Double.isFinite(power)) {
      String reason =
          base == 0
              ? "divides by 0; an exponent from 0 on works"
              : Double.isNaN(power)
                  ? "is a complex number; a whole exponent works"
                  : "is beyond the largest float";
      throw new TemplateException("%s ** %s %s".formatted(show(base), show(exponent), reason));
    }
    return power;
  }

  /** As Python does it, so that no quotient is lost to rounding. */
  private static double floorDivide(double a, double b) {
    double remainder = a % b;
    double quotient = (a - remainder) / b - (remainder != 0 && remainder < 0 != b < 0 ? 1 : 0);
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double floorModulo(double a, double b) {
    double remainder = a % b;
    return remainder != 0 && remainder < 0 != b < 0
        ? remainder + b
        : remainder == 0 ? Math.copySign(0.0, b) : remainder;
  }

  static Object negate(Object value) {
    return value instanceof Double number ? (Object) (-number) : narrow(integer(value).negate());
  }

  static Object absolute(Object value) {
    return value instanceof Double number
        ? (Object) Math.abs(number)
        : narrow(integer(value).abs());
  }

  /** Rounds to a number of decimal places, the exact value's half to even. */
  static Object round(Object value, int places, RoundingMode mode) {
    if (isInteger(value)) {
      BigDecimal rounded = new BigDecimal(integer(value)).setScale(Math.min(places, 0), mode);
      return narrow(rounded.toBigInteger());
    }
    double number = (Double) value;
    // A double has no more than 1074 decimal places, and no more than 309 before the point.
    boolean unchanged = !Double.isFinite(number) || places > 1100;
    return unchanged
        ? number
        : places < -400 ? 0.0 : new BigDecimal(number).setScale(places, mode).doubleValue();
  }

  /** A number as Python prints it. */
  static String show(Object number) {
    return switch (number) {
      case Double real -> show((double) real);
      case Boolean flag -> flag ? "True" : "False";
      default -> number.toString();
    };
  }

  private static String show(double number) {
    if (!Double.isFinite(number)) {
      return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0.0" : "0.0";
    }
    // The digits are the fewest that tell the number apart from others, in Java as in Python.
    BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    BigDecimal oneDigit = decimal.round(new MathContext(1));
    // Java writes two digits at least, which are more than 5e-324 needs.
    decimal = oneDigit.doubleValue() == number ? oneDigit : decimal;
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent > LAST_NEGATIVE_EXPONENT && exponent < FIRST_POSITIVE_EXPONENT) {
      String plain = decimal.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = decimal.unscaledValue().abs().toString();
    return (number < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
