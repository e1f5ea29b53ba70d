package org.zonda.model.gguf;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The typed key-value pairs of a model. Getters without a default throw a {@link GgufException}
 * that names the source, the key, the value found and what was expected; getters with a default
 * return it only where the key is absent, and throw likewise for a wrong type. Numbers convert
 * between integer types where the value fits. Immutable and thread-safe.
 */
public interface Metadata {

  /**
   * Starts a set of metadata in memory, for a synthetic model or a writer.
   *
   * @return an empty builder
   */
  static MetadataBuilder builder() {
    return new MetadataBuilder();
  }

  /**
   * All keys in the order of the file.
   *
   * @return an unmodifiable set
   */
  Set<String> keys();

  /**
   * Whether a key is there.
   *
   * @param key such as {@code general.architecture}
   * @return true where it is, whatever its type
   */
  default boolean contains(String key) {
    return keys().contains(key);
  }

  /**
   * A value as it is typed.
   *
   * @param key such as {@code general.architecture}
   * @return the value, or empty where the key is absent
   */
  Optional<MetadataValue> find(String key);

  /**
   * A text that must be there.
   *
   * @param key such as {@code general.architecture}
   * @return the text
   * @throws GgufException if the key is absent or no string
   */
  String getString(String key);

  /**
   * A text that may be there.
   *
   * @param key such as {@code general.name}
   * @return the text, or empty where the key is absent
   * @throws GgufException if the value is no string
   */
  Optional<String> findString(String key);

  /**
   * A whole number that must be there.
   *
   * @param key such as {@code general.parameter_count}
   * @return the number
   * @throws GgufException if the key is absent, no integer, or above {@link Long#MAX_VALUE}
   */
  long getLong(String key);

  /**
   * A whole number that must be there.
   *
   * @param key such as {@code llama.block_count}
   * @return the number
   * @throws GgufException if the key is absent, no integer, or does not fit
   */
  int getInt(String key);

  /**
   * A whole number that may be there.
   *
   * @param key such as {@code llama.attention.head_count_kv}
   * @param absent what to return where the key is absent
   * @return the number
   * @throws GgufException if the value is no integer or does not fit
   */
  int getInt(String key, int absent);

  /**
   * A floating-point number that must be there; 64 bits are rounded to 32.
   *
   * @param key such as {@code llama.attention.layer_norm_rms_epsilon}
   * @return the number
   * @throws GgufException if the key is absent or no floating-point number
   */
  float getFloat(String key);

  /**
   * A floating-point number that may be there; 64 bits are rounded to 32.
   *
   * @param key such as {@code llama.rope.freq_base}
   * @param absent what to return where the key is absent
   * @return the number
   * @throws GgufException if the value is no floating-point number
   */
  float getFloat(String key, float absent);

  /**
   * A truth value that may be there.
   *
   * @param key such as {@code tokenizer.ggml.add_bos_token}
   * @param absent what to return where the key is absent
   * @return the value
   * @throws GgufException if the value is no bool
   */
  boolean getBoolean(String key, boolean absent);

  /**
   * An array of texts that must be there. Decodes on each call.
   *
   * @param key such as {@code tokenizer.ggml.tokens}
   * @return an unmodifiable list
   * @throws GgufException if the key is absent or no array of strings
   */
  List<String> getStrings(String key);

  /**
   * An array of whole numbers of any integer type that must be there. Decodes on each call.
   *
   * @param key such as {@code tokenizer.ggml.token_type}
   * @return a new array
   * @throws GgufException if the key is absent, no array of integers, or an element does not fit
   */
  int[] getInts(String key);

  /**
   * An array of floating-point numbers that must be there; 64 bits are rounded to 32. Decodes on
   * each call.
   *
   * @param key such as {@code tokenizer.ggml.scores}
   * @return a new array
   * @throws GgufException if the key is absent or no array of floating-point numbers
   */
  float[] getFloats(String key);
}
