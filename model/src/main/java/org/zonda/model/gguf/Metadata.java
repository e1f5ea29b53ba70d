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

  String getString(String key);

  Optional<String> findString(String key);

  long getLong(String key);

  int getInt(String key);

  int getInt(String key, int absent);

  float getFloat(String key);

  float getFloat(String key, float absent);

  boolean getBoolean(String key, boolean absent);

  List<String> getStrings(String key);

  int[] getInts(String key);

  float[] getFloats(String key);
}
