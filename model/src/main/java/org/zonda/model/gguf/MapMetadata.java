package org.zonda.model.gguf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.gguf.MetadataValue.BooleanValue;
import org.zonda.model.gguf.MetadataValue.FloatValue;
import org.zonda.model.gguf.MetadataValue.IntegerValue;
import org.zonda.model.gguf.MetadataValue.StringValue;

/** Metadata in an ordered map; the only implementation, for files and builders alike. */
final class MapMetadata implements Metadata {
  private final String source;
  private final Map<String, MetadataValue> values;

  /**
   * Takes the entries.
   *
   * @param source what messages name first
   * @param values the entries in order; copied
   */
  MapMetadata(String source, SequencedMap<String, MetadataValue> values) {
    this.source = source;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  @Override
  public Set<String> keys() {
    return values.keySet();
  }

  @Override
  public Optional<MetadataValue> find(String key) {
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public String getString(String key) {
    return asString(key, required(key, "a string"));
  }

  @Override
  public Optional<String> findString(String key) {
    return find(key).map(value -> asString(key, value));
  }

  @Override
  public long getLong(String key) {
    return asLong(key, required(key, "an integer"));
  }

  @Override
  public int getInt(String key) {
    return asInt(key, required(key, "an integer"));
  }

  @Override
  public int getInt(String key, int absent) {
    MetadataValue value = values.get(key);
    return value == null ? absent : asInt(key, value);
  }

  @Override
  public float getFloat(String key) {
    return asFloat(key, required(key, "a float32"));
  }

  @Override
  public float getFloat(String key, float absent) {
    MetadataValue value = values.get(key);
    return value == null ? absent : asFloat(key, value);
  }

  @Override
  public boolean getBoolean(String key, boolean absent) {
    return switch (values.get(key)) {
      case null -> absent;
      case BooleanValue flag -> flag.value();
      case MetadataValue other -> throw wrong(key, other, "a bool");
    };
  }

  @Override
  public List<String> getStrings(String key) {
    String expected = "an array of strings";
    if (required(key, expected) instanceof ArrayValue array
        && array.elementType() == MetadataType.STRING) {
      return array.strings();
    }
    throw wrong(key, values.get(key), expected);
  }

  @Override
  public int[] getInts(String key) {
    String expected = "an array of integers";
    if (!(required(key, expected) instanceof ArrayValue array)
        || !array.elementType().isInteger()) {
      throw wrong(key, values.get(key), expected);
    }
    long[] elements = array.longs();
    int[] ints = new int[elements.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) elements[i];
      if (ints[i] != elements[i]) {
        throw fault(
            key,
            "element %d is %s, expected %d to %d"
                .formatted(
                    i,
                    new IntegerValue(array.elementType(), elements[i]),
                    Integer.MIN_VALUE,
                    Integer.MAX_VALUE));
      }
    }
    return ints;
  }

  @Override
  public float[] getFloats(String key) {
    String expected = "an array of float32";
    if (required(key, expected) instanceof ArrayValue array && array.elementType().isFloat()) {
      return array.floats();
    }
    throw wrong(key, values.get(key), expected);
  }

  private MetadataValue required(String key, String expected) {
    MetadataValue value = values.get(key);
    if (value == null) {
      throw fault(key, "is missing, expected " + expected);
    }
    return value;
  }

  private String asString(String key, MetadataValue value) {
    if (value instanceof StringValue text) {
      return text.value();
    }
    throw wrong(key, value, "a string");
  }

  private long asLong(String key, MetadataValue value) {
    if (!(value instanceof IntegerValue number)) {
      throw wrong(key, value, "an integer");
    }
    if (number.type() == MetadataType.UINT64 && number.value() < 0) {
      throw wrong(key, value, "at most " + Long.MAX_VALUE);
    }
    return number.value();
  }

  private int asInt(String key, MetadataValue value) {
    long number = asLong(key, value);
    if (number != (int) number) {
      throw wrong(key, value, Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
    }
    return (int) number;
  }

  private float asFloat(String key, MetadataValue value) {
    if (value instanceof FloatValue number) {
      return (float) number.value();
    }
    throw wrong(key, value, "a float32");
  }

  private GgufException wrong(String key, MetadataValue found, String expected) {
    String shown = found instanceof StringValue text ? Text.quote(text.value()) : found.toString();
    String type = found instanceof ArrayValue ? "array" : found.type().toString();
    return fault(key, "is the %s %s, expected %s".formatted(type, shown, expected));
  }

  private GgufException fault(String key, String detail) {
    return new GgufException(source + ": metadata '" + key + "' " + detail);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MapMetadata that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return source + values;
  }
}
