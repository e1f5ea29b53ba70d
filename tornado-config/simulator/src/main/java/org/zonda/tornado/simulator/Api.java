package org.zonda.tornado.simulator;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;

/** Which class of the simulator stands for which of the API inside a kernel. */
final class Api {
  private static final String PACKAGE = "uk/ac/manchester/tornado/api/";

  static final String CONTEXT = PACKAGE + "KernelContext";
  static final String HALF_FLOAT = PACKAGE + "types/HalfFloat";
  static final String MATH = PACKAGE + "math/TornadoMath";
  static final String QUANTIZATION = PACKAGE + "utils/QuantizationUtils";
  static final String MMA_SHAPE = PACKAGE + "enums/MMAShape";

  private static final Map<String, Class<?>> DEVICE =
      Map.of(
          CONTEXT,
          WorkItem.class,
          PACKAGE + "types/arrays/FloatArray",
          DeviceFloats.class,
          PACKAGE + "types/arrays/IntArray",
          DeviceInts.class,
          PACKAGE + "types/arrays/HalfFloatArray",
          DeviceHalves.class,
          PACKAGE + "types/arrays/ByteArray",
          DeviceBytes.class,
          PACKAGE + "types/arrays/Int8Array",
          DeviceInt8s.class);

  private Api() {}

  /** Whether a class belongs to the API. */
  static boolean contains(String owner) {
    return owner.startsWith(PACKAGE);
  }

  /** Whether a class is one of the arrays that live in device memory. */
  static boolean isArray(String owner) {
    return !owner.equals(CONTEXT) && DEVICE.containsKey(owner);
  }

  /** The type inside a transformed kernel. */
  static ClassDesc map(ClassDesc type) {
    if (!type.isClassOrInterface()) {
      return type;
    }
    String text = type.descriptorString();
    Class<?> device = DEVICE.get(text.substring(1, text.length() - 1));
    return device == null ? type : device.describeConstable().orElseThrow();
  }

  static MethodTypeDesc map(MethodTypeDesc type) {
    List<ClassDesc> parameters = type.parameterList().stream().map(Api::map).toList();
    return MethodTypeDesc.of(map(type.returnType()), parameters);
  }

  static String internalName(ClassDesc type) {
    String text = type.descriptorString();
    return text.startsWith("L") ? text.substring(1, text.length() - 1) : text;
  }
}
