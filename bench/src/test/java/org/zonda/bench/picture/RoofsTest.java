package org.zonda.bench.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zonda.bench.ComputeSpeed;
import org.zonda.bench.Hardware;
import org.zonda.bench.MachineFigures;
import org.zonda.bench.ReadSpeed;
import org.zonda.bench.picture.Roofline.Roof;

class RoofsTest {

  private static final ReadSpeed READ =
      new ReadSpeed.Measured("a test", Gallery.spread(10e9, 20e9));
  private static final ComputeSpeed NONE = new ComputeSpeed.Unknown("none here");
  private static final MachineFigures ALL =
      new MachineFigures(2, READ, speed(100e9), speed(400e9), speed(900e9));

  private static ComputeSpeed speed(double best) {
    return new ComputeSpeed.Measured("a test", Gallery.spread(0.9 * best, best));
  }

  private static String above(MachineFigures figures, Hardware hardware, String format, int rows) {
    return Roofs.above(Roofs.of(figures), hardware, format, rows).map(Roof::name).orElse("none");
  }

  @Test
  void areWhatWasMeasured() {
    assertThat(Roofs.of(ALL))
        .containsExactly(
            new Roof("f32", 20e9, OptionalDouble.of(100e9)),
            new Roof("int8", 20e9, OptionalDouble.of(400e9)),
            new Roof("bf16", 20e9, OptionalDouble.of(900e9)));
    assertThat(Roofs.of(new MachineFigures(2, READ, speed(100e9), NONE, NONE)))
        .containsExactly(new Roof("f32", 20e9, OptionalDouble.of(100e9)));
    ReadSpeed unknown = new ReadSpeed.Unknown("no memory");
    assertThat(Roofs.of(new MachineFigures(2, unknown, speed(1), speed(1), NONE))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Q8_0, 1, int8", "q4_k, 1, int8", "Q4_K, 31, int8", "Q4_K, 32, bf16", "Q8_0, 512, bf16",
    "BF16, 1, f32", "BF16, 512, bf16", "F16, 512, f32", "F32, 1, f32", "F32, 512, f32"
  })
  void areOfWhatTheProcessorMultipliesAFormatIn(String format, int tokens, String roof) {
    assertThat(above(ALL, Hardware.PROCESSOR, format, tokens)).isEqualTo(roof);
  }

  @Test
  void fallBackToWhatThereIs() {
    MachineFigures bytes = new MachineFigures(2, READ, speed(100e9), speed(400e9), NONE);
    MachineFigures floats = new MachineFigures(2, READ, speed(100e9), NONE, NONE);

    assertThat(above(bytes, Hardware.PROCESSOR, "Q8_0", 512)).isEqualTo("int8");
    assertThat(above(bytes, Hardware.PROCESSOR, "BF16", 512)).isEqualTo("f32");
    assertThat(above(floats, Hardware.PROCESSOR, "Q8_0", 512)).isEqualTo("f32");
    assertThat(above(floats, Hardware.PROCESSOR, "Q8_0", 1)).isEqualTo("f32");
  }

  @Test
  void ofADeviceAreItsOwn() {
    List<Roof> memory = List.of(new Roof("memory", 800e9, OptionalDouble.empty()));

    assertThat(Roofs.above(memory, Hardware.ACCELERATOR, "Q8_0", 512)).contains(memory.getFirst());
    assertThat(Roofs.above(List.of(), Hardware.ACCELERATOR, "Q8_0", 512)).isEmpty();
    assertThat(above(ALL, Hardware.SIMULATOR, "Q8_0", 1)).isEqualTo("none");
    assertThat(above(ALL, Hardware.PROCESSOR_AS_DEVICE, "Q8_0", 512)).isEqualTo("f32");
  }
}
