package org.zonda.runtime.tornado;

import java.util.List;
import java.util.stream.Stream;
import org.zonda.model.UnsupportedModelException;
import org.zonda.model.tensor.Codec;

/** What the tests of the device backend iterate over, for the table of models. */
public final class TestedOnDevice {

  private TestedOnDevice() {}

  /** Golden models that {@link DeviceGoldenTest} and {@link DeviceEncoderTest} run. */
  public static List<String> models() {
    return Stream.concat(DeviceGoldenTest.everything(), DeviceEncoderTest.encoders())
        .map(arguments -> arguments.get()[0].toString())
        .distinct()
        .sorted()
        .toList();
  }

  /** Whether devices can multiply a format. */
  public static boolean hasKernel(Codec codec) {
    try {
      DeviceFormat.of(codec.type(), 256, "test");
      return true;
    } catch (UnsupportedModelException e) {
      return false;
    }
  }
}
