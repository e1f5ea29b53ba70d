package org.zonda.model.gguf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.gguf.MetadataValue.BooleanValue;
import org.zonda.model.gguf.MetadataValue.FloatValue;
import org.zonda.model.gguf.MetadataValue.IntegerValue;
import org.zonda.model.gguf.MetadataValue.StringValue;

/** Collects metadata in memory. A key that is put again keeps its place and takes the new value. */
public final class MetadataBuilder {
  private final SequencedMap<String, MetadataValue> values = new LinkedHashMap<>();

  MetadataBuilder() {}

  /**
   * Puts a value of any type.
   *
   * @param key such as {@code general.architecture}
   * @param value the value
   * @return this
   * @throws IllegalArgumentException if no GGUF file could hold the key or the value
   */
  public MetadataBuilder put(String key, MetadataValue value) {
    Objects.requireNonNull(value, key);
    GgufRules.checkKey(key);
    GgufRules.checkNesting(value, 1);
    values.put(key, value);
    return this;
  }

  /**
   * Puts all entries of other metadata.
   *
   * @param metadata the entries
   * @return this
   */
  public MetadataBuilder putAll(Metadata metadata) {
    metadata.keys().forEach(key -> put(key, metadata.find(key).orElseThrow()));
    return this;
  }

  /**
   * Puts a string.
   *
   * @param key such as {@code general.architecture}
   * @param value the text
   * @return this
   */
  public MetadataBuilder putString(String key, String value) {
    return put(key, new StringValue(value));
  }

  /**
   * Puts a uint32, the type of most sizes in GGUF.
   *
   * @param key such as {@code llama.block_count}
   * @param value from 0 to 2^32 - 1
   * @return this
   */
  public MetadataBuilder putUint32(String key, long value) {
    return put(key, new IntegerValue(MetadataType.UINT32, value));
  }

  /**
   * Puts a float32.
   *
   * @param key such as {@code llama.rope.freq_base}
   * @param value the number
   * @return this
   */
  public MetadataBuilder putFloat32(String key, float value) {
    return put(key, new FloatValue(MetadataType.FLOAT32, value));
  }

  /**
   * Puts a bool.
   *
   * @param key such as {@code tokenizer.ggml.add_bos_token}
   * @param value the value
   * @return this
   */
  public MetadataBuilder putBoolean(String key, boolean value) {
    return put(key, new BooleanValue(value));
  }

  /**
   * Puts an array of strings.
   *
   * @param key such as {@code tokenizer.ggml.tokens}
   * @param values the texts
   * @return this
   */
  public MetadataBuilder putStrings(String key, List<String> values) {
    return put(key, ArrayValue.ofStrings(values));
  }

  /**
   * Puts an array of int32.
   *
   * @param key such as {@code tokenizer.ggml.token_type}
   * @param values the numbers
   * @return this
   */
  public MetadataBuilder putInts(String key, int... values) {
    return put(key, ArrayValue.ofInts(values));
  }

  /**
   * Puts an array of float32.
   *
   * @param key such as {@code tokenizer.ggml.scores}
   * @param values the numbers
   * @return this
   */
  public MetadataBuilder putFloats(String key, float... values) {
    return put(key, ArrayValue.ofFloats(values));
  }

  /**
   * Finishes.
   *
   * @param source what messages about this metadata name first
   * @return immutable metadata with the entries so far
   */
  public Metadata build(String source) {
    return new MapMetadata(source, values);
  }
}
