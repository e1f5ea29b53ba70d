package org.zonda.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.gguf.MetadataValue.FloatValue;
import org.zonda.model.gguf.MetadataValue.IntegerValue;

class MetadataTest {
  private static final Metadata METADATA =
      Metadata.builder()
          .putString("string", "llama")
          .putUint32("uint32", 4_000_000_000L)
          .put("uint64", new IntegerValue(MetadataType.UINT64, -1))
          .put("int8", new IntegerValue(MetadataType.INT8, -3))
          .putFloat32("float32", 0.5f)
          .put("float64", new FloatValue(MetadataType.FLOAT64, 0.1))
          .putBoolean("bool", true)
          .putStrings("strings", List.of("a", ""))
          .putInts("ints", 1, -2)
          .putFloats("floats", 1, Float.NaN)
          .put(
              "wide",
              ArrayValue.of(
                  MetadataType.UINT64,
                  List.of(
                      new IntegerValue(MetadataType.UINT64, 5),
                      new IntegerValue(MetadataType.UINT64, 1L << 40))))
          .build("test");

  @Test
  void convertsWhereTheValueFits() {
    assertThat(METADATA.getString("string")).isEqualTo("llama");
    assertThat(METADATA.findString("string")).contains("llama");
    assertThat(METADATA.getLong("uint32")).isEqualTo(4_000_000_000L);
    assertThat(METADATA.getInt("int8")).isEqualTo(-3);
    assertThat(METADATA.getInt("int8", 9)).isEqualTo(-3);
    assertThat(METADATA.getFloat("float32")).isEqualTo(0.5f);
    assertThat(METADATA.getFloat("float64")).isEqualTo(0.1f);
    assertThat(METADATA.getBoolean("bool", false)).isTrue();
    assertThat(METADATA.getStrings("strings")).containsExactly("a", "");
    assertThat(METADATA.getInts("ints")).containsExactly(1, -2);
    assertThat(METADATA.getFloats("floats")).containsExactly(1, Float.NaN);
  }

  @Test
  void fallsBackOnlyWhereTheKeyIsAbsent() {
    assertThat(METADATA.findString("absent")).isEmpty();
    assertThat(METADATA.getInt("absent", 7)).isEqualTo(7);
    assertThat(METADATA.getFloat("absent", 7)).isEqualTo(7);
    assertThat(METADATA.getBoolean("absent", true)).isTrue();
    assertThat(METADATA.contains("absent")).isFalse();
    assertThat(METADATA.contains("bool")).isTrue();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("absent", m -> m.getString("absent"), "is missing, expected a string"),
        fault("absent", m -> m.getLong("absent"), "is missing, expected an integer"),
        fault("absent", m -> m.getInt("absent"), "is missing, expected an integer"),
        fault("absent", m -> m.getFloat("absent"), "is missing, expected a float32"),
        fault("absent", m -> m.getStrings("absent"), "is missing, expected an array of strings"),
        fault("absent", m -> m.getInts("absent"), "is missing, expected an array of integers"),
        fault("absent", m -> m.getFloats("absent"), "is missing, expected an array of float32"),
        fault("int8", m -> m.getString("int8"), "is the int8 -3, expected a string"),
        fault("int8", m -> m.findString("int8"), "is the int8 -3, expected a string"),
        fault("string", m -> m.getInt("string"), "is the string 'llama', expected an integer"),
        fault("string", m -> m.getInt("string", 1), "is the string 'llama', expected an integer"),
        fault("float32", m -> m.getLong("float32"), "is the float32 0.5, expected an integer"),
        fault(
            "uint32",
            m -> m.getInt("uint32"),
            "is the uint32 4000000000, expected -2147483648 to 2147483647"),
        fault(
            "uint64",
            m -> m.getLong("uint64"),
            "is the uint64 18446744073709551615, expected at most 9223372036854775807"),
        fault("int8", m -> m.getFloat("int8"), "is the int8 -3, expected a float32"),
        fault("bool", m -> m.getFloat("bool", 1), "is the bool true, expected a float32"),
        fault("int8", m -> m.getBoolean("int8", true), "is the int8 -3, expected a bool"),
        fault(
            "ints",
            m -> m.getStrings("ints"),
            "is the array int32[2], expected an array of strings"),
        fault("bool", m -> m.getStrings("bool"), "is the bool true, expected an array of strings"),
        fault(
            "strings",
            m -> m.getInts("strings"),
            "is the array string[2], expected an array of integers"),
        fault(
            "wide",
            m -> m.getInts("wide"),
            "element 1 is 1099511627776, expected -2147483648 to 2147483647"),
        fault(
            "ints",
            m -> m.getFloats("ints"),
            "is the array int32[2], expected an array of float32"),
        fault("ints", m -> m.getInt("ints"), "is the array int32[2], expected an integer"));
  }

  private static Arguments fault(String key, Function<Metadata, Object> getter, String message) {
    return arguments(key, getter, message);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void namesSourceKeyFoundAndExpected(
      String key, Function<Metadata, Object> getter, String message) {
    assertThatThrownBy(() -> getter.apply(METADATA))
        .isInstanceOf(GgufException.class)
        .hasMessage("test: metadata '" + key + "' " + message);
  }

  @Test
  void keepsTheOrderAndTheLastValue() {
    Metadata metadata =
        Metadata.builder().putUint32("b", 1).putUint32("a", 2).putString("b", "x").build("test");
    assertThat(metadata.keys()).containsExactly("b", "a");
    assertThat(metadata.getString("b")).isEqualTo("x");
    Metadata copy = Metadata.builder().putAll(metadata).putUint32("c", 3).build("copy");
    assertThat(copy.keys()).containsExactly("b", "a", "c");
    assertThat(metadata.keys()).as("what was built stays").hasSize(2);
    assertThatThrownBy(() -> metadata.keys().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "\u00f1", "a\u007f"})
  void refusesKeysThatNoReaderTakes(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> Metadata.builder().putUint32(key, 1));
  }

  @Test
  void refusesNumbersThatDoNotFitTheirType() {
    assertThatIllegalArgumentException().isThrownBy(() -> Metadata.builder().putUint32("k", -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IntegerValue(MetadataType.UINT8, 256))
        .withMessage("256 is no uint8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IntegerValue(MetadataType.INT16, 40_000));
    assertThatIllegalArgumentException().isThrownBy(() -> new IntegerValue(MetadataType.BOOL, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FloatValue(MetadataType.FLOAT32, 0.1));
    assertThatIllegalArgumentException().isThrownBy(() -> new FloatValue(MetadataType.INT8, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ArrayValue.of(MetadataType.UINT8, List.of(new IntegerValue(MetadataType.INT8, 1))));
  }

  @Test
  void refusesDeepArrays() {
    MetadataValue value = ArrayValue.ofInts(1);
    for (int depth = 2; depth <= 4; depth++) {
      value = ArrayValue.of(MetadataType.ARRAY, List.of(value));
      Metadata.builder().put("k", value);
    }
    MetadataValue tooDeep = ArrayValue.of(MetadataType.ARRAY, List.of(value));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Metadata.builder().put("k", tooDeep))
        .withMessageContaining("4 levels");
  }

  @Test
  void arraysOfOneTypeRefuseToBeAnother() {
    assertThatThrownBy(() -> ArrayValue.ofInts(1).strings())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("an array of int32 holds no strings");
    assertThatThrownBy(() -> ArrayValue.ofInts(1).floats())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ArrayValue.ofFloats(1).longs())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void arraysAreEqualByContent() {
    assertThat(ArrayValue.ofInts(1, 2))
        .isEqualTo(ArrayValue.ofInts(1, 2))
        .hasSameHashCodeAs(ArrayValue.ofInts(1, 2))
        .isNotEqualTo(ArrayValue.ofInts(1, 3))
        .isNotEqualTo(ArrayValue.ofInts(1))
        .isNotEqualTo(ArrayValue.ofFloats(Float.intBitsToFloat(1), Float.intBitsToFloat(2)));
  }
}
