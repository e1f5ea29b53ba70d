package org.zonda.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.gguf.MetadataValue.BooleanValue;
import org.zonda.model.gguf.MetadataValue.FloatValue;
import org.zonda.model.gguf.MetadataValue.IntegerValue;
import org.zonda.model.gguf.MetadataValue.StringValue;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tensor.TensorType;

/** What was written is what is read, for any metadata and tensors. */
class GgufRoundTripTest {

  @Property(tries = 400)
  void readsWhatWasWritten(
      @ForAll("metadata") Map<String, MetadataValue> values,
      @ForAll("tensors") Map<String, Tensor> tensors,
      @ForAll("alignment") int alignment) {
    MetadataBuilder builder = Metadata.builder();
    values.forEach(builder::put);
    Metadata metadata = builder.putUint32("general.alignment", alignment).build("written");
    GgufWriter writer = new GgufWriter(metadata);
    tensors.values().forEach(writer::tensor);
    byte[] bytes = writer.toBytes();

    try (GgufFile file = GgufFile.open(MemorySegment.ofArray(bytes), "read")) {
      assertThat(file.version()).isEqualTo(3);
      assertThat(file.metadata().keys()).containsExactlyElementsOf(metadata.keys());
      for (String key : metadata.keys()) {
        MetadataValue read = file.metadata().find(key).orElseThrow();
        MetadataValue written = metadata.find(key).orElseThrow();
        assertThat(read).isEqualTo(written);
        if (read instanceof ArrayValue array) {
          assertThat(array.values()).isEqualTo(((ArrayValue) written).values());
        }
      }
      assertThat(file.tensors()).hasSameSizeAs(tensors.values());
      for (Tensor written : tensors.values()) {
        Tensor read = file.tensor(written.name());
        assertThat(read.type()).isEqualTo(written.type());
        assertThat(read.shape()).isEqualTo(written.shape());
        assertThat(read.data().mismatch(written.data())).isEqualTo(-1);
      }
      assertThat(bytes.length % alignment).isZero();

      GgufWriter again = new GgufWriter(file.metadata());
      file.tensors().forEach(again::tensor);
      assertThat(again.toBytes()).isEqualTo(bytes);
    }
  }

  @Provide
  Arbitrary<Integer> alignment() {
    return Arbitraries.of(8, 16, 32, 64, 4096);
  }

  @Provide
  Arbitrary<Map<String, MetadataValue>> metadata() {
    Arbitrary<String> keys = Arbitraries.strings().withCharRange('!', '~').ofMinLength(1);
    return Arbitraries.maps(keys, value(1)).ofMaxSize(12);
  }

  private static Arbitrary<MetadataValue> value(int depth) {
    return Arbitraries.of(MetadataType.values())
        .filter(type -> type != MetadataType.ARRAY || depth <= GgufRules.MAX_ARRAY_DEPTH)
        .flatMap(type -> ofType(type, depth));
  }

  private static Arbitrary<MetadataValue> ofType(MetadataType type, int depth) {
    return switch (type) {
      case UINT8 -> integers(type, 0, 0xFF);
      case INT8 -> integers(type, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case UINT16 -> integers(type, 0, 0xFFFF);
      case INT16 -> integers(type, Short.MIN_VALUE, Short.MAX_VALUE);
      case UINT32 -> integers(type, 0, 0xFFFF_FFFFL);
      case INT32 -> integers(type, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case UINT64, INT64 -> integers(type, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT32 ->
          Arbitraries.integers().map(bits -> new FloatValue(type, Float.intBitsToFloat(bits)));
      case FLOAT64 ->
          Arbitraries.longs().map(bits -> new FloatValue(type, Double.longBitsToDouble(bits)));
      case BOOL -> Arbitraries.of(true, false).map(BooleanValue::new);
      case STRING -> text().map(StringValue::new);
      case ARRAY ->
          Arbitraries.of(MetadataType.values())
              .filter(type2 -> type2 != MetadataType.ARRAY || depth < GgufRules.MAX_ARRAY_DEPTH)
              .flatMap(
                  elementType ->
                      ofType(elementType, depth + 1)
                          .list()
                          .ofMaxSize(5)
                          .map(elements -> ArrayValue.of(elementType, elements)));
    };
  }

  /** Any text but half surrogate pairs, which UTF-8 cannot hold. */
  private static Arbitrary<String> text() {
    return Arbitraries.strings().all().ofMaxLength(20).map(text -> text.replaceAll("\\p{Cs}", "?"));
  }

  private static Arbitrary<MetadataValue> integers(MetadataType type, long from, long to) {
    return Arbitraries.longs().between(from, to).map(value -> new IntegerValue(type, value));
  }

  @Provide
  Arbitrary<Map<String, Tensor>> tensors() {
    Arbitrary<List<Long>> outer = Arbitraries.longs().between(1, 3).list().ofMaxSize(3);
    return Combinators.combine(
            text().filter(GgufRoundTripTest::isName),
            Arbitraries.of(TensorType.values()),
            Arbitraries.longs().between(1, 3),
            outer,
            Arbitraries.longs())
        .as(GgufRoundTripTest::tensor)
        .list()
        .ofMaxSize(6)
        .map(
            list -> {
              Map<String, Tensor> named = new LinkedHashMap<>();
              list.forEach(tensor -> named.putIfAbsent(tensor.name(), tensor));
              return named;
            });
  }

  private static boolean isName(String text) {
    return !text.isEmpty() && !Text.hasControlCharacter(text);
  }

  private static Tensor tensor(
      String name, TensorType type, long rowBlocks, List<Long> outer, long seed) {
    List<Long> shape = new ArrayList<>(List.of(rowBlocks * type.blockElements()));
    shape.addAll(outer);
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    byte[] data = new byte[(int) type.bytes(elements)];
    new SplittableRandom(seed).nextBytes(data);
    return new Tensor(name, type, shape, MemorySegment.ofArray(data));
  }
}
