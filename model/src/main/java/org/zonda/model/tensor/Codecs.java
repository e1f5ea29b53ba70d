package org.zonda.model.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.zonda.model.UnsupportedModelException;

/** The registry of codecs: adding a format is one class and one line here. */
public final class Codecs {

  private static final List<Codec> ALL =
      List.of(
          new F32Codec(),
          new F16Codec(),
          new BF16Codec(),
          new Q4_0Codec(),
          new Q4_1Codec(),
          new Q5_0Codec(),
          new Q5_1Codec(),
          new Q8_0Codec(),
          new Q2_KCodec(),
          new Q3_KCodec(),
          new Q4_KCodec(),
          new Q5_KCodec(),
          new Q6_KCodec(),
          new IQ4_NLCodec(),
          new IQ4_XSCodec(),
          new MXFP4Codec());

  private static final Codec[] BY_TYPE = new Codec[TensorType.values().length];

  static {
    for (Codec codec : ALL) {
      BY_TYPE[codec.type().ordinal()] = codec;
    }
  }

  private Codecs() {}

  /**
   * All codecs.
   *
   * @return an unmodifiable list
   */
  public static List<Codec> all() {
    return ALL;
  }

  /**
   * Looks a type's codec up.
   *
   * @param type the element type
   * @return its codec, or empty where the type cannot be decoded yet
   */
  public static Optional<Codec> find(TensorType type) {
    return Optional.ofNullable(BY_TYPE[type.ordinal()]);
  }

  /**
   * Returns a type's codec.
   *
   * @param type the element type
   * @param context what error messages name first, such as a file and tensor
   * @return its codec
   * @throws UnsupportedModelException if the type cannot be decoded yet
   */
  public static Codec of(TensorType type, String context) {
    return find(type)
        .orElseThrow(
            () ->
                new UnsupportedModelException(
                    context + ": format " + type + " is not supported; known formats: " + known()));
  }

  /**
   * The supported formats for a message.
   *
   * @return names separated by commas
   */
  public static String known() {
    return Arrays.stream(TensorType.values())
        .filter(type -> find(type).isPresent())
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }
}
